import { afterEach, describe, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { epochSeconds, FakeClock } from '../../core/clock.ts';
import { seededRandom } from '../../core/random.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { secondsUntil } from '../../dns/dnssec/verify.ts';
import { startResigning } from './job.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

let zones: ZonesBox;
afterEach(() => zones.close());

/** Seconds that the signature with the least left has, and whether each is valid by now. */
function leastLeft(origin: string, now: number): number {
  let least = Infinity;
  const view = zones.served(origin)!;
  for (const nodes of [view.nodes(), view.nsec3Nodes()]) {
    for (const { rrsets } of nodes) {
      for (const rdata of rrsets.flatMap(({ signatures }) => signatures)) {
        const fields = Buffer.from(rdata.buffer, rdata.byteOffset);
        expect(secondsUntil(fields.readUInt32BE(12), now)).toBeLessThanOrEqual(0);
        least = Math.min(least, secondsUntil(fields.readUInt32BE(8), now));
      }
    }
  }
  return least;
}

async function fillZone(origin: string, count: number): Promise<void> {
  await zones.domains.add(person, domain(origin, { mail: false, web: false }));
  const records = Array.from({ length: count }, (_, i) => ({
    owner: `host${i}.${origin}`,
    type: 'TXT',
    value: `"${i}"`,
  }));
  if (count > 0) await zones.records.add(person, name(origin), records);
}

describe('the renewal of signatures', () => {
  it('keeps every signature valid for more than two days through a year, a few zones at a time', async () => {
    const clock = new FakeClock();
    zones = await startZones({ clock, random: seededRandom(7) });
    const origins = Array.from({ length: 6 }, (_, i) => `example${i}.com`);
    for (const origin of origins) await fillZone(origin, 0);
    await zones.zones.update(person, name('example0.com'), { denial: 'nsec3' });
    const busy = new Set<number>();
    zones.events.subscribe(undefined, ({ type }) => {
      if (type === 'zone.published') busy.add(Math.floor(clock.now() / HOUR));
    });
    const job = startResigning(zones);
    let least = Infinity;
    for (let day = 0; day < 365; day++) {
      await clock.advance(DAY);
      const now = epochSeconds(clock);
      for (const origin of [...origins, 'box.example.net']) least = Math.min(least, leastLeft(origin, now));
    }
    await job.stop();
    expect(least).toBeGreaterThan(2 * 86_400);
    // RFC 4033 §8.2: signatures made anew come with a new serial, which is one version of a zone.
    // Each of the zones falls due about 52 times at most: they do not come all at once.
    expect(busy.size).toBeGreaterThan(150);
    const versions = zones.zones.versions(name('example1.com'), { limit: 500, cursor: undefined }).items;
    expect(versions.length).toBeGreaterThan(26);
    expect(versions.length).toBeLessThan(70);
  }, 120_000);

  it('comes when the zone says it does', async () => {
    const clock = new FakeClock();
    zones = await startZones({ clock, random: seededRandom(9) });
    await fillZone('example.com', 3);
    const zone = name('example.com');
    const { validFrom, renewAt, expireAt } = zones.zones.signatures(zone)!;
    expect(validFrom).toBe(toRfc3339(clock.now() - HOUR));
    expect(Date.parse(expireAt) / 1000).toBe(
      epochSeconds(clock) + leastLeft('example.com', epochSeconds(clock)),
    );
    const job = startResigning(zones);
    await clock.advance(Date.parse(renewAt) - clock.now() - 1000);
    expect(zones.zones.signatures(zone)).toEqual({ validFrom, renewAt, expireAt });
    await clock.advance(HOUR);
    await job.stop();
    const next = zones.zones.signatures(zone)!;
    expect(Date.parse(next.validFrom)).toBeGreaterThanOrEqual(Date.parse(renewAt) - HOUR);
    expect(Date.parse(next.renewAt)).toBeGreaterThan(Date.parse(expireAt) - DAY);
    expect(Date.parse(next.expireAt)).toBeGreaterThan(Date.parse(next.renewAt));
  }, 60_000);

  it('renews a large zone in slices', async () => {
    const clock = new FakeClock();
    zones = await startZones({ clock, random: seededRandom(8) });
    await fillZone('example.com', 1500);
    const before = zones.zones.versions(name('example.com'), { limit: 100, cursor: undefined }).items.length;
    const job = startResigning(zones);
    await clock.advance(10 * DAY);
    await job.stop();
    const { items } = zones.zones.versions(name('example.com'), { limit: 100, cursor: undefined });
    expect(items.length - before).toBeGreaterThanOrEqual(3);
    expect(leastLeft('example.com', epochSeconds(clock))).toBeGreaterThan(4 * 86_400);
  }, 60_000);
});
