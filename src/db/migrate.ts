import { fileURLToPath } from 'node:url';
import { registeredDomains } from '../certs/order/limits.ts';
import { Name } from '../dns/wire/name.ts';
import { hostOf } from '../zones/custom/targets.ts';
import type { Connection } from './database.ts';
import { migrate, readMigrationFiles } from './drizzle.ts';

const migrationsFolder = fileURLToPath(new URL('../../drizzle', import.meta.url));

/** The database has the schema of a later version of the program. */
export class NewerSchemaError extends Error {
  override readonly name = 'NewerSchemaError';

  constructor() {
    super(
      'The database was written by a newer version of signpost; start that version, or restore a backup that this one made.',
    );
  }
}

/**
 * Applies the migrations that are missing, each once; writes nothing when none is.
 * @throws NewerSchemaError when a later version of the program has already changed the schema.
 */
export function migrateDatabase(writer: Connection): void {
  if (!isMigrated(writer)) migrate(writer.orm, { migrationsFolder });
  fillOwnerKeys(writer);
  fillTargetKeys(writer);
  countUses(writer);
}

/**
 * Whether the schema is that of this program.
 * @throws NewerSchemaError when it is that of a later version.
 */
export function isMigrated(connection: Connection): boolean {
  const newest = Math.max(
    ...readMigrationFiles({ migrationsFolder }).map(({ folderMillis }) => folderMillis),
  );
  const last = lastApplied(connection);
  if (last !== undefined && last > newest) {
    throw new NewerSchemaError();
  }
  return last === newest;
}

/** SQL cannot make the sort keys that rows from before have none of. */
function fillOwnerKeys({ sqlite }: Connection): void {
  const rows = sqlite
    .prepare<[], { id: number; owner: string }>(
      "SELECT id, owner FROM custom_record_changes WHERE owner_key = x''",
    )
    .all();
  if (rows.length === 0) return;
  const put = sqlite.prepare('UPDATE custom_record_changes SET owner_key = ? WHERE id = ?');
  sqlite.transaction(() => {
    for (const { id, owner } of rows) put.run(Buffer.from(Name.parse(owner).sortKey), id);
  })();
}

/** Nor can it read what records lead to. */
function fillTargetKeys({ sqlite }: Connection): void {
  const rows = sqlite
    .prepare<[], { id: string; type: number; value: string }>(
      "SELECT id, type, value FROM custom_records WHERE target_key = x''",
    )
    .all();
  if (rows.length === 0) return;
  const put = sqlite.prepare('UPDATE custom_records SET target_key = ? WHERE id = ?');
  sqlite.transaction(() => {
    for (const { id, ...record } of rows) {
      const host = hostOf(record);
      put.run(host ? Buffer.from(host.sortKey) : null, id);
    }
  })();
}

/** Uses of the CA's limits were kept by what happened once, and not counted. */
function countUses({ sqlite }: Connection): void {
  const isFilled = (table: string): boolean =>
    sqlite.prepare(`SELECT 1 FROM ${table} LIMIT 1`).get() !== undefined;
  if (isFilled('acme_use_counts') || !isFilled('acme_uses')) return;
  const issued = sqlite
    .prepare<[], { subject: string; at: number }>(
      "SELECT subject, at FROM acme_uses WHERE kind = 'certificate'",
    )
    .all();
  const add = sqlite.prepare(
    "INSERT INTO acme_uses (kind, subject, at) VALUES ('registeredDomain', @domain, @at)",
  );
  sqlite.transaction(() => {
    for (const { subject, at } of issued)
      for (const domain of registeredDomains(subject.split(' '))) add.run({ domain, at });
    sqlite.exec(`
      UPDATE acme_uses SET kind = 'orders', subject = '' WHERE kind = 'order';
      UPDATE acme_uses SET kind = 'sameNames' WHERE kind IN ('certificate', 'renewal');
      UPDATE acme_uses SET kind = 'failures' WHERE kind = 'failure';
      INSERT INTO acme_use_counts SELECT kind, subject, count(*) FROM acme_uses GROUP BY kind, subject;
    `);
  })();
}

/** When the newest migration in the database was generated, in milliseconds: the order that drizzle goes by. */
function lastApplied({ sqlite }: Connection): number | undefined {
  const table = sqlite
    .prepare("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = '__drizzle_migrations'")
    .get();
  if (!table) return undefined;
  const row = sqlite.prepare('SELECT max(created_at) AS last FROM __drizzle_migrations').get() as {
    last: number | null;
  };
  return row.last ?? undefined;
}
