import { afterEach, beforeEach, expect, test } from 'vitest';
import { damage, type DamagedPart } from '../../../test/kit/damage.ts';
import { domain, name, openZones, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { FakeClock } from '../../core/clock.ts';
import { seededRandom } from '../../core/random.ts';
import type { AppError } from '../../core/errors.ts';

const DAY = 86_400_000;
const zone = name('a.example');

let clock: FakeClock;
let box: ZonesBox;
beforeEach(async () => {
  clock = new FakeClock(Date.UTC(2026, 0, 1));
  box = await startZones({ clock, random: seededRandom(1) });
  await box.domains.add(person, domain('a.example'));
  await box.records.add(person, zone, [
    { owner: 'shop.a.example', type: 'A', ttl: undefined, value: '192.0.2.7' },
  ]);
});
afterEach(async () => {
  await box.repair.stop();
  await box.close();
});

const idOf = () => box.store.read.zone(zone)!.id;
const hurt = async (part: DamagedPart) => {
  await damage(box.database, idOf(), part);
};
const shop = () => box.served('a.example')!.node(name('shop.a.example'))!;
const serial = () => box.store.read.zone(zone)!.serial!;
/** What is stored is what is served: a start after this reads it. */
function expectStored(): void {
  expect(box.store.read.nodeSlice(idOf(), undefined, 1000).length).toBeGreaterThan(5);
}

test('a zone is made anew: the same records, a higher serial, all of it signed and stored', async () => {
  const before = shop().rrsets.map(({ type, rdatas }) => ({ type, rdatas }));
  const [first, records] = [serial(), box.zones.get(zone)!.records];
  await clock.advance(DAY);
  const done = await box.repair.rebuild(person, zone);
  expect(done).toMatchObject({ mended: [], lost: [] });
  expect(done.serial).toBeGreaterThan(first);
  expect(shop().rrsets.map(({ type, rdatas }) => ({ type, rdatas }))).toEqual(before);
  expect(box.zones.get(zone)!.records).toBe(records);
  const lines = await box.zones.diff(zone, first, done.serial, { dnssec: false });
  expect(lines.map(({ op, type }) => op + type)).toEqual(['-SOA', '+SOA']);
  expectStored();
});

test.each<[DamagedPart, string]>([
  ['node', 'signatures'],
  ['public key', 'the key'],
  ['record', 'the record shop.a.example A'],
  ['owner', 'the record shop.a.example A'],
  ['key', 'the key'],
])('a damaged %s is found and mended while the box runs', async (part, mended) => {
  const before = serial();
  await hurt(part);
  const told: unknown[] = [];
  box.events.subscribe(undefined, ({ type, data }) => type === 'zone.rebuilt' && told.push(data));
  box.repair.start();
  await clock.advance(2 * 3_600_000);
  expect(box.repair.damaged()).toEqual([]);
  expect(told).toEqual([
    expect.objectContaining({ zone: 'a.example', mended: [expect.stringContaining(mended)], lost: [] }),
  ]);
  expect(serial()).toBeGreaterThan(before);
  expect(box.records.list(zone, { limit: 9, cursor: undefined }, {}).items[0]!.value).toBe('192.0.2.7');
  box.keys.forget();
  expect(box.keys.damaged(box.store.read, box.store.read.zone(zone)!)).toEqual([]);
  expectStored();
});

test('a version whose difference is damaged says so, and the others keep theirs', async () => {
  const versions = () => box.zones.versions(zone, { limit: 9, cursor: undefined }).items;
  await hurt('version');
  const [second, first] = versions().map((version) => version.serial);
  await expect(box.zones.diff(zone, first!, second!, { dnssec: false })).rejects.toMatchObject({
    code: 'zone-damaged',
    message: expect.stringContaining('signpost zone rebuild a.example') as string,
  });
  const done = await box.repair.rebuild(person, zone);
  expect(done.lost).toEqual([`what the version ${second} changed`]);
  await expect(box.zones.diff(zone, first!, done.serial, { dnssec: false })).rejects.toMatchObject({
    code: 'not-found',
    message: expect.stringContaining(String(second)) as string,
  });
  const lines = await box.zones.diff(zone, second!, done.serial, { dnssec: false });
  expect(lines.map(({ op, type }) => op + type)).toEqual(['-SOA', '+SOA']);
  // What a person's own records were is another log.
  await box.zones.rollback(person, zone, first!);
  expect(box.served('a.example')!.node(name('shop.a.example'))).toBeUndefined();
});

test('a key that is lost is named, the last version is served on, and when the key is back all is well', async () => {
  const sealed = box.store.read.keys(idOf())[0]!.sealedPrivateKey;
  const [before, first] = [shop(), serial()];
  await box.damageKey('a.example', Buffer.alloc(sealed.length));
  box.repair.start();
  await clock.advance(2 * 3_600_000);
  const reason = expect.stringContaining('docs/repair.md') as string;
  expect(box.repair.damaged()).toMatchObject([{ zone, reason }]);
  await expect(box.repair.rebuild(person, zone)).rejects.toMatchObject({
    code: 'zone-damaged',
    message: reason,
  });
  expect([shop(), serial()]).toEqual([before, first]);
  await box.damageKey('a.example', sealed);
  await clock.advance(2 * 3_600_000);
  expect(box.repair.damaged()).toEqual([]);
});

test('signatures are never made by a key that is not the DNSKEY', async () => {
  await hurt('public key');
  box.keys.forget();
  await expect(
    box.records.add(person, zone, [{ owner: 'x.a.example', type: 'A', ttl: undefined, value: '192.0.2.8' }]),
  ).rejects.toThrow('public part');
});

test('a record that nothing else tells of is named; the advice is true: removed, it is in nobody’s way', async () => {
  const { sqlite } = box.database.reader;
  await box.database.write((writer) => writer.sqlite.exec('DELETE FROM custom_record_changes'));
  await hurt('record');
  const refused = await box.repair.rebuild(person, zone).then(
    () => undefined,
    (error: unknown) => error as AppError,
  );
  expect(refused).toMatchObject({ code: 'zone-damaged' });
  expect(refused!.message).toContain('shop.a.example A');
  expect(refused!.message).toContain('remove that record');
  const id = sqlite.prepare('SELECT id FROM custom_records').pluck().get() as string;
  await box.records.remove(person, zone, { id });
  await box.records.add(person, zone, [
    { owner: 'shop.a.example', type: 'A', ttl: undefined, value: '192.0.2.7' },
  ]);
  expect(await box.repair.rebuild(person, zone)).toMatchObject({ mended: [], lost: [] });
});

test('a zone that cannot be read at a start is made anew, and what cannot be known of its history is said', async () => {
  const { data } = box;
  await hurt('node');
  await box.database.close();
  const unreadable: string[] = [];
  const next = openZones({
    data,
    clock,
    random: seededRandom(2),
    onUnreadable: (one) => unreadable.push(one.toText()),
  });
  expect(unreadable).toEqual(['a.example']);
  expect(next.served('a.example')).toBeUndefined();
  const records = next.zones.get(zone)!.records;
  await clock.advance(1000);
  const done = await next.repair.rebuild(person, zone);
  expect(done.lost).toEqual(['what this version changes against the one before']);
  expect(next.served('a.example')!.node(name('shop.a.example'))).toBeDefined();
  expect(next.zones.get(zone)!.records).toBe(records);
  box = next;
});
