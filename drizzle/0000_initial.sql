CREATE TABLE `audit` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`at` text NOT NULL,
	`actor_kind` text NOT NULL,
	`actor_id` text NOT NULL,
	`actor_name` text NOT NULL,
	`actor_address` text,
	`action` text NOT NULL,
	`target` text NOT NULL,
	`detail` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `audit_target` ON `audit` (`target`,`id`);--> statement-breakpoint
CREATE INDEX `audit_action` ON `audit` (`action`,`id`);--> statement-breakpoint
CREATE TABLE `idempotency` (
	`key` text PRIMARY KEY NOT NULL,
	`fingerprint` text NOT NULL,
	`status` integer NOT NULL,
	`body` text NOT NULL,
	`finished_at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `idempotency_finished_at` ON `idempotency` (`finished_at`);--> statement-breakpoint
CREATE TABLE `tokens` (
	`id` text PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`hash` blob NOT NULL,
	`scopes` text NOT NULL,
	`created_at` text NOT NULL,
	`last_used_at` text,
	`expires_at` text
);
--> statement-breakpoint
CREATE TABLE `acme_accounts` (
	`directory` text PRIMARY KEY NOT NULL,
	`url` text,
	`caa_identities` text NOT NULL,
	`named` integer NOT NULL,
	`sealed_key` blob NOT NULL,
	`sealed_next_key` blob
);
--> statement-breakpoint
CREATE TABLE `acme_challenges` (
	`owner_key` blob NOT NULL,
	`owner` text NOT NULL,
	`value` text NOT NULL,
	`certificate_id` text NOT NULL,
	PRIMARY KEY(`owner_key`, `value`, `certificate_id`)
);
--> statement-breakpoint
CREATE TABLE `acme_uses` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`kind` text NOT NULL,
	`subject` text NOT NULL,
	`at` integer NOT NULL
);
--> statement-breakpoint
CREATE INDEX `acme_uses_at` ON `acme_uses` (`at`);--> statement-breakpoint
CREATE TABLE `certificate_attempts` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`certificate_id` text NOT NULL,
	`started_at` text NOT NULL,
	`ended_at` text,
	`step` text NOT NULL,
	`problem` text,
	`detail` text
);
--> statement-breakpoint
CREATE UNIQUE INDEX `certificate_attempts_start` ON `certificate_attempts` (`certificate_id`,`started_at`);--> statement-breakpoint
CREATE TABLE `certificates` (
	`seq` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`id` text NOT NULL,
	`names` text NOT NULL,
	`name_set` text NOT NULL,
	`purpose` text NOT NULL,
	`domain` text,
	`key_algorithm` text NOT NULL,
	`rank` integer NOT NULL,
	`current` text,
	`sealed_key` blob,
	`next` text,
	`sealed_next_key` blob,
	`pending` text,
	`requested` text,
	`sealed_requested_key` blob,
	`retiring` text NOT NULL,
	`failures` integer NOT NULL,
	`scheduled_at` integer,
	`scheduled_why` text,
	`suggestion` text,
	`wake_at` integer,
	`created_at` integer NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `certificates_id_unique` ON `certificates` (`id`);--> statement-breakpoint
CREATE UNIQUE INDEX `certificates_name_set_unique` ON `certificates` (`name_set`);--> statement-breakpoint
CREATE INDEX `certificates_wake_at` ON `certificates` (`wake_at`);--> statement-breakpoint
CREATE INDEX `certificates_pending` ON `certificates` (`seq`) WHERE "certificates"."pending" is not null;--> statement-breakpoint
CREATE TABLE `dkim_keys` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`domain` text NOT NULL,
	`selector` text NOT NULL,
	`algorithm` text NOT NULL,
	`public_key` text NOT NULL,
	`sealed_private_key` blob NOT NULL,
	`state` text NOT NULL,
	`created_at` text NOT NULL,
	`state_since` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `dkim_keys_algorithm_state` ON `dkim_keys` (`algorithm`,`state`);--> statement-breakpoint
CREATE UNIQUE INDEX `dkim_keys_domain_selector` ON `dkim_keys` (`domain`,`selector`);--> statement-breakpoint
CREATE TABLE `dkim_pool` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`public_key` text NOT NULL,
	`sealed_private_key` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `registrar_checks` (
	`zone` text PRIMARY KEY NOT NULL,
	`found` text NOT NULL,
	`checked_at` integer NOT NULL
);
--> statement-breakpoint
CREATE TABLE `box` (
	`id` integer PRIMARY KEY NOT NULL,
	`hostname` text NOT NULL,
	`ipv4` text NOT NULL,
	`ipv6` text NOT NULL,
	`admin_email` text,
	`ttl` integer NOT NULL,
	`secondaries` text NOT NULL,
	`caa_issuer` text
);
--> statement-breakpoint
CREATE TABLE `custom_record_changes` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`zone_id` integer NOT NULL,
	`op` text NOT NULL,
	`record_id` text NOT NULL,
	`owner` text NOT NULL,
	`type` integer NOT NULL,
	`ttl` integer,
	`value` text NOT NULL,
	FOREIGN KEY (`zone_id`) REFERENCES `zones`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `custom_record_changes_zone` ON `custom_record_changes` (`zone_id`,`id`);--> statement-breakpoint
CREATE TABLE `custom_records` (
	`id` text PRIMARY KEY NOT NULL,
	`owner_key` blob NOT NULL,
	`owner` text NOT NULL,
	`type` integer NOT NULL,
	`ttl` integer,
	`value` text NOT NULL
);
--> statement-breakpoint
CREATE INDEX `custom_records_owner` ON `custom_records` (`owner_key`,`type`);--> statement-breakpoint
CREATE TABLE `domains` (
	`key` blob PRIMARY KEY NOT NULL,
	`name` text NOT NULL,
	`dns` text NOT NULL,
	`mail` integer NOT NULL,
	`web` integer NOT NULL,
	`ttl` integer,
	`created_at` text NOT NULL
);
--> statement-breakpoint
CREATE TABLE `meta` (
	`key` text PRIMARY KEY NOT NULL,
	`value` blob NOT NULL
);
--> statement-breakpoint
CREATE TABLE `zone_keys` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`zone_id` integer NOT NULL,
	`key_tag` integer NOT NULL,
	`algorithm` integer NOT NULL,
	`flags` integer NOT NULL,
	`role` text NOT NULL,
	`state` text NOT NULL,
	`dnskey` blob NOT NULL,
	`private_key` blob NOT NULL,
	`created_at` text NOT NULL,
	FOREIGN KEY (`zone_id`) REFERENCES `zones`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `zone_keys_zone` ON `zone_keys` (`zone_id`);--> statement-breakpoint
CREATE TABLE `zone_nodes` (
	`zone_id` integer NOT NULL,
	`kind` integer NOT NULL,
	`key` blob NOT NULL,
	`node` blob NOT NULL,
	PRIMARY KEY(`zone_id`, `kind`, `key`),
	FOREIGN KEY (`zone_id`) REFERENCES `zones`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE TABLE `zone_versions` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`zone_id` integer NOT NULL,
	`serial` integer NOT NULL,
	`published_at` text NOT NULL,
	`cause` text NOT NULL,
	`actor` text NOT NULL,
	`added` integer NOT NULL,
	`removed` integer NOT NULL,
	`change_id` integer NOT NULL,
	`diff` blob NOT NULL,
	`dnssec_diff` blob,
	FOREIGN KEY (`zone_id`) REFERENCES `zones`(`id`) ON UPDATE no action ON DELETE no action
);
--> statement-breakpoint
CREATE INDEX `zone_versions_zone` ON `zone_versions` (`zone_id`,`id`);--> statement-breakpoint
CREATE TABLE `zones` (
	`id` integer PRIMARY KEY AUTOINCREMENT NOT NULL,
	`key` blob NOT NULL,
	`name` text NOT NULL,
	`active` integer NOT NULL,
	`ttl` integer,
	`denial` text NOT NULL,
	`serial` integer,
	`records` integer DEFAULT 0 NOT NULL,
	`resign_at` integer,
	`dirty` integer DEFAULT false NOT NULL
);
--> statement-breakpoint
CREATE UNIQUE INDEX `zones_key_unique` ON `zones` (`key`);--> statement-breakpoint
CREATE INDEX `zones_resign` ON `zones` (`active`,`resign_at`);--> statement-breakpoint
CREATE INDEX `zones_dirty` ON `zones` (`dirty`);