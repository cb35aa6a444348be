import { describe, expect, test } from 'vitest';
import { Name } from '../wire/name.ts';
import { imageOf } from '../../../test/kit/test-zone.ts';
import { createSearchName, setSearchName } from './search-name.ts';
import { createZoneSet, type ZoneSet } from './zone-set.ts';

function image(origin: string) {
  return imageOf(`$ORIGIN ${origin}\n@ 60 SOA ns1 hostmaster 1 2 3 4 5\n@ 60 NS ns1\nns1 60 A 192.0.2.1\n`);
}

function find(zones: ZoneSet, text: string, up = 0): string | undefined {
  const name = createSearchName();
  const { wire } = Name.parse(text);
  setSearchName(name, wire, 0, wire.length);
  const zone = zones.find(name, name.labels - up);
  return zone && Name.trusted(zone.originWire).toString();
}

describe('a set of zones', () => {
  test('finds the deepest zone, whatever the case, and never half a label', () => {
    const zones = createZoneSet([image('example.com.'), image('sub.example.com.'), image('com.')]);
    expect(find(zones, 'WWW.Sub.EXAMPLE.com.')).toBe('sub.example.com.');
    expect(find(zones, 'sub.example.com.', 1)).toBe('example.com.');
    expect(find(zones, 'xsub.example.com.')).toBe('example.com.');
    expect(find(zones, 'xexample.com.')).toBe('com.');
    expect(find(zones, 'example.org.')).toBeUndefined();
    expect(find(zones, '.')).toBeUndefined();
    zones.remove(Name.parse('example.com.').key);
    expect(find(zones, 'www.example.com.')).toBe('com.');
    expect(zones.size).toBe(2);
  });

  test('the root is a zone like any other', () => {
    const zones = createZoneSet([image('.')]);
    expect(find(zones, '.')).toBe('.');
    expect(find(zones, 'a.b.')).toBe('.');
  });

  test('holds 10,000 zones', () => {
    const zones = createZoneSet();
    const made = image('z.example.');
    for (let i = 0; i < 10_000; i++) {
      const origin = Name.parse(`z${i}.example.`);
      zones.set({ ...made, originWire: origin.wire });
    }
    expect(zones.size).toBe(10_000);
    for (let i = 0; i < 10_000; i += 7) expect(find(zones, `www.z${i}.example.`)).toBe(`z${i}.example.`);
    expect(find(zones, 'z10000.example.')).toBeUndefined();
  });
});
