CREATE TABLE `web_sites` (
	`domain` text PRIMARY KEY NOT NULL,
	`hsts_seconds` integer,
	`hsts_subdomains` integer NOT NULL,
	`rules` text NOT NULL
);
--> statement-breakpoint
ALTER TABLE `mail_domains` ADD `relay_host` text;--> statement-breakpoint
ALTER TABLE `mail_domains` ADD `relay_port` integer;--> statement-breakpoint
ALTER TABLE `mail_domains` ADD `spam_filter` integer DEFAULT true NOT NULL;--> statement-breakpoint
ALTER TABLE `mail_domains` ADD `junk_score` real;--> statement-breakpoint
ALTER TABLE `mail_domains` ADD `reject_score` real;--> statement-breakpoint
ALTER TABLE `mail_settings` ADD `relay_port` integer;--> statement-breakpoint
ALTER TABLE `mail_settings` ADD `message_size_limit` integer;--> statement-breakpoint
ALTER TABLE `mail_settings` ADD `junk_score` real;--> statement-breakpoint
ALTER TABLE `mail_settings` ADD `reject_score` real;--> statement-breakpoint
ALTER TABLE `mail_settings` ADD `limit_messages` integer;--> statement-breakpoint
ALTER TABLE `mail_settings` ADD `limit_seconds` integer;