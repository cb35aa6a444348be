CREATE TABLE `acme_places` (
	`domain` text NOT NULL,
	`certificate_id` text NOT NULL,
	PRIMARY KEY(`domain`, `certificate_id`)
);
--> statement-breakpoint
CREATE INDEX `acme_places_certificate` ON `acme_places` (`certificate_id`);--> statement-breakpoint
CREATE TABLE `acme_use_counts` (
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`count` integer NOT NULL,
	PRIMARY KEY(`kind`, `subject`)
);
--> statement-breakpoint
CREATE INDEX `acme_use_counts_most` ON `acme_use_counts` (`kind`,`count`);--> statement-breakpoint
DROP INDEX `acme_uses_at`;--> statement-breakpoint
CREATE INDEX `acme_uses_subject` ON `acme_uses` (`kind`,`subject`,`at`);--> statement-breakpoint
CREATE INDEX `acme_uses_old` ON `acme_uses` (`kind`,`at`);--> statement-breakpoint
ALTER TABLE `certificates` ADD `order_at` integer GENERATED ALWAYS AS (CASE WHEN "pending" IS NULL OR json_extract("pending", '$.kind') = 'creating' THEN "scheduled_at" END) VIRTUAL;--> statement-breakpoint
CREATE INDEX `certificates_order` ON `certificates` (`rank`,`order_at`);--> statement-breakpoint
CREATE INDEX `certificates_tried` ON `certificates` (`seq`) WHERE "certificates"."failures" > 0 or "certificates"."pending" is not null;--> statement-breakpoint
CREATE INDEX `audit_actor_id` ON `audit` (`actor_id`,`id`);--> statement-breakpoint
CREATE INDEX `audit_actor_name` ON `audit` (`actor_name`,`id`);--> statement-breakpoint
CREATE INDEX `audit_actor_kind` ON `audit` (`actor_kind`,`id`);