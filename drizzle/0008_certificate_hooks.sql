CREATE TABLE `certificate_hooks` (
	`certificate_id` text PRIMARY KEY NOT NULL,
	`version` text NOT NULL,
	`done` text NOT NULL,
	`failures` integer NOT NULL,
	`due_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `certificate_hooks_due` ON `certificate_hooks` (`due_at`);