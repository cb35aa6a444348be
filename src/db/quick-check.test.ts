import { mkdtempSync, openSync, rmSync, writeSync, closeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FakeClock } from '../core/clock.ts';
import { createLog } from '../core/log.ts';
import { type QuickCheck, startQuickCheck } from './quick-check.ts';

const log = createLog({ level: 'silent' });
const PAGE = 4096;

let folder: string;
let path: string;
let check: QuickCheck | undefined;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-check-'));
  path = join(folder, 'a.sqlite');
  const sqlite = new BetterSqlite3(path);
  sqlite.pragma('journal_mode = WAL');
  sqlite.exec(`
    CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT);
    WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 2000)
    INSERT INTO t SELECT i, printf('%0100d', i) FROM n;
  `);
  sqlite.close();
});
afterEach(async () => {
  await check?.stop();
  rmSync(folder, { recursive: true, force: true });
});

function overwrite(page: number): void {
  const file = openSync(path, 'r+');
  writeSync(file, Buffer.alloc(PAGE, 0xff), 0, PAGE, page * PAGE);
  closeSync(file);
}

describe('the check of the database', () => {
  it.each([
    ['finds a whole one whole', () => undefined, undefined],
    [
      'names the damage of a page',
      () => overwrite(9),
      expect.stringMatching(/damaged \(.+put back/) as string,
    ],
    ['says that it is none', () => overwrite(0), expect.stringContaining('not a database') as string],
  ])('%s', { timeout: 30_000 }, async (_title, damage, problem) => {
    damage();
    const clock = new FakeClock();
    check = startQuickCheck(path, { clock, log });
    expect(check.result()).toBeUndefined();
    await clock.advance(30_000);
    await expect
      .poll(() => check!.result(), { timeout: 20_000 })
      .toEqual({
        checkedAt: '2026-01-01T00:00:30.000Z',
        problem,
      });
  });

  it(
    'says nothing of one that it cannot open, and nothing once it was stopped',
    { timeout: 30_000 },
    async () => {
      const clock = new FakeClock();
      check = startQuickCheck(join(folder, 'none.sqlite'), { clock, log });
      await clock.advance(30_000);
      const stopped = startQuickCheck(path, { clock, log });
      await clock.advance(30_000);
      await stopped.stop();
      expect(stopped.result()).toBeUndefined();
      expect(check.result()).toBeUndefined();
    },
  );
});
