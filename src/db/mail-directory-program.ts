import { parentPort, workerData } from 'node:worker_threads';
import BetterSqlite3 from 'better-sqlite3';
import { directoryRows, type DirectoryRows } from '../mail/directory/derive.ts';
import { requiredAt } from '../mail/directory/required.ts';
import { Name } from '../dns/wire/name.ts';
import { drizzle } from './drizzle.ts';
import { mailboxRepository } from './mailbox-repository.ts';
import { writable } from './mail-directory.ts';
import { zoneReads } from './zone-reads.ts';

/** A thread that fills a new directory of mail with all that is committed. */
const { database, file } = workerData as { database: string; file: string };
const sqlite = new BetterSqlite3(database, { readonly: true, timeout: 5000 });
const connection = { sqlite, orm: drizzle(sqlite) };
// One state of the database, however long it takes.
sqlite.exec('BEGIN');
const mail = mailboxRepository(connection);
const zones = zoneReads(connection, {
  rows: () => {
    throw new Error('the directory of mail is made of no other rows');
  },
});
const generation = mail.lastDirectoryChange();
const directory = writable(file);
let keys = 0;

function* allRows(): Generator<DirectoryRows> {
  for (const key of allKeys()) {
    keys++;
    yield directoryRows({ zones, mail }, key);
  }
}

function* allKeys(): Generator<string> {
  const hostname = zones.box()?.hostname.canonical().toText();
  if (hostname !== undefined) yield* keysOf(hostname);
  const names = sqlite.prepare<[], string>('SELECT name FROM domains WHERE mail = 1').pluck();
  for (const name of names.iterate()) if (name !== hostname) yield* keysOf(name);
  yield* sqlite.prepare<[], string>('SELECT address FROM mailboxes').pluck().iterate();
  yield* sqlite.prepare<[], string>('SELECT address FROM mail_aliases').pluck().iterate();
}

function* keysOf(domain: string): Generator<string> {
  yield `@${domain}`;
  yield* requiredAt(zones, Name.parse(domain));
}

directory.apply(allRows(), generation);
directory.close();
sqlite.close();
parentPort?.postMessage({ generation, keys });
