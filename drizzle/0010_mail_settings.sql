CREATE TABLE `dkim_changes` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`domain` text NOT NULL,
	`mark` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `mail_settings` (
	`id` integer PRIMARY KEY NOT NULL,
	`relay_host` text,
	`relay_user` text,
	`relay_password` blob,
	`greylisting` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `dkim_keys_state` ON `dkim_keys` (`state`,`state_since`);