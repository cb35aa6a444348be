import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openWork, writeRows } from '../../test/kit/work.ts';
import { FakeClock } from '../core/clock.ts';
import { createLog } from '../core/log.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import { type Database, openDatabase } from '../db/database.ts';
import type { Actor } from './actor.ts';
import { auditKeeper, auditRows } from './audit.ts';
import { type Keeper, startHistory } from './history.ts';
import { jobKeeper } from './job-runner.ts';
import { type JobRow, jobRows } from './jobs.ts';
import type { UnitOfWork } from './unit-of-work.ts';

const HOUR = 3_600_000;
const actor: Actor = { kind: 'token', id: 'p', name: 'somebody', address: undefined };
const log = createLog({ level: 'silent' });

let directory: string;
let database: Database;
let clock: FakeClock;
let work: UnitOfWork;
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'signpost-history-'));
  database = openDatabase(join(directory, 'signpost.sqlite'));
  clock = new FakeClock();
  work = openWork(database, clock);
});
afterEach(async () => {
  await database.close();
  rmSync(directory, { recursive: true });
});

/** Lets the background come to rest: FakeClock fires its pauses. */
async function settle(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await clock.advance(20);
}

async function writeAudit(entries: number): Promise<void> {
  await writeRows(work, auditRows, (rows) => {
    for (let index = 0; index < entries; index++)
      rows.append(
        { actor, action: 'test', target: 'example.com', detail: { index } },
        toRfc3339(clock.now()),
      );
  });
}

const auditEntries = () => work.committed.rows(auditRows).audit(undefined, 10_000, {}).length;

function job(id: string, finishedAt: string | undefined): JobRow {
  return {
    ...{ id, kind: 'test', state: finishedAt === undefined ? 'running' : 'done', total: 2, done: 2 },
    ...{ createdAt: toRfc3339(clock.now()), finishedAt, failedCount: 1, detail: undefined, actor },
  };
}

test('the audit log goes in parts when it is older than is kept, and one keeper that fails holds up no other', async () => {
  await writeAudit(1200);
  await clock.advance(2 * HOUR);
  await writeAudit(3);
  const forgotten: [string, number][] = [];
  const broken: Keeper = {
    what: 'broken',
    forget: () => {
      throw new Error('as a damaged page would');
    },
  };
  const keepers = [broken, auditKeeper(() => 3600, clock)];
  const onForgotten = (what: string, rows: number) => void forgotten.push([what, rows]);
  const history = startHistory({ work, keepers, onForgotten, clock, log });
  await clock.advance(60_000);
  await settle();
  expect(forgotten.map(([, rows]) => rows)).toEqual([500, 500, 200]);
  expect(auditEntries()).toBe(3);
  await clock.advance(HOUR);
  await settle();
  expect(auditEntries()).toBe(0);
  await history.stop();
});

test('a job goes with what failed in it, some time after it ended; one that runs stays', async () => {
  await writeRows(work, jobRows, (rows) => {
    rows.insertJob(job('old', toRfc3339(clock.now())), ['x', 'y']);
    rows.addFailures('old', [{ name: 'example.com', code: 'invalid', detail: 'no' }]);
    rows.insertJob(job('new', toRfc3339(clock.now() + HOUR)), []);
    rows.insertJob(job('running', undefined), ['z']);
  });
  await clock.advance(1.5 * HOUR);
  const history = startHistory({ work, keepers: [jobKeeper(() => 3600, clock)], clock, log });
  await clock.advance(60_000);
  await settle();
  await history.stop();
  const jobs = work.committed.rows(jobRows);
  expect(jobs.jobs(undefined, 9).map(({ id }) => id)).toEqual(['running', 'new']);
  expect(jobs.failures('old', 9)).toEqual([]);
  expect(jobs.items('old', 9)).toEqual([]);
  expect(jobs.items('running', 9)).toHaveLength(1);
});
