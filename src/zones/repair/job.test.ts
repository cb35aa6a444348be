import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { damage } from '../../../test/kit/damage.ts';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { systemRandom } from '../../core/random.ts';
import { createJobs, type Jobs } from '../../work/job-runner.ts';
import { createRebuildAll, rebuildJob } from './job.ts';

const ZONES = 25;

let zones: ZonesBox;
beforeEach(async () => {
  zones = await startZones();
  for (let i = 0; i < ZONES; i++)
    await zones.domains.add(person, domain(`d${i}.example`, { mail: false, web: false }));
});
afterEach(() => zones.close());

function open(): Jobs {
  const { work, clock, log, repair } = zones;
  const kinds = [rebuildJob({ work, rebuild: repair.rebuild, log })];
  return createJobs({ work, kinds, clock, random: systemRandom, log });
}

const serials = () =>
  zones.store.read.activeZones({ after: undefined, limit: 99 }).map(({ serial }) => serial!);

test('all zones are made anew but those that cannot be, which are named; a stop is gone on from', async () => {
  await damage(zones.database, zones.store.read.zone(name('d7.example'))!.id, 'key');
  zones.keys.forget();
  const before = serials();
  let done = 0;
  const first = open();
  zones.events.subscribe(undefined, ({ type }) => {
    if (type === 'job.progress') void first.stop();
    if (type === 'zone.rebuilt') done++;
  });
  const { id, total } = await createRebuildAll(zones.work, first).rebuildAll(person);
  expect(total).toBe(ZONES + 1);
  first.start();
  await vi.waitFor(() => expect(first.get(id)!.done).toBe(10), { timeout: 20_000 });
  await first.stop();
  expect(first.get(id)).toMatchObject({ state: 'running', done: 10 });
  const second = open();
  second.start();
  await vi.waitFor(() => expect(second.get(id)!.state).toBe('done'), { timeout: 20_000 });
  await second.stop();
  const job = second.get(id)!;
  expect(job).toMatchObject({ kind: 'zones.rebuild', done: ZONES + 1, failedCount: 1 });
  expect(job.failed).toMatchObject([{ name: 'd7.example', code: 'zone-damaged' }]);
  expect(done).toBe(ZONES);
  expect(serials().filter((serial, i) => serial > before[i]!)).toHaveLength(ZONES);
});
