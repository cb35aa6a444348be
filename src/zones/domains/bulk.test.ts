import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import { createJobs, type Jobs } from '../../work/job-runner.ts';
import type { BulkDomain } from '../../work/jobs.ts';
import { bulkDomainJob, createBulkDomains } from './bulk.ts';

let zones: ZonesBox;
let jobs: Jobs;

beforeEach(async () => {
  zones = await startZones();
  jobs = open();
});
afterEach(async () => {
  await jobs.stop();
  await zones.close();
});

function open(): Jobs {
  const { work, clock } = zones;
  const log = createLog({ level: 'silent' });
  return createJobs({ work, kinds: [bulkDomainJob(zones)], clock, random: systemRandom, log });
}

const wanted = (text: string): BulkDomain => ({
  name: text,
  dns: 'local',
  mail: true,
  web: true,
  ttl: undefined,
});
const done = (id: string) =>
  vi.waitFor(
    () => {
      const job = jobs.get(id)!;
      expect(job.state).toBe('done');
      return job;
    },
    { timeout: 30_000 },
  );

test('adds all but those that are refused, each of which is named with its reason', async () => {
  jobs.start();
  await zones.domains.add(person, { ...wanted('d7.example'), name: name('d7.example') });
  const names = Array.from({ length: 50 }, (_, i) => `d${i}.example`);
  const bulk = createBulkDomains(zones.work, jobs);
  const { id, total } = await bulk.add(person, [...names, 'not a name', 'com', 'D3.example'].map(wanted));
  expect(total).toBe(53);
  const job = await done(id);
  expect(job).toMatchObject({ kind: 'domains.add', done: 53, failedCount: 4, actor: 'test' });
  expect(job.failed.map(({ name: text, code }) => [text, code])).toEqual([
    ['d7.example', 'already-exists'],
    ['not a name', 'invalid-name'],
    ['com', 'invalid-name'],
    ['D3.example', 'already-exists'],
  ]);
  for (const text of names) expect(zones.served(text)?.node(name(text))).toBeDefined();
});

test('goes on where a stop left off, and does nothing twice', async () => {
  const bulk = createBulkDomains(zones.work, jobs);
  const { id } = await bulk.add(
    person,
    Array.from({ length: 70 }, (_, i) => wanted(`d${i}.example`)),
  );
  expect(jobs.get(id)).toMatchObject({ state: 'running', done: 0 });
  jobs.start();
  await vi.waitFor(() => expect(jobs.get(id)!.done).toBeGreaterThan(0), { timeout: 30_000 });
  await jobs.stop();
  const first = jobs.get(id)!.done;
  expect(zones.origins()).toHaveLength(first + 1);
  jobs = open();
  jobs.start();
  expect(await done(id)).toMatchObject({ done: 70, failedCount: 0, failed: [] });
  expect(zones.origins()).toHaveLength(71);
});

test('lists jobs, the newest first', async () => {
  const bulk = createBulkDomains(zones.work, jobs);
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.push((await bulk.add(person, [wanted(`d${i}.example`)])).id);
  const first = jobs.list({ limit: 2, cursor: undefined });
  expect(first.items.map(({ id }) => id)).toEqual([ids[2], ids[1]]);
  expect(jobs.list({ limit: 2, cursor: first.next }).items.map(({ id }) => id)).toEqual([ids[0]]);
});

test('a domain that fails for a reason of ours fails alone, and holds up nothing', async () => {
  await zones.close();
  zones = await startZones({
    parts: [
      {
        domainChanged(_change, _before, after) {
          if (after?.name.toText() === 'd5.example') throw new Error('a bug');
        },
      },
    ],
  });
  jobs = open();
  jobs.start();
  const bulk = createBulkDomains(zones.work, jobs);
  const { id } = await bulk.add(
    person,
    Array.from({ length: 30 }, (_, i) => wanted(`d${i}.example`)),
  );
  const job = await done(id);
  expect(job.failed.map(({ name: text, code }) => [text, code])).toEqual([['d5.example', 'internal']]);
  expect(zones.origins()).toHaveLength(30);
});
