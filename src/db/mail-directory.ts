import {
  chmodSync,
  chownSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { Worker } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { programBeside } from '../core/program.ts';
import { letReadersIn } from '../core/readers-folder.ts';
import type { DirectoryRows } from '../mail/directory/derive.ts';
import type { DirectoryFile, DirectoryStorage } from '../mail/directory/store.ts';
import { isDamage } from './damage.ts';

/** Marks the file as ours (`PRAGMA application_id`): "SPmd". */
const APPLICATION = 0x53506d64;
/** One of another number is made anew: it has other tables, or was derived by other rules. */
const SCHEMA = 3;

/*
 * What the mail servers ask for. They read this while it is written: see docs/decisions/mail-directory.md.
 */
const TABLES = `
  CREATE TABLE meta (key TEXT PRIMARY KEY, value) WITHOUT ROWID;
  CREATE TABLE domain (name TEXT PRIMARY KEY) WITHOUT ROWID;
  CREATE TABLE mailbox (
    address TEXT PRIMARY KEY, domain TEXT NOT NULL, password TEXT,
    quota INTEGER NOT NULL, enabled INTEGER NOT NULL, deliver INTEGER NOT NULL
  ) WITHOUT ROWID;
  CREATE TABLE route (source TEXT NOT NULL, target TEXT NOT NULL, PRIMARY KEY (source, target)) WITHOUT ROWID;
  CREATE TABLE sender (login TEXT NOT NULL, address TEXT NOT NULL, PRIMARY KEY (address, login)) WITHOUT ROWID;
  CREATE TABLE app_password (address TEXT NOT NULL, digest TEXT NOT NULL, PRIMARY KEY (address, digest)) WITHOUT ROWID;
  CREATE TABLE send_limit (scope TEXT PRIMARY KEY, messages INTEGER NOT NULL, seconds INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE next_hop (domain TEXT PRIMARY KEY, host TEXT NOT NULL, port INTEGER NOT NULL) WITHOUT ROWID;
  INSERT INTO meta (key, value) VALUES ('schema', ${SCHEMA}), ('generation', 0);
`;

/** Pages of the journal that a commit copies into the file: few, so that it is short. */
const JOURNAL_PAGES = 200;
/** Milliseconds for which a reader may keep the file from being closed in order. */
const PATIENCE = 500;

/** Of the file; SQLite gives its journal the same. */
const FILE = 0o640;

/** The directory at `path`, made of the database `database`. */
export function directoryStorage(path: string, database: string): DirectoryStorage {
  return {
    path,
    open() {
      try {
        return isOurs(path) ? writable(path) : undefined;
      } catch (error) {
        if (isDamage(error)) return undefined;
        throw error;
      }
    },
    isDamage,
    generation() {
      try {
        return readableGeneration(path);
      } catch {
        return undefined;
      }
    },
    create() {
      const fresh = freshFile(path);
      writable(fresh).close();
      return putInPlace(fresh, path);
    },
    async rebuild(signal) {
      const fresh = freshFile(path);
      const { generation, keys } = await inThread({ database, file: fresh }, signal);
      return { generation, keys, replace: () => putInPlace(fresh, path) };
    },
  };
}

/** Whether there is one that this version made. @throws SqliteError for one that is damaged */
function isOurs(path: string): boolean {
  if (!existsSync(path)) return false;
  const sqlite = new BetterSqlite3(path, { timeout: PATIENCE });
  try {
    return (
      sqlite.pragma('application_id', { simple: true }) === APPLICATION &&
      sqlite.prepare<[], number>("SELECT value FROM meta WHERE key = 'schema'").pluck().get() === SCHEMA
    );
  } finally {
    sqlite.close();
  }
}

/** @throws SqliteError for one that cannot be read */
function readableGeneration(path: string): number | undefined {
  const sqlite = new BetterSqlite3(path, { readonly: true, timeout: PATIENCE });
  try {
    if (sqlite.pragma('application_id', { simple: true }) !== APPLICATION) return undefined;
    return sqlite.prepare<[], number>("SELECT value FROM meta WHERE key = 'generation'").pluck().get();
  } finally {
    sqlite.close();
  }
}

/** An empty directory beside the one that is in use. */
function freshFile(path: string): string {
  const fresh = `${path}.new`;
  const folder = dirname(path);
  if (!existsSync(folder)) {
    mkdirSync(folder);
    letReadersIn(folder);
  }
  removeFile(fresh);
  closeSync(openSync(fresh, 'ax'));
  // Whatever the umask is.
  chmodSync(fresh, FILE);
  const sqlite = new BetterSqlite3(fresh);
  sqlite.pragma(`application_id = ${APPLICATION}`);
  sqlite.exec(TABLES);
  sqlite.close();
  return fresh;
}

/** Who has the old one open goes on reading it until told to open it anew. */
function putInPlace(fresh: string, path: string): DirectoryFile {
  // A journal that stayed behind would be taken for that of the new file.
  for (const suffix of ['-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
  renameSync(fresh, path);
  return writable(path);
}

function removeFile(path: string): void {
  for (const suffix of ['', '-wal', '-shm', '-journal']) rmSync(`${path}${suffix}`, { force: true });
}

function inThread(
  workerData: { database: string; file: string },
  signal: AbortSignal,
): Promise<{ generation: number; keys: number }> {
  return new Promise((resolve, reject) => {
    const thread = new Worker(programBeside(import.meta.url, 'mail-directory-program'), { workerData });
    const abort = (): void => void thread.terminate();
    signal.addEventListener('abort', abort, { once: true });
    thread.once('message', resolve);
    thread.once('error', reject);
    thread.once('exit', (code) => {
      signal.removeEventListener('abort', abort);
      reject(new Error(`the thread that makes the directory of mail ended with ${code}`));
    });
  });
}

/** The group of the readers is that of the folder: whoever gave it to them need not look after each file. */
function shareWithGroup(path: string): void {
  const { gid } = statSync(dirname(path));
  const file = statSync(path);
  if (file.gid === gid) return;
  try {
    chownSync(path, file.uid, gid);
  } catch {
    // Not ours to give away: the folder's owner has to.
  }
}

/** Opens a file of ours; also for the thread that fills a new one. */
export function writable(path: string): DirectoryFile {
  shareWithGroup(path);
  const sqlite = new BetterSqlite3(path, { timeout: PATIENCE });
  // Readers are never kept waiting, and never keep the writer waiting. It is a copy: what a power failure takes is put back at start.
  sqlite.pragma('journal_mode = WAL');
  sqlite.pragma('synchronous = NORMAL');
  sqlite.pragma(`wal_autocheckpoint = ${JOURNAL_PAGES}`);
  const put = writes(sqlite);
  const readGeneration = sqlite
    .prepare<[], number>("SELECT value FROM meta WHERE key = 'generation'")
    .pluck();
  const setGeneration = sqlite.prepare("UPDATE meta SET value = ? WHERE key = 'generation'");
  let generation = readGeneration.get() ?? 0;
  const applyAll = sqlite.transaction((rows: Iterable<DirectoryRows>, to: number) => {
    for (const row of rows) put(row);
    setGeneration.run(to);
  });
  return {
    get generation() {
      return generation;
    },
    apply(rows, to) {
      applyAll.immediate(rows, to);
      generation = to;
    },
    close: () => closeReadable(sqlite, path),
  };
}

/** Replaces all that hangs on a key. */
function writes(sqlite: BetterSqlite3.Database): (rows: DirectoryRows) => void {
  const clear = [
    'DELETE FROM mailbox WHERE address = ?',
    'DELETE FROM route WHERE source = ?',
    'DELETE FROM sender WHERE address = ?',
    'DELETE FROM app_password WHERE address = ?',
    'DELETE FROM send_limit WHERE scope = ?',
  ].map((text) => sqlite.prepare(text));
  const clearHop = sqlite.prepare('DELETE FROM next_hop WHERE domain = ?');
  const addHop = sqlite.prepare('INSERT INTO next_hop (domain, host, port) VALUES (?, ?, ?)');
  const clearDomain = sqlite.prepare('DELETE FROM domain WHERE name = ?');
  const addDomain = sqlite.prepare('INSERT OR IGNORE INTO domain (name) VALUES (?)');
  const addMailbox = sqlite.prepare('INSERT INTO mailbox VALUES (?, ?, ?, ?, ?, ?)');
  const addRoute = sqlite.prepare('INSERT OR IGNORE INTO route (source, target) VALUES (?, ?)');
  const addSender = sqlite.prepare('INSERT OR IGNORE INTO sender (address, login) VALUES (?, ?)');
  const addAppPassword = sqlite.prepare('INSERT OR IGNORE INTO app_password (address, digest) VALUES (?, ?)');
  const addLimit = sqlite.prepare('INSERT INTO send_limit (scope, messages, seconds) VALUES (?, ?, ?)');
  return ({ key, domain, mailbox, routes, senders, appPasswords, sendLimit, nextHop }) => {
    for (const statement of clear) statement.run(key);
    if (domain !== undefined) addDomain.run(domain);
    else if (key.startsWith('@')) clearDomain.run(key.slice(1));
    if (mailbox) {
      const { password = null, quota, enabled, deliver } = mailbox;
      addMailbox.run(
        key,
        key.slice(key.lastIndexOf('@') + 1),
        password,
        quota,
        Number(enabled),
        Number(deliver),
      );
    }
    for (const target of routes) addRoute.run(key, target);
    for (const login of senders) addSender.run(key, login);
    for (const digest of appPasswords) addAppPassword.run(key, digest);
    if (key.startsWith('@')) clearHop.run(key.slice(1));
    if (nextHop) addHop.run(key.slice(1), nextHop.host, nextHop.port);
    if (sendLimit) addLimit.run(key, sendLimit.messages, sendLimit.seconds);
  };
}

/**
 * The last to close a file in WAL mode takes the journal away, and who may not write could not read it then: it goes back to a mode that needs
 * none. Where somebody reads it just now it stays as it is, with its journal.
 */
function closeReadable(sqlite: BetterSqlite3.Database, path: string): void {
  toRollbackMode(sqlite);
  sqlite.close();
  // Who read it may have gone in between.
  if (existsSync(`${path}-wal`) || !isInWalMode(path)) return;
  const again = new BetterSqlite3(path, { timeout: PATIENCE });
  toRollbackMode(again);
  again.close();
}

function toRollbackMode(sqlite: BetterSqlite3.Database): void {
  try {
    sqlite.pragma('journal_mode = DELETE');
  } catch {
    // Somebody reads it.
  }
}

/** The SQLite file format, §1.3: the write version of the header is 2 for WAL. */
function isInWalMode(path: string): boolean {
  const file = openSync(path, 'r');
  try {
    const header = Buffer.alloc(20);
    readSync(file, header, 0, header.length, 0);
    return header[18] === 2;
  } finally {
    closeSync(file);
  }
}
