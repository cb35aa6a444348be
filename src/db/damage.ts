import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '../core/errors.ts';

/** Whether an error says that the file is no whole database: SQLite's own, drizzle's word for it, or ours. */
export function isDamage(error: unknown): boolean {
  if (error instanceof BetterSqlite3.SqliteError) return isDamageCode(error.code);
  if (error instanceof AppError && error.code === 'storage-damaged') return true;
  return error instanceof Error && isDamage(error.cause);
}

function isDamageCode(code: string): boolean {
  return code.startsWith('SQLITE_CORRUPT') || code === 'SQLITE_NOTADB';
}

export function storageDamaged(cause: unknown): AppError {
  return new AppError(
    'storage-damaged',
    'The database of the box is damaged, so nothing was changed; GET /api/v1/health with a token says what to do.',
    { cause },
  );
}

/** How many faults are named: one is enough to know. */
const MAX_FAULTS = 3;

/** What is wrong with a database, each in a line; reads all of it. */
export function faultsOf(sqlite: BetterSqlite3.Database): string[] {
  try {
    const rows = sqlite.pragma(`quick_check(${MAX_FAULTS})`) as { quick_check: string }[];
    const lines = rows.map((row) => row.quick_check.replace(/\s+/g, ' '));
    return lines.filter((line) => line !== 'ok');
  } catch (error) {
    if (!isDamage(error)) throw error;
    return [(error as Error).message];
  }
}
