import { afterEach, expect, test } from 'vitest';
import { domain, name, openZones, person, startZones, type ZonesBox } from '../../test/kit/zones-box.ts';
import { epochSeconds, FakeClock } from '../core/clock.ts';
import { seededRandom } from '../core/random.ts';
import { createServedZones } from '../dns/zone/served-zones.ts';
import { createZoneFigures } from './figures.ts';
import { startResigning } from './resign/job.ts';

const DAY = 86_400;

let zones: ZonesBox;
afterEach(() => zones.close());

test('zones, domains and when their signatures expire', async () => {
  const clock = new FakeClock();
  zones = await startZones({ clock, random: seededRandom(3) });
  const figures = createZoneFigures({ reads: zones.store.read, served: zones.images.zones, clock });
  await zones.domains.add(person, domain('example.com'));
  await zones.domains.add(person, domain('example.org', { dns: 'external' }));
  const first = figures();
  expect(first).toMatchObject({ zones: 2, domains: { local: 1, external: 1 }, awaitingSignatures: 0 });
  expect(first.imageOctets).toBeGreaterThan(5000);
  // 14 days, less up to two.
  const left = first.firstExpiration! - epochSeconds(clock);
  expect(left).toBeGreaterThanOrEqual(12 * DAY);
  expect(left).toBeLessThan(13 * DAY);

  await clock.advance(11 * DAY * 1000);
  expect(figures()).toMatchObject({ awaitingSignatures: 2, firstExpiration: first.firstExpiration });
  const job = startResigning(zones);
  await clock.advance(60_000);
  await job.stop();
  const renewed = figures();
  expect(renewed.awaitingSignatures).toBe(0);
  expect(renewed.firstExpiration! - epochSeconds(clock)).toBeGreaterThan(11 * DAY);

  await zones.domains.remove(person, name('example.com'));
  expect(figures()).toMatchObject({ zones: 1, domains: { local: 0, external: 1 } });
});

test('nothing yet', () => {
  zones = openZones();
  const served = createServedZones();
  const figures = createZoneFigures({ reads: zones.store.read, served, clock: zones.clock });
  expect(figures()).toMatchObject({ zones: 0, firstExpiration: undefined });
  // The table of zones, and no zone in it.
  expect(figures().imageOctets).toBeLessThan(1000);
});
