import { afterEach, describe, expect, test } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { FakeClock } from '../../core/clock.ts';
import { atOnce } from '../../core/slices.ts';
import { encodeDifference } from '../../dns/server/transfer-difference.ts';
import { Type } from '../../dns/type-codes.ts';
import { WireReader } from '../../dns/wire/reader.ts';
import { printRecord } from '../../dns/zonefile/print.ts';
import { zoneRecords } from '../publisher/node-records.ts';
import { createDifferences, MOST_VERSIONS } from './differences.ts';

let box: ZonesBox;
let clock: FakeClock;
afterEach(() => box.close());

async function start(): Promise<void> {
  clock = new FakeClock();
  box = await startZones({ clock });
  await box.domains.add(person, domain('example.com'));
}

async function add(owner: string, value = '"a"'): Promise<void> {
  await clock.advance(2000);
  await box.records.add(person, name('example.com'), [{ owner: `${owner}.example.com`, type: 'TXT', value }]);
}

const serial = (): number => box.store.read.zone(name('example.com'))!.serial!;

function ask(since: number, zone = 'example.com'): Promise<Uint8Array | undefined> {
  const { store, images, catalog } = box;
  const answer = createDifferences({ reads: store.read, zones: images.zones, catalog, clock: box.clock });
  return answer({ what: 'difference', zone: name(zone).wire, since });
}

const records = (): string[] =>
  [...zoneRecords(box.images.view(name('example.com'))!)].map((record) => printRecord(record)).sort();

/** What is removed, and what is added. */
function read(octets: Uint8Array): { removed: string[]; added: string[]; types: number[] } {
  const reader = new WireReader(octets, 0, octets.length, false);
  const newSoa = reader.u32();
  const lists = { removed: [] as string[], added: [] as string[], types: [] as number[] };
  while (reader.remaining > 0) {
    const list = reader.offset < newSoa ? lists.removed : lists.added;
    const owner = reader.name(false);
    const [type, ttl] = [reader.u16(), reader.u32()];
    lists.types.push(type);
    list.push(printRecord({ owner, type, ttl, rdata: reader.take(reader.u16()) }));
  }
  return lists;
}

describe('what leads from one version to the newest', () => {
  test('RFC 1995 §4, §6: signatures included, over several versions at once', async () => {
    await start();
    await add('first');
    const since = serial();
    const before = records();
    await add('second');
    await add('first', '"b"');
    await add('passing');
    await box.records.remove(person, name('example.com'), { owner: 'passing.example.com', type: 'TXT' });
    const { removed, added, types } = read((await ask(since))!);
    expect(types[0]).toBe(Type.SOA);
    expect(types.filter((type) => type === Type.SOA)).toHaveLength(2);
    expect(types).toContain(Type.RRSIG);
    expect([...removed, ...added].join()).not.toContain('passing');
    expect([...before.filter((line) => !removed.includes(line)), ...added].sort()).toEqual(records());
  });

  test('RFC 1995 §5: is not told where it is more than the zone', async () => {
    await start();
    const texts = (value: string) =>
      Array.from({ length: 40 }, (_, n) => ({ owner: `h${n}.example.com`, type: 'TXT', value }));
    await box.records.replace(person, name('example.com'), texts(`"${'x'.repeat(200)}"`));
    const since = serial();
    await clock.advance(2000);
    await box.records.replace(person, name('example.com'), texts(`"${'y'.repeat(200)}"`));
    expect(await ask(since)).toBeUndefined();
    const later = serial();
    await add('small');
    expect(await ask(later)).toBeDefined();
  });

  test('RFC 1995 §6: is not told where it is not known', async () => {
    await start();
    await add('first');
    expect(await ask(serial() - 1_000_000)).toBeUndefined();
    expect(await ask(serial())).toBeUndefined();
    expect(await ask(serial(), 'example.org')).toBeUndefined();
    const since = serial();
    for (let n = 0; n < 60; n++) await add(`host${n}`, `"${'x'.repeat(200)}"`);
    for (let n = 0; n < 60; n++)
      await box.records.remove(person, name('example.com'), { owner: `host${n}.example.com`, type: 'TXT' });
    // What came and went falls out: what is left is small.
    expect(await ask(since)).toBeDefined();
  });

  test('is not told when signatures on the way are forgotten, or a version was damaged', async () => {
    await start();
    await add('first');
    const since = serial();
    await add('second');
    expect(await ask(since)).toBeDefined();
    const { id } = box.store.read.zone(name('example.com'))!;
    const [newest] = box.store.read.versions(id, { before: undefined, limit: 1 });
    await box.database.write(({ sqlite }) =>
      sqlite.prepare('UPDATE zone_versions SET dnssec_diff = NULL WHERE id = ?').run(newest!.id),
    );
    expect(await ask(since)).toBeUndefined();
  });

  test(`leads over ${MOST_VERSIONS} versions at most`, async () => {
    await start();
    await add('first');
    const since = serial();
    await add('second');
    const { id } = box.store.read.zone(name('example.com'))!;
    await box.database.write(({ sqlite }) => {
      const first = sqlite
        .prepare<[number, number], { id: number }>(
          'SELECT id FROM zone_versions WHERE zone_id = ? AND serial = ?',
        )
        .get(id, since)!;
      const insert = sqlite.prepare(
        `INSERT INTO zone_versions (id, zone_id, serial, published_at, cause, actor, added, removed, change_id, diff, dnssec_diff)
         SELECT ?, zone_id, ?, published_at, cause, actor, 0, 0, change_id, diff, dnssec_diff FROM zone_versions WHERE id = ?`,
      );
      for (let n = 1; n < MOST_VERSIONS; n++) insert.run(first.id + 1000 + n, n, first.id);
      sqlite
        .prepare('UPDATE zone_versions SET id = 100000 WHERE zone_id = ? AND serial = ?')
        .run(id, serial());
    });
    expect(await ask(since)).toBeDefined();
    await add('third');
    expect(await ask(since)).toBeUndefined();
  });

  test('of the catalog: zones that came and went', async () => {
    await start();
    const catalog = {
      name: () => name('catalog.example'),
      *difference() {
        yield;
        return { removed: [], added: [] };
      },
    };
    const zones = { get: () => undefined };
    const answer = createDifferences({ reads: box.store.read, zones, catalog, clock });
    // Four octets, which are more than a catalog that is not there has.
    expect(
      await answer({ what: 'difference', zone: name('catalog.example').wire, since: 1 }),
    ).toBeUndefined();
    expect(atOnce(encodeDifference(atOnce(catalog.difference())))).toHaveLength(4);
  });
});
