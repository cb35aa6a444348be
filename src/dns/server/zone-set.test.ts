import { describe, expect, test } from 'vitest';
import { buildImage } from '../../../test/kit/images.ts';
import { Name } from '../wire/name.ts';
import { firstDraft } from '../zone/image-update.ts';
import { encodeNode } from '../zone/node-codec.ts';
import { createServedZones, type ServedZones } from '../zone/served-zones.ts';
import { Type } from '../type-codes.ts';
import { imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { noZone, unloadedZone } from './no-zone.ts';
import { createSearchName, setSearchName } from './search-name.ts';
import { openZoneSet, type ZoneSet } from './zone-set.ts';

function image(origin: string) {
  return imageOf(`$ORIGIN ${origin}\n@ 60 SOA ns1 hostmaster 1 2 3 4 5\n@ 60 NS ns1\nns1 60 A 192.0.2.1\n`);
}

/** The zones as a worker has them; what it is to be told by messages it finds at once. */
function open(zones: ServedZones, wanted: string[] = []): ZoneSet {
  const known = new Set<number>();
  const set: ZoneSet = openZoneSet({
    zones: { root: zones.share().root, slabs: [] },
    onWanted: (wire) => wanted.push(Name.trusted(wire).toText()),
    onMissing() {
      for (const slab of zones.share().slabs) {
        if (!known.has(slab.page)) set.addSlab(slab);
        known.add(slab.page);
      }
    },
  });
  return set;
}

function find(zones: ZoneSet, text: string, up = 0): string | undefined {
  const name = createSearchName();
  const { wire } = Name.parse(text);
  setSearchName(name, wire, 0, wire.length);
  zones.begin();
  zones.next();
  const zone = zones.find(name, name.labels - up);
  if (zone === noZone) return 'damaged';
  if (zone === unloadedZone) return 'not loaded';
  if (!zone) return undefined;
  return Name.trusted(zone.origin.slice(zone.originAt, zone.originAt + zone.originLength)).toString();
}

describe('a set of zones', () => {
  test('RFC 1034 §4.3.2, RFC 1035 §6.1.2: finds the deepest zone, whatever the case, and never half a label', () => {
    const served = servedZones([image('example.com.'), image('sub.example.com.'), image('com.')]);
    const zones = open(served);
    expect(find(zones, 'WWW.Sub.EXAMPLE.com.')).toBe('sub.example.com.');
    expect(find(zones, 'sub.example.com.', 1)).toBe('example.com.');
    expect(find(zones, 'xsub.example.com.')).toBe('example.com.');
    expect(find(zones, 'xexample.com.')).toBe('com.');
    expect(find(zones, 'example.org.')).toBeUndefined();
    expect(find(zones, '.')).toBeUndefined();
    served.commit({ remove: [Name.parse('Example.com.')] });
    expect(find(zones, 'www.example.com.')).toBe('com.');
    expect(served.size).toBe(2);
  });

  test('the root is a zone like any other', () => {
    const zones = open(servedZones([image('.')]));
    expect(find(zones, '.')).toBe('.');
    expect(find(zones, 'a.b.')).toBe('.');
  });

  test('10,000 zones come and go, whatever is there meanwhile, and leave nothing behind', () => {
    const served = createServedZones({ spoils: true });
    const zones = open(served);
    const free = (): void => {
      for (let garbage = served.collect(); garbage; garbage = served.collect()) garbage.free();
    };
    const before = served.memory.figures().used;
    for (let i = 0; i < 10_000; i++) served.commit({ set: [small(served, `z${i}.example.`)] });
    expect(served.size).toBe(10_000);
    expect([...served.all()]).toHaveLength(10_000);
    for (let i = 0; i < 10_000; i += 7) expect(find(zones, `www.z${i}.example.`)).toBe(`z${i}.example.`);
    expect(find(zones, 'z10000.example.')).toBeUndefined();
    for (let i = 0; i < 10_000; i += 2) served.commit({ remove: [Name.parse(`z${i}.example.`)] });
    free();
    for (let i = 0; i < 10_000; i += 7)
      expect(find(zones, `www.z${i}.example.`)).toBe(i % 2 === 0 ? undefined : `z${i}.example.`);
    for (let i = 1; i < 10_000; i += 2) served.commit({ remove: [Name.parse(`z${i}.example.`)] });
    // A table is as large as what it held; adding to it again replaces it.
    for (let i = 0; i < 10_000; i++) {
      served.commit({ set: [small(served, 'again.example.')] });
      served.commit({ remove: [Name.parse('again.example.')] });
      free();
    }
    expect(served.size).toBe(0);
    expect(served.memory.figures().used - before).toBeLessThan(1000);
  });

  test('a zone that is not loaded is wanted once, by all workers together', () => {
    const served = createServedZones();
    const wanted: string[] = [];
    const workers = [open(served, wanted), open(served, wanted)];
    served.announce(Name.parse('Later.example.'));
    for (const zones of [...workers, ...workers])
      expect(find(zones, 'www.later.example.')).toBe('not loaded');
    expect(wanted).toEqual(['later.example']);
    served.commit({ set: [small(served, 'later.example.')] });
    served.announce(Name.parse('later.example.'));
    for (const zones of workers) expect(find(zones, 'www.later.example.')).toBe('later.example.');
  });

  test('a damaged zone is there, until there is a version of it that is not', () => {
    const served = createServedZones();
    const zones = open(served);
    const origin = Name.parse('example.com.');
    served.announce(origin);
    served.refuse(origin, 'a row is cut short');
    expect(find(zones, 'example.com.')).toBe('damaged');
    expect(served.refused()).toEqual([{ zone: origin, reason: 'a row is cut short' }]);
    served.commit({ set: [small(served, 'example.com.')] });
    expect(find(zones, 'example.com.')).toBe('example.com.');
    expect(served.refused()).toEqual([]);
    served.refuse(origin, 'again');
    expect(find(zones, 'example.com.')).toBe('example.com.');
  });

  test('a query stays with the version of a zone that it first found', () => {
    const served = servedZones([image('example.com.')]);
    const zones = open(served);
    const name = createSearchName();
    const { wire } = Name.parse('www.example.com.');
    setSearchName(name, wire, 0, wire.length);
    zones.begin();
    zones.next();
    const first = zones.find(name, name.labels);
    served.commit({ set: [small(served, 'example.com.')] });
    expect(zones.find(name, name.labels)).toBe(first);
    expect(first!.nameCount).toBe(2);
    zones.next();
    expect(zones.find(name, name.labels)!.nameCount).toBe(1);
  });

  test('says so when it is led where nothing is', () => {
    const served = servedZones([image('example.com.')]);
    const lost = openZoneSet({
      zones: { root: served.share().root, slabs: [] },
      onWanted: () => undefined,
      onMissing: () => undefined,
    });
    expect(() => lost.begin()).toThrow('no slab');
  });
});

/** A zone of one node. */
function small(zones: ServedZones, text: string) {
  const origin = Name.parse(text);
  const soa = { owner: origin, type: Type.SOA, ttl: 60, rdatas: [new Uint8Array(22)], signatures: [] };
  const node = encodeNode({ owner: origin, rrsets: [soa] }, 'name', origin);
  return firstDraft(buildImage(zones.memory, origin, [{ kind: 'name', key: origin.sortKey, node }]));
}
