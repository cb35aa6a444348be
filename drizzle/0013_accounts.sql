CREATE TABLE `account_domains` (
	`account` text NOT NULL,
	`domain` text NOT NULL,
	PRIMARY KEY(`account`, `domain`)
);
--> statement-breakpoint
CREATE INDEX `account_domains_domain` ON `account_domains` (`domain`);--> statement-breakpoint
CREATE TABLE `accounts` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`name_key` text NOT NULL,
	`display_name` text,
	`role` text NOT NULL,
	`password` text,
	`language` text,
	`disabled` integer NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `accounts_name_key_unique` ON `accounts` (`name_key`);--> statement-breakpoint
CREATE INDEX `accounts_role` ON `accounts` (`role`,`disabled`);--> statement-breakpoint
CREATE TABLE `one_time_passwords` (
	`account` text PRIMARY KEY NOT NULL,
	`secret` blob NOT NULL,
	`last_step` integer NOT NULL,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `passkeys` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`name` text NOT NULL,
	`public_key` blob NOT NULL,
	`counter` integer NOT NULL,
	`transports` text NOT NULL,
	`host` text NOT NULL,
	`synced` integer NOT NULL,
	`created_at` text NOT NULL,
	`last_used_at` text
);
--> statement-breakpoint
CREATE INDEX `passkeys_account` ON `passkeys` (`account`,`created_at`);--> statement-breakpoint
CREATE TABLE `password_links` (
	`hash` blob PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`expires_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `password_links_account` ON `password_links` (`account`);--> statement-breakpoint
CREATE INDEX `password_links_expires` ON `password_links` (`expires_at`);--> statement-breakpoint
CREATE TABLE `recovery_codes` (
	`account` text NOT NULL,
	`hash` blob NOT NULL,
	PRIMARY KEY(`account`, `hash`)
);
--> statement-breakpoint
CREATE TABLE `sessions` (
	`id` text PRIMARY KEY NOT NULL,
	`account` text NOT NULL,
	`hash` blob NOT NULL,
	`stamp` text NOT NULL,
	`method` text NOT NULL,
	`started_at` integer NOT NULL,
	`seen_at` integer NOT NULL,
	`confirmed_at` integer NOT NULL,
	`address` text,
	`agent` text
);
--> statement-breakpoint
CREATE INDEX `sessions_account` ON `sessions` (`account`,`started_at`);--> statement-breakpoint
CREATE INDEX `sessions_seen` ON `sessions` (`seen_at`);--> statement-breakpoint
CREATE INDEX `sessions_started` ON `sessions` (`started_at`);--> statement-breakpoint
ALTER TABLE `tokens` ADD `addresses` text;