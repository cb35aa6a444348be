CREATE TABLE `secondaries` (
	`name` text PRIMARY KEY NOT NULL,
	`addresses` text NOT NULL,
	`port` integer NOT NULL,
	`tsig_key` text,
	`publish` integer NOT NULL,
	`created_at` text NOT NULL,
	FOREIGN KEY (`tsig_key`) REFERENCES `tsig_keys`(`name`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `tsig_keys` (
	`name` text PRIMARY KEY NOT NULL,
	`algorithm` text NOT NULL,
	`sealed_secret` blob NOT NULL,
	`transfer` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
INSERT OR IGNORE INTO `secondaries` (`name`, `addresses`, `port`, `publish`, `created_at`)
SELECT lower(`value`), '[]', 53, 1, strftime('%Y-%m-%dT%H:%M:%SZ', 'now') FROM `box`, json_each(`box`.`secondaries`);
