CREATE TABLE `certificate_names` (
	`name` text NOT NULL,
	`certificate_id` text NOT NULL,
	PRIMARY KEY(`name`, `certificate_id`)
);
--> statement-breakpoint
CREATE INDEX `certificate_names_certificate` ON `certificate_names` (`certificate_id`);--> statement-breakpoint
CREATE TABLE `dkim_waiting` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`domain` text NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `dkim_waiting_domain_unique` ON `dkim_waiting` (`domain`);--> statement-breakpoint
CREATE TABLE `job_failures` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`job_id` text NOT NULL,
	`name` text NOT NULL,
	`code` text NOT NULL,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `job_failures_job` ON `job_failures` (`job_id`,`id`);--> statement-breakpoint
CREATE TABLE `job_items` (
	`job_id` text NOT NULL,
	`sequence` integer NOT NULL,
	`item` text NOT NULL,
	PRIMARY KEY(`job_id`, `sequence`)
);
--> statement-breakpoint
CREATE TABLE `jobs` (
	`sequence` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`kind` text NOT NULL,
	`state` text NOT NULL,
	`done` integer NOT NULL,
	`total` integer NOT NULL,
	`failed_count` integer NOT NULL,
	`created_at` text NOT NULL,
	`finished_at` text,
	`actor` text NOT NULL,
	`detail` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `jobs_id_unique` ON `jobs` (`id`);--> statement-breakpoint
CREATE INDEX `jobs_running` ON `jobs` (`sequence`) WHERE "jobs"."state" = 'running';--> statement-breakpoint
CREATE INDEX `jobs_finished` ON `jobs` (`finished_at`);--> statement-breakpoint
DROP INDEX `dkim_keys_algorithm_state`;--> statement-breakpoint
DROP INDEX `custom_record_changes_zone`;--> statement-breakpoint
ALTER TABLE `custom_record_changes` ADD `owner_key` blob DEFAULT x'' NOT NULL;--> statement-breakpoint
CREATE INDEX `custom_record_changes_owner` ON `custom_record_changes` (`owner_key`,`id`);--> statement-breakpoint
DROP INDEX `zones_dirty`;--> statement-breakpoint
DROP INDEX `zones_resign`;--> statement-breakpoint
ALTER TABLE `zones` ADD `generation` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `zones_active` ON `zones` (`key`) WHERE "zones"."active" = 1;--> statement-breakpoint
CREATE INDEX `zones_generation` ON `zones` (`generation`) WHERE "zones"."active" = 1;--> statement-breakpoint
CREATE INDEX `zones_resign` ON `zones` (`resign_at`) WHERE "zones"."active" = 1;--> statement-breakpoint
ALTER TABLE `zones` DROP COLUMN `dirty`;--> statement-breakpoint
ALTER TABLE `box` ADD `generation` integer DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX `acme_challenges_certificate` ON `acme_challenges` (`certificate_id`);--> statement-breakpoint
CREATE INDEX `certificates_domain` ON `certificates` (`domain`);--> statement-breakpoint
CREATE INDEX `certificates_box` ON `certificates` (`purpose`) WHERE "certificates"."purpose" = 'box';--> statement-breakpoint
CREATE INDEX `certificates_requested` ON `certificates` (`seq`) WHERE "certificates"."requested" is not null;--> statement-breakpoint
CREATE INDEX `domains_dns` ON `domains` (`dns`);--> statement-breakpoint
CREATE INDEX `zone_versions_serial` ON `zone_versions` (`zone_id`,`serial`);--> statement-breakpoint
INSERT INTO `certificate_names` (`name`, `certificate_id`)
SELECT DISTINCT each.value, certificates.id FROM certificates, json_each(
  json_array(json(certificates.names), json(coalesce(json_extract(certificates.current, '$.names'), '[]')), json(coalesce(json_extract(certificates.next, '$.names'), '[]')))
) AS sets, json_each(sets.value) AS each;--> statement-breakpoint
INSERT INTO `dkim_waiting` (`domain`)
SELECT domain FROM dkim_keys GROUP BY domain HAVING sum(algorithm = 'rsa') = 0;
--> statement-breakpoint
-- Nodes are stored in another form now: the next start makes them anew from the model, and signs.
DELETE FROM `zone_nodes`;
