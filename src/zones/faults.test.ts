import { expect, test } from 'vitest';
import { domain, name, person, startZones } from '../../test/kit/zones-box.ts';
import { FakeClock } from '../core/clock.ts';
import { seededRandom } from '../core/random.ts';
import { startResigning } from './resign/job.ts';
import { zoneRows } from './store.ts';

const DAY = 86_400_000;

test('RFC 1035 §6.1.2: a zone whose key is damaged keeps its trouble to itself: the others are renewed and published', async () => {
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const zones = await startZones({ clock, random: seededRandom(1) });
  for (const text of ['a.example', 'b.example', 'c.example']) await zones.domains.add(person, domain(text));
  const told: string[] = [];
  zones.events.subscribe(undefined, ({ type, data }) => {
    if (type === 'zone.failed' || type === 'zone.mended') told.push(`${type} ${String(data['zone'])}`);
  });
  const before = zones.served('b.example')!;
  const serials = () => ['a', 'c'].map((label) => zones.store.read.zone(name(`${label}.example`))!.serial);
  const first = serials();
  const { sqlite } = zones.database.reader;
  const { id } = zones.store.read.zone(name('b.example'))!;
  const sealed = sqlite
    .prepare('SELECT private_key FROM zone_keys WHERE zone_id = ?')
    .pluck()
    .get(id) as Buffer;
  await zones.damageKey('b.example', Buffer.alloc(sealed.length));

  const job = startResigning(zones);
  await clock.advance(30 * DAY);
  expect(serials().every((serial, index) => serial! > first[index]!)).toBe(true);
  expect(zones.served('b.example')!.node(name('b.example'))).toEqual(before.node(name('b.example')));
  expect(zones.faults.list().map(({ zone }) => zone.toText())).toEqual(['b.example']);
  expect(told).toEqual(['zone.failed b.example']);

  const box = zones.box.get()!;
  await zones.box.put(person, { ...box, ipv4: ['198.51.100.7'] });
  expect(
    zones.store.read
      .staleZones({ before: zones.store.read.generation(), after: undefined, limit: 9 })
      .map((zone) => zone.name.toText()),
  ).toEqual(['b.example']);

  await zones.damageKey('b.example', sealed);
  await clock.advance(DAY);
  expect(zones.faults.list()).toEqual([]);
  expect(told).toEqual(['zone.failed b.example', 'zone.mended b.example']);
  expect(zones.work.committed.rows(zoneRows).zonesToResignCount(clock.now() / 1000)).toBe(0);
  await job.stop();
  await zones.faults.stop();
  await zones.close();
}, 120_000);

test("a broken zone of the box's own name refuses no domain: it is served as it was, named, and tried again", async () => {
  const clock = new FakeClock(Date.UTC(2026, 0, 1));
  const zones = await startZones({ clock, random: seededRandom(1) });
  await zones.domains.add(person, domain('a.example'));
  const host = name('box.example.net');
  const reports = (of: string) =>
    zones.served('box.example.net')!.node(name(`${of}._report._dmarc.box.example.net`));
  const sealed = zones.store.read.keys(zones.store.read.zone(host)!.id)[0]!.sealedPrivateKey;
  await zones.damageKey('box.example.net', Buffer.alloc(sealed.length));
  const told: string[] = [];
  zones.events.subscribe(undefined, ({ type, data }) =>
    told.push(`${type} ${String(data['zone'] ?? data['domain'])}`),
  );

  await zones.domains.add(person, domain('b.example'));
  await zones.domains.update(person, name('b.example'), { web: false });
  await zones.domains.remove(person, name('a.example'));
  expect(zones.origins()).toEqual(['b.example', 'box.example.net']);
  expect(zones.faults.list()).toMatchObject([{ zone: host }]);
  expect(told.filter((line) => line.startsWith('zone.failed'))).toEqual(['zone.failed box.example.net']);
  expect([reports('a.example'), reports('b.example')]).toMatchObject([{}, undefined]);
  // Also after a crash it is known that it has something to take over.
  expect(zones.store.read.staleZoneCount()).toBe(1);

  await zones.damageKey('box.example.net', sealed);
  await clock.advance(DAY);
  expect(zones.faults.list()).toEqual([]);
  expect(told.at(-1)).toBe('zone.mended box.example.net');
  expect([reports('a.example'), reports('b.example')]).toMatchObject([undefined, {}]);
  expect(zones.store.read.staleZoneCount()).toBe(0);
  await zones.faults.stop();
  await zones.close();
});

test("a new address goes live everywhere but in a broken zone of the box's own name", async () => {
  const zones = await startZones();
  await zones.domains.add(person, domain('a.example'));
  await zones.damageKey('box.example.net', Buffer.alloc(64));
  const { job } = await zones.box.begin(person, { ...zones.box.get()!, ipv4: ['198.51.100.7'] });
  expect(await zones.jobEnded(job!)).toMatchObject({ done: 2, failed: [{ name: 'box.example.net' }] });
  const www = zones.served('a.example')!.node(name('www.a.example'))!;
  expect(www.rrsets.flatMap(({ rdatas }) => rdatas.map((rdata) => rdata.join('.')))).toContain(
    '198.51.100.7',
  );
  await zones.faults.stop();
  await zones.close();
});
