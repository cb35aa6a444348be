import { closeSync, fsyncSync, openSync } from 'node:fs';
import { constants, setPriority } from 'node:os';
import BetterSqlite3 from 'better-sqlite3';
import { faultsOf } from './damage.ts';

/**
 * Copies the database of its first argument to the file of its second, and prints what is wrong with the copy, one fault a line; nothing when it
 * is whole.
 */
setPriority(constants.priority.PRIORITY_LOW);
process.umask(0o077);
const [, , from, to] = process.argv;
try {
  await copy(from!, to!);
  for (const fault of check(to!)) process.stdout.write(`${fault}\n`);
} catch (error) {
  process.stderr.write((error as Error).message);
  process.exitCode = 1;
}

/** All of one committed state: a copy that followed the changes made meanwhile would begin again with each of them. */
async function copy(source: string, target: string): Promise<void> {
  const sqlite = new BetterSqlite3(source, { readonly: true, timeout: 5000 });
  sqlite.exec('BEGIN');
  sqlite.prepare('SELECT 1 FROM sqlite_master').get();
  await sqlite.backup(target);
  sqlite.close();
}

function check(target: string): string[] {
  const sqlite = new BetterSqlite3(target);
  try {
    // One file, which needs no other beside it to be read.
    sqlite.pragma('journal_mode = DELETE');
    return faultsOf(sqlite);
  } finally {
    sqlite.close();
    const file = openSync(target, 'r');
    fsyncSync(file);
    closeSync(file);
  }
}
