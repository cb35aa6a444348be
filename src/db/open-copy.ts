import { copyFileSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';

/**
 * Opens a copy of a database that SQLite cannot read in its place, among the system's temporary files. Nobody else sees the copy, and it
 * goes with the connection, however that ends.
 * @throws Error with a sentence for the person when there is no room for it
 */
export function openCopy(path: string): BetterSqlite3.Database {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-'));
  try {
    const copy = join(folder, 'copy.sqlite');
    copyFileSync(path, copy);
    if (existsSync(`${path}-wal`)) copyFileSync(`${path}-wal`, `${copy}-wal`);
    return openAlone(copy);
  } catch (error) {
    throw new Error(
      `The data folder can only be read, and ${tmpdir()} has no room for a copy of its database (${(error as Error).message}); make the folder writable, or make room.`,
      { cause: error },
    );
  } finally {
    // An open file outlives its name.
    rmSync(folder, { recursive: true, force: true });
  }
}

function openAlone(copy: string): BetterSqlite3.Database {
  const sqlite = new BetterSqlite3(copy);
  try {
    sqlite.pragma('locking_mode = EXCLUSIVE');
    // Takes the journal in; no other file is opened from here on.
    sqlite.pragma('journal_mode = DELETE');
    sqlite.prepare('SELECT 1 FROM sqlite_master').get();
    return sqlite;
  } catch (error) {
    sqlite.close();
    throw error;
  }
}
