import { existsSync } from 'node:fs';
import { open as openFile } from 'node:fs/promises';
import { setImmediate } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import type { AppError } from '../core/errors.ts';
import { Mutex } from '../core/mutex.ts';
import { createCheckpoints } from './checkpoints.ts';
import { type BetterSQLite3Database, drizzle } from './drizzle.ts';
import { isMigrated, migrateDatabase } from './migrate.ts';
import { openCopy } from './open-copy.ts';
import { explained, isReadOnly, storageFullAtStart, storageReadOnly } from './unwritable.ts';

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
   * @throws AppError storage-full, storage-read-only
   */
  write<T>(action: (writer: Connection) => Promise<T> | T, committed?: (result: T) => void): Promise<T>;
  /** Runs `action` while nothing writes through this: it may write to the file by other means. @throws AppError as `write` does */
  alone<T>(action: () => Promise<T>): Promise<T>;
  /** What every write is refused with until the next start; undefined when the database can be written to. */
  refusal: AppError | undefined;
  /** Waits for the running transaction, then closes both connections. */
  close(): Promise<void>;
}

/**
 * Opens (or makes) the database and brings its schema up to date. One that cannot be written to is opened for reading.
 * @throws Error with a sentence for the person when the schema is newer than this program.
 * @throws AppError storage-full, storage-read-only when there is a new schema, or no database yet, and it cannot be written
 */
export function openDatabase(path: string): Database {
  if (isReadOnly(path)) return readable(readFrom(path), storageReadOnly());
  const opened = openWriter(path);
  return 'writer' in opened ? writable(path, opened.writer) : readable(opened.reader, storageFullAtStart());
}

/** A connection that writes, or, when there is no room for the index of its journal, one that only reads. */
function openWriter(path: string): { writer: Connection } | { reader: BetterSqlite3.Database } {
  const sqlite = open(path);
  try {
    const writer = connect(sqlite);
    writer.sqlite.pragma(`cache_size = ${-CACHE}`);
    // The journal mode is a property of the file; a reader that is opened first would not find it.
    writer.sqlite.pragma('journal_mode = WAL');
    migrateDatabase(writer);
    return { writer };
  } catch (error) {
    sqlite.close();
    if ((error as { code?: unknown }).code !== 'SQLITE_IOERR_SHMSIZE') throw explained(error, path);
    const reader = open(path);
    // Whoever is alone keeps the index in memory.
    reader.pragma('locking_mode = EXCLUSIVE');
    return { reader };
  }
}

function writable(path: string, writer: Connection): Database {
  // Not a writer that has sworn not to write: see `close`.
  const reader = connect(open(path, { readonly: true }));
  const mutex = new Mutex();
  const checkpoints = createCheckpoints(writer.sqlite, path);
  const rowsWritten = writer.sqlite.prepare<[], number>('SELECT total_changes()').pluck();
  return {
    reader,
    refusal: undefined,
    write: <T>(action: (writer: Connection) => Promise<T> | T, committed?: (result: T) => void) =>
      mutex.run(async () => {
        const before = rowsWritten.get()!;
        const isLarge = (): boolean => rowsWritten.get()! - before > MANY_ROWS;
        const flushing = async (connection: Connection): Promise<T> => {
          const result = await action(connection);
          if (isLarge()) await flushJournal(path);
          return result;
        };
        const result = await transact(writer, flushing).catch((error: unknown) => {
          throw explained(error, path);
        });
        committed?.(result);
        checkpoints.committed();
        // Its commit was long enough for one turn: whoever asked for it goes on in another.
        if (isLarge()) await setImmediate();
        return result;
      }),
    alone: (action) => mutex.run(action),
    close: () =>
      mutex.run(async () => {
        await checkpoints.stop();
        emptyJournal(writer);
        writer.sqlite.close();
        // Last: it cannot remove the journal and its index, which a start on a full disk or in a read-only folder has no room to make.
        reader.sqlite.close();
      }),
  };
}

function readable(sqlite: BetterSqlite3.Database, refusal: AppError): Database {
  try {
    sqlite.pragma('query_only = ON');
    const reader = connect(sqlite);
    if (!isMigrated(reader)) throw refusal;
    return {
      reader,
      refusal,
      write: () => Promise.reject(refusal),
      alone: () => Promise.reject(refusal),
      close: () => Promise.resolve(void sqlite.close()),
    };
  } catch (error) {
    sqlite.close();
    throw error;
  }
}

/** Where SQLite can read the database in its place; else a copy of it: without its index a journal cannot be read. */
function readFrom(path: string): BetterSqlite3.Database {
  if (!existsSync(path)) throw storageReadOnly();
  const sqlite = open(path, { readonly: true });
  try {
    sqlite.prepare('SELECT 1 FROM sqlite_master').get();
    return sqlite;
  } catch {
    sqlite.close();
    return openCopy(path);
  }
}

function open(path: string, options: { readonly?: boolean } = {}): BetterSqlite3.Database {
  return new BetterSqlite3(path, { timeout: 5000, ...options });
}

function connect(sqlite: BetterSqlite3.Database): Connection {
  // FULL: an acknowledged change has reached the disk, not only the operating system.
  sqlite.pragma('synchronous = FULL');
  sqlite.pragma('foreign_keys = ON');
  return { sqlite, orm: drizzle(sqlite) };
}

/**
 * KiB of pages that a change may keep in memory, a quarter of what is usual: what is beyond goes into the journal while the change is made,
 * where nobody sees it yet. A commit then writes this much at most, some ten milliseconds, and nobody waits for 16 MiB.
 */
const CACHE = 4096;

/** Rows of one change from which on most of its pages are in the journal before it is committed. */
const MANY_ROWS = 2000;

/** What a large change has written goes to the disk while everything else has its turn: its commit then has little left to wait for. */
async function flushJournal(path: string): Promise<void> {
  try {
    const journal = await openFile(`${path}-wal`);
    await journal.datasync().finally(() => journal.close());
  } catch {
    // The commit says what is wrong.
  }
}

/** So that the database is whole without its journal. */
function emptyJournal({ sqlite }: Connection): void {
  try {
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
  } catch {
    // What has found no room stays in the journal, and is read from there.
  }
}

async function transact<T>(writer: Connection, action: (writer: Connection) => Promise<T> | T): Promise<T> {
  writer.sqlite.exec('BEGIN IMMEDIATE');
  try {
    const result = await action(writer);
    writer.sqlite.exec('COMMIT');
    return result;
  } catch (error) {
    // SQLite may have rolled back by itself.
    if (writer.sqlite.inTransaction) writer.sqlite.exec('ROLLBACK');
    throw error;
  }
}
