import { afterEach, beforeEach, expect, test } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { FakeClock } from '../../core/clock.ts';
import { seededRandom } from '../../core/random.ts';
import type { Keeper } from '../../work/history.ts';
import type { Retention } from '../model.ts';
import { purgeKeeper } from './purge.ts';
import { signatureKeeper, versionKeeper } from './versions.ts';

const DAY = 86_400;
const zone = name('example.com');
const retention: Retention = {
  ...{ versions: 30 * DAY, versionsAtLeast: 3, audit: DAY, jobs: DAY },
  removedZones: 30 * DAY,
};

let clock: FakeClock;
let zones: ZonesBox;
beforeEach(async () => {
  clock = new FakeClock();
  zones = await startZones({ clock, random: seededRandom(5) });
  await zones.domains.add(person, domain('example.com'));
});
afterEach(() => zones.close());

/** One step of each, as the background does them; all of them when not told otherwise. */
async function forget(keepers: readonly Keeper[], steps = Infinity): Promise<void> {
  for (const keeper of keepers) {
    for (let step = 0, more = true; more && step < steps; step++) {
      ({ more } = await zones.work.change({ actor: person, cause: 'test' }, (change) =>
        keeper.forget(change),
      ));
    }
  }
}

const keepers = () => [versionKeeper(() => retention, clock), signatureKeeper(clock), purge()];
const purge = () =>
  purgeKeeper({ retention: () => retention, keys: { forget: () => undefined }, parts: [], clock });
const count = (table: string): Promise<number> =>
  zones.database.write(({ sqlite }) =>
    sqlite.prepare<[], number>(`SELECT count(*) FROM ${table}`).pluck().get()!,
  );

function values(): string[] {
  const { items } = zones.records.list(zone, { limit: 100, cursor: undefined }, {});
  return items.map(({ owner, value }) => `${owner.toText()} ${value}`);
}

test('a year of changes keeps what is set, and every version that is kept leads back exactly', async () => {
  const said = new Map<number, { values: string[]; file: string }>();
  const first = zones.zones.get(zone)!.serial!;
  for (let day = 0; day < 365; day += 5) {
    await clock.advance(5 * DAY * 1000);
    const records = [{ owner: `h${day % 7}.example.com`, type: 'A', value: `192.0.2.${day % 200}` }];
    await zones.records.replace(person, zone, records);
    const { serial } = zones.zones.get(zone)!;
    said.set(serial!, { values: values(), file: await zones.zones.zonefile(zone, { signed: false }) });
    await forget(keepers());
    expect(zones.zones.versions(zone, { limit: 100, cursor: undefined }).items.length).toBeLessThanOrEqual(9);
  }
  // One for each record that went and came, back to the oldest version that is kept.
  expect(await count('custom_record_changes')).toBeLessThan(30);
  const { items, since } = zones.zones.versions(zone, { limit: 100, cursor: undefined });
  expect(since).toBe(items.at(-1)!.publishedAt);
  expect(items.length).toBeGreaterThanOrEqual(6);
  await expect(zones.zones.rollback(person, zone, first)).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining('is not kept any more') as string,
  });
  for (const { serial } of items) {
    expect(await zones.zones.zonefile(zone, { signed: false, serial })).toBe(said.get(serial)!.file);
    await zones.zones.rollback(person, zone, serial);
    expect(values()).toEqual(said.get(serial)!.values);
  }
});

test('a zone of which little changes keeps its newest versions for as long as it takes', async () => {
  for (const value of ['192.0.2.1', '192.0.2.2', '192.0.2.3', '192.0.2.4']) {
    await clock.advance(1000);
    await zones.records.replace(person, zone, [{ owner: 'a.example.com', type: 'A', value }]);
  }
  await clock.advance(400 * DAY * 1000);
  await forget(keepers());
  const { items } = zones.zones.versions(zone, { limit: 100, cursor: undefined });
  expect(items).toHaveLength(3);
  await zones.zones.rollback(person, zone, items.at(-1)!.serial);
  expect(values()).toEqual(['a.example.com 192.0.2.2']);
});

test('a domain that comes back in time goes on with its keys; later it has new ones, and a later serial', async () => {
  const [key] = zones.zones.keys(zone);
  await zones.domains.remove(person, zone);
  await clock.advance(29 * DAY * 1000);
  await forget(keepers());
  await zones.domains.add(person, domain('example.com'));
  expect(zones.zones.keys(zone)[0]!.keyTag).toBe(key!.keyTag);
  // Ahead of the clock, as after very many versions.
  const ahead = Math.floor(clock.now() / 1000) + 40 * DAY;
  await zones.database.write(({ sqlite }) => {
    sqlite.prepare('UPDATE zones SET serial = ? WHERE name = ?').run(ahead, 'example.com');
  });
  await zones.domains.remove(person, zone);
  await clock.advance(31 * DAY * 1000);
  await forget([purge()]);
  for (const table of ['zone_nodes', 'zone_keys', 'zone_versions'])
    expect(await count(`${table} WHERE zone_id NOT IN (SELECT id FROM zones WHERE active = 1)`)).toBe(0);
  expect(await count(`zones WHERE active = 0`)).toBe(0);
  await zones.domains.add(person, domain('example.com'));
  expect(zones.zones.keys(zone)[0]!.createdAt > key!.createdAt).toBe(true);
  expect(zones.zones.get(zone)!.serial).toBe(ahead + 1);
});

test('a domain that comes back while it is purged begins anew, and the purge goes on', async () => {
  await zones.domains.remove(person, zone);
  await clock.advance(31 * DAY * 1000);
  await forget([purge()], 2);
  expect(await count('zones WHERE purging = 1')).toBe(1);
  await zones.domains.add(person, domain('example.com'));
  const file = await zones.zones.zonefile(zone, { signed: true });
  await forget([purge()]);
  expect(await count('zones WHERE purging = 1')).toBe(0);
  expect(await zones.zones.zonefile(zone, { signed: true })).toBe(file);
  expect(zones.zones.versions(zone, { limit: 10, cursor: undefined }).items).toHaveLength(1);
});
