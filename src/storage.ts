import { mkdirSync, statSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import type { Random } from './core/random.ts';
import { createSealer, type Sealer } from './core/seal.ts';
import { createSecretKey, readSecretKey } from './core/secret-key.ts';
import { lockData } from './db/data-lock.ts';
import { sentMessages } from './db/sent-messages.ts';
import { directoryStorage } from './db/mail-directory.ts';
import { type Database, openDatabase } from './db/database.ts';
import { type Copies, copiesIn, damageAdvice, startCopies } from './db/copies.ts';
import { isDamage } from './db/damage.ts';
import { createPrivately, folderWarnings, keepPrivate } from './db/private-files.ts';
import {
  problemOf as problemOfFaults,
  type QuickCheck,
  type QuickCheckOptions,
  startQuickCheck,
} from './db/quick-check.ts';
import { NewerSchemaError } from './db/migrate.ts';
import { remakeNodes } from './db/remake-nodes.ts';
import { sealedKeyIn } from './db/restorable.ts';
import { hasSealedKeys } from './db/sealed-keys.ts';
import { openRows } from './db/storage.ts';
import { openZoneFeed } from './db/zone-feed.ts';
import { isFull, isReadOnly, isWritable, storageFull, storageReadOnly } from './db/unwritable.ts';
import type { Name } from './dns/wire/name.ts';
import type { SentStorage } from './mail/sending/store.ts';
import type { DirectoryStorage } from './mail/directory/store.ts';
import { StartError } from './start-error.ts';
import { factRows } from './work/facts.ts';
import type { RowStorage } from './work/rows.ts';
import type { ZoneFeed } from './zones/store.ts';

/** The data folder, opened for this process alone. */
export interface Storage {
  rows: RowStorage;
  /** Begins to read all zones. */
  zoneFeed(): ZoneFeed;
  sealer: Sealer;
  /** What the person should put right while the box runs, each a sentence. */
  warnings: readonly string[];
  /** Why nothing can be changed just now, with what to do; asks the system. */
  problem(): string | undefined;
  /** Begins to check the database in the background, and to copy it every day. */
  startUpkeep(options: QuickCheckOptions): void;
  /** What is wrong with the database, with what to do, as far as it is known. */
  damage(): string | undefined;
  /**
   * Makes what is stored of the versions of all zones anew where the database is damaged there; at most once an hour. Gives the zones
   * that have lost theirs; undefined when nothing was mended.
   */
  remakeNodes(): Promise<readonly Name[] | undefined>;
  /** The sealed private key of this id in the copies of the database, the newest first. */
  keysInCopies(keyId: number): Uint8Array[];
  /** What the mail servers read. */
  mailDirectory: DirectoryStorage;
  /** What mailboxes sent. */
  sent: SentStorage;
  /** The copies of the database; undefined before the upkeep was started, and where nothing can be written. */
  copies(): Copies | undefined;
  close(): Promise<void>;
}

/** Milliseconds between two mendings. */
const HOUR = 3_600_000;

/** Kept sealed in the database: opens with its secret.key and no other. */
export const CHECK = 'secret-key-check';

/**
 * Opens the folder for changes; where nothing can be written (a full disk, a read-only mount), for reading, with a `problem`.
 * @throws StartError
 */
export async function openStorage(data: string, random: Random): Promise<Storage> {
  try {
    makeFolder(resolve(data));
    return await openFolder(data, random);
  } catch (error) {
    if (isDamage(error)) throw damagedAtStart(data, error);
    const problem = diskProblem(error);
    throw problem === undefined ? error : cannotUse(data, problem, error);
  }
}

/** Node's own recursion never ends where a folder's parent is there and takes none, as /proc. */
function makeFolder(path: string): void {
  if (statSync(path, { throwIfNoEntry: false })?.isDirectory()) return;
  const parent = dirname(path);
  if (parent !== path) makeFolder(parent);
  mkdirSync(path, { mode: 0o700 });
}

async function openFolder(data: string, random: Random): Promise<Storage> {
  const [lock, file, secretKey] = [
    join(data, 'lock'),
    join(data, 'signpost.sqlite'),
    join(data, 'secret.key'),
  ];
  if (isWritable(data)) for (const path of [lock, file]) createPrivately(path);
  const warnings = [
    ...folderWarnings(data),
    ...keepPrivate([lock, file, `${file}-wal`, `${file}-shm`, secretKey]),
  ];
  const unlock = lockFolder(data, lock);
  let database: Database | undefined;
  try {
    database = openDatabase(file);
    const rows = openRows(database);
    const sealer = await openSealer(database, rows, secretKey, random);
    const opened = database;
    let check: QuickCheck | undefined;
    let copies: Copies | undefined;
    let upkeep: QuickCheckOptions | undefined;
    let remadeAt: number | undefined;
    const stopping = new AbortController();
    const problem = (): string | undefined => problemOf(opened, file);
    const problemNow = problem();
    return {
      rows,
      zoneFeed: () => openZoneFeed(file),
      sealer,
      warnings: problemNow === undefined ? warnings : [...warnings, problemNow],
      problem,
      startUpkeep(options) {
        upkeep = options;
        check ??= startQuickCheck(file, options);
        // What was opened for reading stays so until the next start.
        if (!opened.refusal) copies ??= startCopies(data, file, options);
      },
      damage: () => problemOfFaults(data, copies?.faults() ?? []) ?? check?.result()?.problem,
      mailDirectory: directoryStorage(join(data, 'mail', 'directory.sqlite'), file),
      sent: sentMessages(join(data, 'sent.sqlite')),
      copies: () => copies,
      keysInCopies: (keyId) => copiesIn(data).flatMap(({ path }) => sealedKeyIn(path, keyId) ?? []),
      remakeNodes: async () => {
        if (!upkeep || opened.refusal) return undefined;
        const { clock, log } = upkeep;
        if (remadeAt !== undefined && clock.now() - remadeAt < HOUR) return undefined;
        remadeAt = clock.now();
        const { lost, faults } = await remakeNodes(opened, file, stopping.signal);
        log.warn(
          { zones: lost.length, faults },
          'the table of the zones as they are served was damaged, and was made anew',
        );
        await check?.stop();
        check = startQuickCheck(file, upkeep);
        copies?.again();
        return lost;
      },
      async close() {
        stopping.abort();
        await Promise.all([check?.stop(), copies?.stop()]);
        await opened.close();
        unlock();
      },
    };
  } catch (error) {
    await database?.close();
    unlock();
    throw error;
  }
}

/** @throws StartError when another process has the folder */
export function lockFolder(data: string, path: string): () => void {
  try {
    const unlock = lockData(path);
    if (unlock) return unlock;
  } catch (error) {
    // Two that only read do each other no harm.
    if (isWritable(data)) throw error;
    return () => undefined;
  }
  throw new StartError(
    'data',
    `Another signpost works on ${data}; stop it, or choose another folder with --data.`,
  );
}

function problemOf({ refusal }: Database, file: string): string | undefined {
  const served = 'Zones are served as they are, but nothing can be changed, and signatures are not renewed.';
  const error = refusal ?? (isReadOnly(file) ? storageReadOnly() : isFull(dirname(file)) && storageFull());
  return error ? `${served} ${error.message}` : undefined;
}

/** What the system says of a folder or file that cannot be used as it is. */
const ofTheDisk: Record<string, string> = {
  EACCES: 'this user may not enter it or write to it',
  EPERM: 'this user may not enter it or write to it',
  EEXIST: 'it is no folder',
  ENOTDIR: 'a part of the path is no folder',
  ENAMETOOLONG: 'the path is too long',
  ELOOP: 'the path leads in a circle',
  ENOENT: 'the path leads nowhere',
  ENOSPC: 'there is no room left on its disk',
  EDQUOT: 'there is no room left for this user on its disk',
  EROFS: 'its file system can only be read',
  EIO: 'its disk cannot be read or written',
  SQLITE_CANTOPEN: 'this user may not read the database in it',
  SQLITE_PERM: 'this user may not read the database in it',
};

/** Why the data folder cannot be used; undefined: that is not what is wrong. */
function diskProblem(error: unknown): string | undefined {
  const { code, message } = error as { code?: unknown; message: string };
  // These have sentences of their own.
  if (error instanceof NewerSchemaError || code === 'storage-full' || code === 'storage-read-only')
    return message;
  return ofTheDisk[String(code)];
}

/** What the person is told of a database that cannot be read. */
export function damagedAtStart(data: string, cause: unknown): StartError {
  const file = join(data, 'signpost.sqlite');
  const { message } = rootOf(cause);
  const sentence = `The database ${file} is damaged (${message}), so the box cannot start: ${damageAdvice(data)}.`;
  return new StartError('data', sentence, { cause });
}

/** SQLite's own words. */
function rootOf(error: unknown): Error {
  return error instanceof Error && error.cause instanceof Error ? rootOf(error.cause) : (error as Error);
}

function cannotUse(data: string, problem: string, cause: unknown): StartError {
  const sentence = problem.replace(/\.$/, '');
  return new StartError(
    'data',
    `The data folder ${resolve(data)} cannot be used: ${sentence}. Put that right, or choose another folder with --data.`,
    { cause },
  );
}

async function openSealer(
  database: Database,
  rows: RowStorage,
  path: string,
  random: Random,
): Promise<Sealer> {
  const check = rows.committed.rows(factRows).fact(CHECK);
  const existing = readSecretKey(path);
  if (!existing && (check ?? hasSealedKeys(database))) {
    throw new StartError(
      'data',
      `${path} is missing, and without it the private keys in the database cannot be read; put it back from your backup.`,
    );
  }
  const sealer = createSealer(existing ?? createSecretKey(path, random), random);
  if (check && !opensCheck(sealer, check))
    throw new StartError(
      'data',
      `${path} is not the key of this database; put back the one that belongs to it.`,
    );
  if (!check) {
    const sealed = sealer.seal(Buffer.from(CHECK), CHECK);
    await rows.transact(
      (state) => state.rows(factRows).putFact(CHECK, sealed),
      () => undefined,
    );
  }
  return sealer;
}

export function opensCheck(sealer: Sealer, sealed: Uint8Array): boolean {
  try {
    sealer.open(sealed, CHECK);
    return true;
  } catch {
    // GCM says only that the key does not fit.
    return false;
  }
}
