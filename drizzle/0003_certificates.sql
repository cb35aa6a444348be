DROP INDEX `certificates_wake_at`;--> statement-breakpoint
DROP INDEX `certificates_pending`;--> statement-breakpoint
ALTER TABLE `certificates` ADD `not_before` integer GENERATED ALWAYS AS (json_extract("current", '$.notBefore')) VIRTUAL;--> statement-breakpoint
ALTER TABLE `certificates` ADD `not_after` integer GENERATED ALWAYS AS (json_extract("current", '$.notAfter')) VIRTUAL;--> statement-breakpoint
ALTER TABLE `certificates` ADD `pending_kind` text GENERATED ALWAYS AS (json_extract("pending", '$.kind')) VIRTUAL;--> statement-breakpoint
ALTER TABLE `certificates` ADD `state` text GENERATED ALWAYS AS (CASE
          WHEN json_extract("current", '$.revokedAt') IS NOT NULL THEN 'revoked'
          WHEN "pending" IS NULL OR ("failures" > 0 AND json_extract("pending", '$.kind') <> 'issued') THEN
            CASE WHEN "current" IS NOT NULL THEN 'valid' WHEN "failures" > 0 THEN 'failed' ELSE 'self-signed' END
          ELSE CASE WHEN "current" IS NULL THEN 'ordering' ELSE 'renewing' END END) VIRTUAL;--> statement-breakpoint
CREATE INDEX `certificates_turn` ON `certificates` (`rank`,`wake_at`);--> statement-breakpoint
CREATE INDEX `certificates_state` ON `certificates` (`state`,`not_after`);--> statement-breakpoint
CREATE INDEX `certificates_not_before` ON `certificates` (`not_before`);--> statement-breakpoint
CREATE INDEX `certificates_not_after` ON `certificates` (`not_after`);--> statement-breakpoint
CREATE INDEX `certificates_pending` ON `certificates` (`pending_kind`) WHERE "certificates"."pending" is not null;--> statement-breakpoint
CREATE INDEX `certificate_attempts_open` ON `certificate_attempts` (`id`) WHERE "certificate_attempts"."ended_at" is null;