import { afterAll, beforeAll, expect, test } from 'vitest';
import { imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import { type DataPlane, startDataPlane } from '../../dns/server/data-plane.ts';
import { Name } from '../../dns/wire/name.ts';
import { createServedZones } from '../../dns/zone/served-zones.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { followZone } from './follower.ts';
import type { SecondaryZone } from './store.ts';

const name = Name.parse('example.org');
const log = createLog({ level: 'silent' });
let primary: DataPlane;

beforeAll(async () => {
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 1,
    clock: systemClock,
    log,
    zones: servedZones([
      imageOf(`$ORIGIN example.org.
$TTL 300
@ SOA ns1 hostmaster 1 3600 600 604800 60
@ NS ns1
${Array.from({ length: 500 }, (_, n) => `host${n} TXT "${'x'.repeat(200)}"`).join('\n')}
`),
    ]),
    transfers: { keys: [], addresses: ['127.0.0.1'] },
  });
  if (!started.ok) throw new Error(started.problem.message);
  primary = started.plane;
});
afterAll(() => primary.close());

test('where nothing can be written, what was transferred is not kept, however often it is', async () => {
  const zones = createServedZones();
  const row: SecondaryZone = {
    name,
    primaries: [primary.addresses[0]!],
    version: undefined,
    createdAt: '2026-01-01T00:00:00Z',
  };
  const work = { change: () => Promise.reject(new Error('the disk is full')) } as unknown as UnitOfWork;
  const follower = followZone(name, {
    ...{ work, zones, clock: systemClock, random: systemRandom, log },
    reads: {
      zone: () => row,
      zones: () => [row],
      content: () => undefined,
      primaryAddresses: () => ['127.0.0.1'],
      signedWith: () => undefined,
    },
    key: () => {
      throw new Error('none');
    },
    turn: (run) => run(),
    onServed: () => undefined,
  });
  const failed = async (times: number): Promise<void> => {
    await expect.poll(() => follower.state.failures, { timeout: 20_000 }).toBe(times);
    expect(follower.state.problem).toBe('the disk is full');
  };
  await failed(1);
  const held = zones.memory.figures().used;
  for (const times of [2, 3]) {
    follower.refresh();
    await failed(times);
  }
  expect(zones.memory.figures().used).toBe(held);
  await follower.stop();
});
