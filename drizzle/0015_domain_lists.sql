ALTER TABLE `domains` ADD `parent` text DEFAULT 'unknown' NOT NULL;--> statement-breakpoint
UPDATE `domains` SET `parent` = 'external' WHERE `dns` = 'external';--> statement-breakpoint
UPDATE `domains` SET `parent` = 'not-delegated' WHERE `dns` = 'local' AND `name` IN (SELECT `zone` FROM `registrar_checks` WHERE `found` ->> '$.kind' = 'not-delegated');--> statement-breakpoint
CREATE INDEX `domains_by_name` ON `domains` (`parent`,`mail`,`key`);--> statement-breakpoint
CREATE INDEX `domains_by_time` ON `domains` (`parent`,`mail`,`created_at`,`key`);
