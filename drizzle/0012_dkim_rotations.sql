CREATE TABLE `dkim_rotations` (
	`domain` text PRIMARY KEY NOT NULL,
	`rolls_from` integer,
	`wake_at` integer,
	`sign_at` integer,
	`change` integer,
	`failures` integer DEFAULT 0 NOT NULL,
	`problem` text,
	`trouble_at` integer
);
--> statement-breakpoint
CREATE INDEX `dkim_rotations_rolls` ON `dkim_rotations` (`rolls_from`);--> statement-breakpoint
CREATE INDEX `dkim_rotations_wakes` ON `dkim_rotations` (`wake_at`) WHERE "dkim_rotations"."wake_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX `dkim_rotations_troubled` ON `dkim_rotations` (`trouble_at`) WHERE "dkim_rotations"."trouble_at" IS NOT NULL;--> statement-breakpoint
-- Keys that are there already are replaced in their turn: 45 days are a quarter of the schedule that a box has at first.
INSERT INTO `dkim_rotations` (`domain`, `rolls_from`)
SELECT `domain`, max(CAST(strftime('%s', `state_since`) AS INTEGER)) * 1000 - abs(random() % 3888000000)
FROM `dkim_keys` WHERE `state` = 'active' AND `domain` IN (
	SELECT lower(`name`) FROM `domains` WHERE `mail` AND `dns` = 'local'
) GROUP BY `domain`;
