import { fileURLToPath } from 'node:url';
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
