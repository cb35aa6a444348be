CREATE TABLE `catalog_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`serial` integer NOT NULL,
	`op` text NOT NULL,
	`zone_id` integer NOT NULL,
	`name` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `catalog_changes_serial` ON `catalog_changes` (`serial`);--> statement-breakpoint
ALTER TABLE `secondaries` ADD `catalog` integer DEFAULT false NOT NULL;--> statement-breakpoint
ALTER TABLE `tsig_keys` ADD `update` text DEFAULT '[]' NOT NULL;