import { spawnSync } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdtempSync,
  openSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { ask } from '../test/kit/ask.ts';
import { FakeClock, systemClock } from './core/clock.ts';
import type { Config } from './core/config.ts';
import { createLog } from './core/log.ts';
import { systemRandom } from './core/random.ts';
import { copiesIn, startCopies } from './db/copies.ts';
import { Rcode } from './dns/wire/codes.ts';
import { Name } from './dns/wire/name.ts';
import { restoreCopy } from './restore.ts';
import { type RunningBox, startBox } from './start.ts';
import type { Actor } from './work/actor.ts';

const person: Actor = { kind: 'local', id: 'test', name: 'test', address: undefined };
const log = createLog({ level: 'silent' });
const PAGE = 4096;

let data: string;
let box: RunningBox | undefined;
const file = () => join(data, 'signpost.sqlite');
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'signpost-restore-'));
});
afterEach(async () => {
  await box?.stop();
  box = undefined;
  rmSync(data, { recursive: true, force: true });
});

async function start(): Promise<RunningBox> {
  const config: Config = {
    hostname: 'box.example.net',
    ipv4: ['192.0.2.1'],
    ipv6: [],
    data,
    dns: [{ address: '127.0.0.1', port: 0 }],
    http: { address: '127.0.0.1', port: 0 },
    https: 'none',
    trustedProxies: [],
    warnings: [],
    adminToken: undefined,
    workers: 1,
    rootHints: undefined,
    acme: { directory: undefined },
    logLevel: 'silent',
  };
  box = await startBox({ config, clock: systemClock, random: systemRandom, log });
  return box;
}

const add = (text: string) =>
  box!.services.domains.add(person, { name: Name.parse(text), dns: 'local', mail: true, web: true });
const rcode = async (text: string): Promise<number | undefined> => {
  const [address, port] = box!.dns[0]!.split(':');
  return (await ask({ address: address!, port: Number(port) }, `${text}.`, 'SOA'))?.rcode;
};
const serialOf = (text: string) => box!.services.zones.get(Name.parse(text))?.serial;

/** A box with a domain, a copy of its database, and then another domain. @returns the serial of the first */
async function withCopy(): Promise<number> {
  await start();
  await add('example.com');
  await box!.stop();
  const clock = new FakeClock();
  const copies = startCopies(data, file(), { clock, log });
  await clock.advance(300_000);
  await expect.poll(() => copiesIn(data).length, { timeout: 20_000 }).toBe(1);
  await copies.stop();
  await start();
  await add('example.org');
  const serial = serialOf('example.com')!;
  await box!.stop();
  box = undefined;
  return serial;
}

/** Writes garbage over the first page of a table, or of all. */
function damage(table?: string): void {
  const sqlite = new BetterSqlite3(file());
  const page = table
    ? (sqlite.prepare('SELECT rootpage FROM sqlite_master WHERE name = ?').pluck().get(table) as number)
    : 1;
  sqlite.pragma('wal_checkpoint(TRUNCATE)');
  sqlite.close();
  const opened = openSync(file(), 'r+');
  writeSync(opened, Buffer.alloc(PAGE, 0xff), 0, PAGE, (page - 1) * PAGE);
  closeSync(opened);
}

function program(...args: string[]) {
  const main = join(import.meta.dirname, 'main.ts');
  const options = { encoding: 'utf8', timeout: 30_000 } as const;
  return spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', main, '--data', data, ...args],
    options,
  );
}

describe('a damaged database', { timeout: 120_000 }, () => {
  it.each([[undefined], ['zones']])(
    'is told at the start with what to do, the copy is put back, and the box serves: %s',
    async (table) => {
      const serial = await withCopy();
      damage(table);
      const refused = program('--http', '127.0.0.1:0', '--dns', '127.0.0.1:0', '--https', 'none');
      expect(refused).toMatchObject({ status: 3, stdout: '' });
      expect(refused.stderr).toContain(`${file()} is damaged`);
      expect(refused.stderr).toContain('the copy of 2026-01-01 00:05 UTC');
      expect(refused.stderr).toContain('--restore newest');
      const restored = program('--restore', 'newest');
      expect(restored).toMatchObject({ status: 0, stderr: '' });
      expect(restored.stdout).toContain('2026-01-01 00:05 UTC');
      const [aside] = readdirSync(data).filter((name) => name.startsWith('damaged-'));
      expect(restored.stdout).toContain(aside);
      expect(existsSync(join(data, aside!, 'signpost.sqlite'))).toBe(true);
      expect(statSync(file()).mode & 0o777).toBe(0o600);
      await start();
      expect([await rcode('example.com'), await rcode('example.org')]).toEqual([
        Rcode.NOERROR,
        Rcode.REFUSED,
      ]);
      await expect.poll(() => serialOf('example.com'), { timeout: 20_000 }).toBeGreaterThan(serial);
      expect(box!.services.health()).toMatchObject({ ready: true, problems: [] });
      await add('example.org');
      expect(await rcode('example.org')).toBe(Rcode.NOERROR);
    },
  );

  it('lends the key of a zone to a box whose own is damaged: by itself, nothing is put back', async () => {
    const serial = await withCopy();
    const sqlite = new BetterSqlite3(file());
    sqlite.exec('UPDATE zone_keys SET private_key = zeroblob(length(private_key))');
    sqlite.close();
    await start();
    const made = await box!.services.zones.rebuild(person, Name.parse('example.com'));
    expect(made).toMatchObject({ mended: [expect.stringContaining('the key')], lost: [] });
    expect(made.serial).toBeGreaterThan(serial);
    // It was added after the copy.
    await expect(box!.services.zones.rebuild(person, Name.parse('example.org'))).rejects.toMatchObject({
      code: 'zone-damaged',
    });
    await box!.stop();
    await start();
    const again = await box!.services.zones.rebuild(person, Name.parse('example.com'));
    expect(again.mended).toEqual([]);
  });

  it('without a copy says to put back a backup', async () => {
    await start();
    await box!.stop();
    damage();
    await expect(start()).rejects.toMatchObject({
      exitCode: 3,
      message: expect.stringContaining('a backup of yours') as string,
    });
  });

  it('is not replaced by a damaged copy, nor by that of another box, nor under a box that runs', async () => {
    await withCopy();
    const [copy] = copiesIn(data);
    const restore = (which = 'newest') =>
      restoreCopy(data, which, { clock: systemClock, random: systemRandom });
    await start();
    expect(() => restore()).toThrow('Another signpost');
    await box!.stop();
    box = undefined;
    expect(() => restore(join(data, 'nothing'))).toThrow('There is no file');
    const key = join(data, 'secret.key');
    const before = statSync(file()).ino;
    writeFileSync(key, 'ab'.repeat(32));
    expect(() => restore()).toThrow('is not the key of');
    rmSync(key);
    expect(() => restore()).toThrow('is missing');
    const opened = openSync(copy!.path, 'r+');
    writeSync(opened, Buffer.alloc(PAGE, 0xff), 0, PAGE, 9 * PAGE);
    closeSync(opened);
    expect(() => restore()).toThrow('is damaged, too');
    expect(statSync(file()).ino).toBe(before);
    expect(readdirSync(data).filter((name) => /damaged|restored/.test(name))).toEqual([]);
  });
});
