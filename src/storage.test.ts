import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { systemRandom } from './core/random.ts';
import { openDatabase } from './db/database.ts';
import { openStorage } from './storage.ts';
import { factRows } from './work/facts.ts';

let data: string;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'signpost-storage-'));
});
afterEach(() => rmSync(data, { recursive: true, force: true }));

const open = () => openStorage(data, systemRandom);
const secret = () => join(data, 'secret.key');

describe('the data folder', () => {
  it('opens again with what it had', async () => {
    const first = await open();
    const sealed = first.sealer.seal(Buffer.from('private'), 'test');
    await first.close();
    const second = await open();
    expect(Buffer.from(second.sealer.open(sealed, 'test')).toString()).toBe('private');
    await second.close();
  });

  it('belongs to one process at a time', async () => {
    const first = await open();
    await expect(open()).rejects.toThrow('Another signpost');
    await first.close();
    await (await open()).close();
  });

  it('does not start without the key that sealed it', async () => {
    await (await open()).close();
    const key = readFileSync(secret(), 'utf8');
    rmSync(secret());
    await expect(open()).rejects.toThrow('is missing');
    writeFileSync(secret(), 'ab'.repeat(32));
    await expect(open()).rejects.toThrow('not the key of this database');
    writeFileSync(secret(), key);
    await (await open()).close();
  });

  describe('in a folder that others can enter', () => {
    const modes = () => readdirSync(data).map((file) => [file, statSync(join(data, file)).mode & 0o777]);
    const files = ['lock', 'secret.key', 'signpost.sqlite', 'signpost.sqlite-shm', 'signpost.sqlite-wal'];
    const isPrivate = files.map((file) => [file, 0o600]);
    beforeEach(() => chmodSync(data, 0o755));

    it('makes files that only their owner can read, and says how to close the folder', async () => {
      const storage = await open();
      expect(modes()).toEqual(isPrivate);
      expect(storage.warnings).toEqual([expect.stringContaining(`chmod go-rw ${data}`)]);
      await storage.close();
    });

    it('closes files that were open to others', async () => {
      const first = await open();
      for (const file of files) chmodSync(join(data, file), 0o666);
      await first.close();
      const storage = await open();
      expect(modes()).toEqual(isPrivate);
      await storage.close();
    });
  });

  it.each(['700', '711'])('warns of nothing in a folder of its own, whose mode is %s', async (mode) => {
    chmodSync(data, mode);
    const storage = await open();
    expect(storage.warnings).toEqual([]);
    await storage.close();
  });

  it('refuses a schema that is newer than the program', async () => {
    await (await open()).close();
    const database = openDatabase(join(data, 'signpost.sqlite'));
    await database.write(({ sqlite }) =>
      sqlite.exec("INSERT INTO __drizzle_migrations (hash, created_at) VALUES ('later', 99999999999999)"),
    );
    await database.close();
    await expect(open()).rejects.toThrow('newer version of signpost');
  });

  it('shows readers only what is committed', async () => {
    const storage = await open();
    const committed = storage.rows.committed.rows(factRows);
    const done = (): void => undefined;
    const failed = storage.rows.transact((state) => {
      const facts = state.rows(factRows);
      facts.putFact('a', Buffer.from('1'));
      expect(facts.fact('a')).toBeDefined();
      expect(committed.fact('a')).toBeUndefined();
      throw new Error('no');
    }, done);
    await expect(failed).rejects.toThrow('no');
    expect(committed.fact('a')).toBeUndefined();
    await storage.rows.transact((state) => state.rows(factRows).putFact('a', Buffer.from('2')), done);
    expect(Buffer.from(committed.fact('a')!).toString()).toBe('2');
    await storage.close();
  });
});
