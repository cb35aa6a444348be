import BetterSqlite3 from 'better-sqlite3';

/** SQLite's way to say that somebody else holds the lock. */
const BUSY = 'SQLITE_BUSY';

/**
 * Takes the folder for this process: no two may work on one. The lock is the operating system's on a file of SQLite, so it
 * ends with the process however that ends.
 * @returns the function that lets go; undefined when another process has the folder
 */
export function lockData(path: string): (() => void) | undefined {
  const lock = new BetterSqlite3(path, { timeout: 0 });
  try {
    lock.pragma('locking_mode = EXCLUSIVE');
    // Nothing is ever written: a journal would only be one more file, which needs room.
    lock.pragma('journal_mode = MEMORY');
    lock.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    lock.close();
    if ((error as { code?: string }).code === BUSY) return undefined;
    throw error;
  }
  return () => lock.close();
}
