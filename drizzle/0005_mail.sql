CREATE TABLE `app_passwords` (
	`id` text PRIMARY KEY NOT NULL,
	`address` text NOT NULL,
	`name` text NOT NULL,
	`digest` text NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `app_passwords_address` ON `app_passwords` (`address`);--> statement-breakpoint
CREATE TABLE `directory_changes` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mail_aliases` (
	`address` text PRIMARY KEY NOT NULL,
	`domain` text NOT NULL,
	`senders` text,
	`enabled` integer NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `mail_aliases_domain` ON `mail_aliases` (`domain`,`address`);--> statement-breakpoint
CREATE TABLE `mail_domains` (
	`domain` text PRIMARY KEY NOT NULL,
	`limit_messages` integer,
	`limit_seconds` integer
);
--> statement-breakpoint
CREATE TABLE `mail_targets` (
	`source` text NOT NULL,
	`target` text NOT NULL,
	`position` integer NOT NULL,
	PRIMARY KEY(`source`, `target`)
);
--> statement-breakpoint
CREATE INDEX `mail_targets_target` ON `mail_targets` (`target`);--> statement-breakpoint
CREATE TABLE `mailboxes` (
	`address` text PRIMARY KEY NOT NULL,
	`domain` text NOT NULL,
	`display_name` text NOT NULL,
	`password` text,
	`password_changed_at` text,
	`quota` integer NOT NULL,
	`enabled` integer NOT NULL,
	`keep_copy` integer NOT NULL,
	`limit_messages` integer,
	`limit_seconds` integer,
	`state` text NOT NULL,
	`created_at` text NOT NULL,
	`retired_at` text
);
--> statement-breakpoint
CREATE INDEX `mailboxes_state_domain` ON `mailboxes` (`state`,`domain`,`address`);