import { accessSync, constants, existsSync, statfsSync } from 'node:fs';
import { dirname } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { AppError } from '../core/errors.ts';
import { isDamage, storageDamaged } from './damage.ts';

/** Octets of room below which a change may not fit any more: a change of a large zone takes this much. */
const LEAST_ROOM = 1 << 20;

/** Whether this process may not write to `database` or to the folder, where its journal is: for their rights, or a read-only mount. */
export function isReadOnly(database: string): boolean {
  return (existsSync(database) && !isWritable(database)) || !isWritable(dirname(database));
}

export function isWritable(path: string): boolean {
  try {
    accessSync(path, constants.W_OK);
    return true;
  } catch {
    return false;
  }
}

/** Whether the disk that holds `folder` has next to no room. */
export function isFull(folder: string): boolean {
  const { bavail, bfree, bsize } = statfsSync(folder);
  // What is kept back for root is room to root.
  return (process.getuid?.() === 0 ? bfree : bavail) * bsize < LEAST_ROOM;
}

/** What a person is told when `error`, thrown by a write to `database`, is the disk's doing; any other error as it is. */
export function explained(error: unknown, database: string): unknown {
  const code = codeOf(error);
  // The index of the journal grows by a call of its own, for which SQLite does not say why it failed.
  if (code === 'SQLITE_FULL' || code === 'SQLITE_IOERR_SHMSIZE') return storageFull(error);
  if (code?.startsWith('SQLITE_READONLY')) return storageReadOnly(error);
  if (isDamage(error)) return storageDamaged(error);
  // A mount that became read-only under an open file: Linux does so after errors of the disk.
  return code?.startsWith('SQLITE_IOERR') && isReadOnly(database) ? storageReadOnly(error) : error;
}

/** Of a statement, or of drizzle's word for it. */
function codeOf(error: unknown): string | undefined {
  if (error instanceof BetterSqlite3.SqliteError) return error.code;
  return error instanceof Error ? codeOf(error.cause) : undefined;
}

export function storageFull(cause?: unknown): AppError {
  return new AppError(
    'storage-full',
    'There is no room left on the disk of the box, so nothing was changed; make room, and try again.',
    { cause },
  );
}

/** Of a database that was opened without the room it needs: that is tried again with the next start only. */
export function storageFullAtStart(cause?: unknown): AppError {
  return new AppError(
    'storage-full',
    'There was no room on the disk of the box when it started, so nothing can be changed; make room, and restart the box.',
    { cause },
  );
}

export function storageReadOnly(cause?: unknown): AppError {
  return new AppError(
    'storage-read-only',
    'The data folder of the box can only be read, so nothing was changed; make the folder and its files writable to the box (look at the mount and the owner), and restart the box.',
    { cause },
  );
}
