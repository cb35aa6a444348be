import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as rest } from 'node:timers/promises';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { type Database, openDatabase } from './database.ts';

let directory: string;
let path: string;
let database: Database;

beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signpost-checkpoints-'));
  path = join(directory, 'signpost.sqlite');
  database = openDatabase(path);
});

afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

/** A change of so many pages, of 4 KiB each. */
function write(pages: number): Promise<void> {
  return database.write(({ sqlite }) => {
    sqlite.exec('CREATE TABLE IF NOT EXISTS filler (octets BLOB)');
    const insert = sqlite.prepare('INSERT INTO filler VALUES (randomblob(4000))');
    for (let i = 0; i < pages; i++) insert.run();
  });
}

const journal = () =>
  database.reader.sqlite.prepare('PRAGMA wal_checkpoint(NOOP)').get() as {
    log: number;
    checkpointed: number;
  };

test('a commit leaves the journal to the thread, which copies it; then it begins anew', async () => {
  await write(1500);
  expect(journal().checkpointed).toBe(0);
  await vi.waitFor(() => expect(journal().checkpointed).toBe(journal().log), 20_000);
  const size = statSync(`${path}-wal`).size;
  for (let i = 0; i < 3; i++) {
    await write(1500);
    await vi.waitFor(() => expect(journal().checkpointed).toBe(journal().log), 20_000);
  }
  expect(statSync(`${path}-wal`).size).toBeLessThan(1.5 * size);
});

test('a large change is in the journal before it is committed, where nobody sees it', async () => {
  const size = () => statSync(`${path}-wal`).size;
  let before = 0;
  await database.write(({ sqlite }) => {
    sqlite.exec('CREATE TABLE large (octets BLOB)');
    const insert = sqlite.prepare('INSERT INTO large VALUES (randomblob(4000))');
    for (let i = 0; i < 4000; i++) insert.run();
    before = size();
    expect(() => database.reader.sqlite.prepare('SELECT count(*) FROM large')).toThrow('no such table');
  });
  // Some ten milliseconds are left to a commit, however large it is.
  expect(size() - before).toBeLessThan(1200 * 4096);
  await expect(
    database.write(({ sqlite }) => {
      sqlite.exec('DELETE FROM large');
      throw new Error('no');
    }),
  ).rejects.toThrow('no');
  expect(database.reader.sqlite.prepare('SELECT count(*) FROM large').pluck().get()).toBe(4000);
});

test('what was closed may be closed again', async () => {
  await write(1500);
  await database.close();
  await database.close();
});

test('a small change is left in the journal', async () => {
  await write(10);
  await rest(200);
  expect(journal()).toMatchObject({ checkpointed: 0 });
});

test('while changes follow each other the journal does not grow for ever, and nothing is lost', async () => {
  for (let i = 0; i < 24; i++) await write(3000);
  // On a busy machine the thread may be at its first copy for a second, in which no commit can copy.
  expect(statSync(`${path}-wal`).size).toBeLessThan(45_000 * 4096);
  await database.close();
  const sqlite = new BetterSqlite3(path, { readonly: true });
  expect(sqlite.prepare('SELECT count(*) FROM filler').pluck().get()).toBe(72_000);
  expect(sqlite.pragma('integrity_check', { simple: true })).toBe('ok');
  sqlite.close();
  database = openDatabase(path);
});
