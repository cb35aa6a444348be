import { constants, setPriority } from 'node:os';
import BetterSqlite3 from 'better-sqlite3';

/** How many faults are named: one is enough to know. */
const MAX_FAULTS = 3;

/** Checks the database that its argument names, and prints what is wrong with it, one fault a line; nothing when it is whole. */
setPriority(constants.priority.PRIORITY_LOW);
const sqlite = new BetterSqlite3(process.argv[2], { readonly: true, timeout: 5000 });
for (const fault of faults()) process.stdout.write(`${fault.replace(/\s+/g, ' ')}\n`);

function faults(): string[] {
  try {
    const rows = sqlite.pragma(`quick_check(${MAX_FAULTS})`) as { quick_check: string }[];
    return rows.map((row) => row.quick_check).filter((line) => line !== 'ok');
  } catch (error) {
    if (!(error instanceof BetterSqlite3.SqliteError) || !isDamage(error.code)) throw error;
    return [error.message];
  }
}

function isDamage(code: string): boolean {
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}
