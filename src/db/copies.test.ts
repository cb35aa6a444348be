import { spawnSync } from 'node:child_process';
import {
  closeSync,
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
import { missing } from '../../test/kit/requires.ts';
import { FakeClock } from '../core/clock.ts';
import { createLog } from '../core/log.ts';
import { type Copies, copiesIn, startCopies } from './copies.ts';

const log = createLog({ level: 'silent' });
const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

let data: string;
let file: string;
let writer: BetterSqlite3.Database;
let clock: FakeClock;
let copies: Copies | undefined;
const rows = (path: string): number => {
  const sqlite = new BetterSqlite3(path, { readonly: true });
  const count = sqlite.prepare('SELECT count(*) FROM t').pluck().get() as number;
  sqlite.close();
  return count;
};
const start = () => (copies = startCopies(data, file, { clock, log }));
const times = () => copiesIn(data).map(({ at }) => new Date(at).toISOString());
const made = (count: number) => expect.poll(() => copiesIn(data).length, { timeout: 20_000 }).toBe(count);

function fill(): void {
  file = join(data, 'signpost.sqlite');
  writer = new BetterSqlite3(file);
  writer.pragma('journal_mode = WAL');
  writer.exec(`
    CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000)
    INSERT INTO t SELECT i, printf('%0100d', i) FROM n;
  `);
}

beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'signpost-copies-'));
  clock = new FakeClock(Date.UTC(2026, 0, 1));
});
afterEach(async () => {
  await copies?.stop();
  copies = undefined;
  writer.close();
  rmSync(data, { recursive: true, force: true });
});

describe('the copies of the database', { timeout: 60_000 }, () => {
  it('are made every day while it is written to, whole, for their owner alone; two are kept', async () => {
    fill();
    writeFileSync(join(data, 'unrelated'), '');
    start();
    await clock.advance(5 * MINUTE);
    await made(1);
    const [first] = copiesIn(data);
    expect(rows(first!.path)).toBe(2000);
    writer.exec("INSERT INTO t VALUES (5000, 'later')");
    expect([statSync(join(data, 'copies')).mode & 0o777, statSync(first!.path).mode & 0o777]).toEqual([
      0o700, 0o600,
    ]);
    await clock.advance(DAY);
    await made(2);
    await clock.advance(DAY);
    await expect
      .poll(times, { timeout: 20_000 })
      .toEqual(['2026-01-03T00:05:00.000Z', '2026-01-02T00:05:00.000Z']);
    expect(rows(copiesIn(data)[0]!.path)).toBe(2001);
    expect(readdirSync(join(data, 'copies'))).toHaveLength(2);
  });

  it('wait for the day after the last one, also over a restart', async () => {
    fill();
    start();
    await clock.advance(5 * MINUTE);
    await made(1);
    await copies!.stop();
    start();
    await clock.advance(DAY - MINUTE);
    expect(times()).toEqual(['2026-01-01T00:05:00.000Z']);
    await clock.advance(MINUTE);
    await made(2);
  });

  it('are never taken of a damaged database, and those of before are kept', async () => {
    fill();
    start();
    await clock.advance(5 * MINUTE);
    await made(1);
    writer.pragma('wal_checkpoint(TRUNCATE)');
    const opened = openSync(file, 'r+');
    writeSync(opened, Buffer.alloc(4096, 0xff), 0, 4096, 9 * 4096);
    closeSync(opened);
    await clock.advance(DAY);
    await expect.poll(() => copies!.faults(), { timeout: 20_000 }).not.toEqual([]);
    expect(times()).toEqual(['2026-01-01T00:05:00.000Z']);
    await clock.advance(3 * DAY);
    expect(copies!.warning()).toMatch(/of 2026-01-01 00:05 UTC.*damaged/);
  });

  it('are stopped at once, and leave nothing half done', async () => {
    fill();
    start();
    await clock.advance(5 * MINUTE);
    await copies!.stop();
    expect(readdirSync(join(data, 'copies')).filter((name) => name.startsWith('unfinished'))).toEqual([]);
  });

  const reason = missing({ root: true, commands: ['mount', 'umount'] });
  it.skipIf(reason)(
    `never fill the disk; without room they say so, and come when there is some ${reason ?? ''}`,
    async () => {
      const mount = (...args: string[]) => expect(spawnSync('mount', [...args, data]).status).toBe(0);
      mount('-t', 'tmpfs', '-o', 'size=32m', 'none');
      try {
        fill();
        start();
        await clock.advance(3 * DAY);
        expect(copiesIn(data)).toEqual([]);
        expect(copies!.warning()).toMatch(/no copy.*there is no room: a copy needs 65 MiB/);
        mount('-o', 'remount,size=200m');
        await clock.advance(DAY);
        await made(1);
        expect(copies!.warning()).toBeUndefined();
        await copies!.stop();
      } finally {
        writer.close();
        spawnSync('umount', [data]);
      }
    },
  );
});
