CREATE TABLE `secondary_zone_contents` (
	`name` text PRIMARY KEY NOT NULL,
	`content` blob NOT NULL,
	FOREIGN KEY (`name`) REFERENCES `secondary_zones`(`name`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `secondary_zones` (
	`name` text PRIMARY KEY NOT NULL,
	`primaries` text NOT NULL,
	`soa` blob,
	`records` integer,
	`transferred_at` integer,
	`checked_at` integer,
	`primary` text,
	`created_at` text NOT NULL
);
