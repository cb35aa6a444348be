ALTER TABLE `mail_domains` ADD `total_messages` integer;--> statement-breakpoint
ALTER TABLE `mail_domains` ADD `total_seconds` integer;--> statement-breakpoint
ALTER TABLE `mail_settings` ADD `total_messages` integer;--> statement-breakpoint
ALTER TABLE `mail_settings` ADD `total_seconds` integer;