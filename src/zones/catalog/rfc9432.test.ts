import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { FakeClock } from '../../core/clock.ts';
import { imageView } from '../../dns/zone/image-view.ts';
import { ImageField, imageField } from '../../dns/zone/image.ts';
import { printRecord } from '../../dns/zonefile/print.ts';
import { purgeKeeper } from '../history/purge.ts';
import { zoneRecords } from '../publisher/node-records.ts';
import { secondaryRows } from '../secondaries/store.ts';

/* RFC 9432 for who makes a catalog: what is in it, and when its labels change. */

const CATALOG = '_catalog.box.example.net';
/** Seconds: removed zones are forgotten at once. */
const retention = { versions: 1, versionsAtLeast: 1, audit: 1, jobs: 1, removedZones: 1 };
let box: ZonesBox;
let clock: FakeClock;

beforeEach(async () => {
  clock = new FakeClock();
  box = await startZones({ clock });
  for (const text of ['example.com', 'example.org']) await box.domains.add(person, domain(text));
  await box.work.change({ actor: person, cause: 'test' }, (change) => {
    change.rows(secondaryRows).putSecondary({
      ...{ name: name('ns2.example.org'), addresses: ['192.0.2.53'], port: 53, tsigKey: undefined },
      ...{ publish: false, catalog: true, createdAt: '2026-01-01T00:00:00Z' },
    });
    box.catalog.secondariesChanged(change);
  });
  await box.catalog.start();
});
afterEach(() => box.close());

const image = () => box.images.zones.get(name(CATALOG))!;
/** Lines, with the owner relative to the catalog. */
const records = (): string[] =>
  [...zoneRecords(imageView(image()))].map((record) =>
    printRecord(record).replace(`${CATALOG}. `, '@ ').replace('.@', ''),
  );
const members = (): Map<string, string> =>
  new Map(
    records().flatMap((line) => {
      const [, label, zone] = /^(\w+)\.zones 0 IN PTR (\S+)\.$/.exec(line) ?? [];
      return zone === undefined ? [] : [[zone, label!] as const];
    }),
  );
const serial = (): number =>
  Number(/ SOA \S+ \S+ (\d+) /.exec(records().find((line) => line.includes(' SOA '))!)![1]);

describe('RFC 9432: the catalog', () => {
  test('RFC 9432 §4: has an SOA and one NS at its apex, which names no server', () => {
    const apex = records().filter((line) => line.startsWith('@ '));
    expect(apex.filter((line) => line.includes(' SOA '))).toHaveLength(1);
    expect(apex.filter((line) => line.includes(' NS '))).toEqual(['@ 0 IN NS invalid.']);
    expect(apex).toHaveLength(2);
  });

  test('RFC 9432 §4: has a later serial with every change, and with none the same', async () => {
    const serials = [serial()];
    await box.domains.add(person, domain('later.example'));
    serials.push(serial());
    await box.domains.remove(person, name('example.com'));
    serials.push(serial());
    // The clock stands still.
    expect(new Set(serials).size).toBe(3);
    expect(serials.toSorted()).toEqual(serials);
    await box.records.add(person, name('example.org'), [
      { owner: 'a.example.org', type: 'TXT', value: '"a"' },
    ]);
    expect(serial()).toBe(serials[2]);
  });

  test('RFC 9432 §4.1: has a PTR for each zone, below a label of its own right below "zones"', () => {
    const all = members();
    expect([...all.keys()].sort()).toEqual(['box.example.net', 'example.com', 'example.org']);
    expect(new Set(all.values()).size).toBe(3);
    expect(records().filter((line) => line.includes(' PTR '))).toHaveLength(3);
  });

  test('RFC 9432 §4.2.1: has its version, 2, in one TXT record', () => {
    expect(records().filter((line) => line.startsWith('version'))).toEqual(['version 0 IN TXT "2"']);
  });

  test('RFC 9432 §4.3: has no other properties', () => {
    expect(records()).toHaveLength(2 + 1 + 3);
  });

  test('RFC 9432 §6: has a name in a domain of who makes it', () => {
    expect(box.catalog.name()!.toText()).toBe(CATALOG);
  });

  test('RFC 9432 §7: is for nobody but who may transfer it', () => {
    expect(imageField(image(), ImageField.withheld)).toBe(1);
  });
});

test('RFC 9432 §4.1, §5.6: a label stays while the zone goes on, and is another one when it begins anew', async () => {
  const before = members().get('example.com');
  await box.records.add(person, name('example.com'), [{ owner: 'a.example.com', type: 'TXT', value: '"a"' }]);
  await box.domains.remove(person, name('example.com'));
  expect(members().get('example.com')).toBeUndefined();
  await box.domains.add(person, domain('example.com'));
  expect(members().get('example.com')).toBe(before);
  await box.domains.remove(person, name('example.com'));
  await clock.advance(2000);
  const keeper = purgeKeeper({
    ...{
      retention: () => retention,
      keys: { forget: () => undefined },
      parts: [],
      clock,
    },
  });
  await box.work.change({ actor: person, cause: 'test' }, (change) => keeper.forget(change));
  await box.domains.add(person, domain('example.com'));
  expect(members().get('example.com')).toMatch(/^[0-9a-f]{20}$/);
  expect(members().get('example.com')).not.toBe(before);
});
