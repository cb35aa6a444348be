CREATE TABLE `zone_serials` (
	`key` blob PRIMARY KEY NOT NULL,
	`serial` integer NOT NULL
);
--> statement-breakpoint
DROP INDEX `zones_generation`;--> statement-breakpoint
ALTER TABLE `zones` ADD `expires_at` integer;--> statement-breakpoint
ALTER TABLE `zones` ADD `removed_at` text;--> statement-breakpoint
ALTER TABLE `zones` ADD `purging` integer DEFAULT false NOT NULL;--> statement-breakpoint
CREATE INDEX `zones_expires` ON `zones` (`expires_at`) WHERE "zones"."active" = 1;--> statement-breakpoint
CREATE INDEX `zones_removed` ON `zones` (`removed_at`) WHERE "zones"."removed_at" is not null;--> statement-breakpoint
CREATE INDEX `zones_purging` ON `zones` (`id`) WHERE "zones"."purging" = 1;--> statement-breakpoint
CREATE INDEX `zones_generation` ON `zones` (`generation`,`key`) WHERE "zones"."active" = 1;--> statement-breakpoint
ALTER TABLE `box` ADD `retention` text;--> statement-breakpoint
ALTER TABLE `custom_records` ADD `target_key` blob DEFAULT x'';--> statement-breakpoint
CREATE INDEX `custom_records_target` ON `custom_records` (`target_key`,`owner_key`) WHERE "custom_records"."target_key" is not null;--> statement-breakpoint
CREATE INDEX `audit_at` ON `audit` (`at`);--> statement-breakpoint
CREATE INDEX `custom_record_changes_zone` ON `custom_record_changes` (`zone_id`,`id`);--> statement-breakpoint
-- Signatures are renewed when five days are left: none expires sooner after that.
UPDATE `zones` SET `expires_at` = `resign_at` + 432000;--> statement-breakpoint
UPDATE `zones` SET `removed_at` = strftime('%Y-%m-%dT%H:%M:%fZ', 'now') WHERE `active` = 0;
