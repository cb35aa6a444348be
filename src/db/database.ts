import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '../core/errors.ts';
import { type BetterSQLite3Database, drizzle } from 'drizzle-orm/better-sqlite3';
import { Mutex } from '../core/mutex.ts';
import { migrateDatabase } from './migrate.ts';

/** One SQLite connection: `orm` for queries, `sqlite` for the few hot statements. */
export interface Connection {
  sqlite: BetterSqlite3.Database;
  orm: BetterSQLite3Database;
}

export interface Database {
  /** Sees only what is committed. */
  reader: Connection;
  /**
   * Runs `action` inside one transaction on the only connection that writes: all of it is committed, or, when it throws, nothing.
   * Writers queue; do not call it from inside itself. `committed` runs right after the commit, before the next writer starts.
   * @throws AppError storage-full
   */
  write<T>(action: (writer: Connection) => Promise<T> | T, committed?: (result: T) => void): Promise<T>;
  /** Waits for the running transaction, then closes both connections. */
  close(): Promise<void>;
}

/**
 * Opens (or makes) the database and brings its schema up to date.
 * @throws Error with a sentence for the person when the schema is newer than this program.
 */
export function openDatabase(path: string): Database {
  const writer = connect(path);
  // The journal mode is a property of the file; a reader that is opened first would not find it.
  writer.sqlite.pragma('journal_mode = WAL');
  migrateDatabase(writer);
  const reader = connect(path);
  reader.sqlite.pragma('query_only = ON');
  const mutex = new Mutex();
  return {
    reader,
    write: (action, committed) => mutex.run(() => transact(writer, action, committed)),
    close: () =>
      mutex.run(() => {
        reader.sqlite.close();
        writer.sqlite.close();
      }),
  };
}

function connect(path: string): Connection {
  const sqlite = new BetterSqlite3(path, { timeout: 5000 });
  // FULL: an acknowledged change has reached the disk, not only the operating system.
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  return { sqlite, orm: drizzle(sqlite) };
}

async function transact<T>(
  writer: Connection,
  action: (writer: Connection) => Promise<T> | T,
  committed: ((result: T) => void) | undefined,
): Promise<T> {
  writer.sqlite.exec('BEGIN IMMEDIATE');
  let result: T;
  try {
    result = await action(writer);
    writer.sqlite.exec('COMMIT');
  } catch (error) {
    // SQLite may have rolled back by itself.
    if (writer.sqlite.inTransaction) writer.sqlite.exec('ROLLBACK');
    throw isFull(error) ? storageFull(error) : error;
  }
  committed?.(result);
  return result;
}

/** Of a statement, or of drizzle's word for it. */
function isFull(error: unknown): boolean {
  if (error instanceof BetterSqlite3.SqliteError) return error.code === 'SQLITE_FULL';
  return error instanceof Error && isFull(error.cause);
}

function storageFull(cause: unknown): AppError {
  return new AppError(
    'storage-full',
    'There is no room left on the disk of the box, so nothing was changed; make room, and try again.',
    { cause },
  );
}
