import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { collisionOf, guardSecondaryZones } from './collisions.ts';
import { secondaryZoneRows } from './store.ts';

let box: ZonesBox;
beforeEach(async () => {
  box = await startZones({ parts: [guardSecondaryZones()] });
});
afterEach(() => box.close());

const follow = (zone: string): Promise<void> =>
  box.work.change({ actor: person, cause: 'test' }, (change) =>
    change.rows(secondaryZoneRows).putZone({
      ...{ name: name(zone), primaries: [{ address: '192.0.2.53' }], version: undefined },
      createdAt: '2026-01-01T00:00:00Z',
    }),
  );
const add = (...given: Parameters<typeof domain>) => box.domains.add(person, domain(...given));

describe('a secondary zone beside what is here', () => {
  test.each([
    ['a domain', ['example.com'], 'example.com', 'is a domain of the box'],
    ['a domain in a zone', ['example.com', 'sub.example.com'], 'sub.example.com', 'is a domain of the box'],
    ['the name of the box', [], 'box.example.net', 'is a domain of the box, or its own name'],
    [
      'between a zone and a domain of it',
      ['example.com', 'a.b.example.com'],
      'b.example.com',
      'a.b.example.com is in the zone example.com of the box',
    ],
  ])('cannot be %s', async (_what, domains, zone, message) => {
    for (const each of domains) await add(each);
    expect(collisionOf(box.store.read, name(zone))).toContain(message);
  });

  test.each([
    ['above a zone', ['example.com'], 'com'],
    ['above the box', [], 'example.net'],
    ['below a zone', ['example.com'], 'sub.example.com'],
    ['elsewhere', ['example.com'], 'example.org'],
  ])('may be %s', async (_what, domains, zone) => {
    for (const each of domains) await add(each);
    expect(collisionOf(box.store.read, name(zone))).toBeUndefined();
  });
});

describe('a domain beside secondary zones', () => {
  test('cannot have the name of one, unless its DNS is elsewhere', async () => {
    await follow('example.org');
    await expect(add('example.org')).rejects.toMatchObject({ code: 'in-use' });
    await add('example.org', { dns: 'external' });
    await expect(box.domains.update(person, name('example.org'), { dns: 'local' })).rejects.toMatchObject({
      code: 'in-use',
    });
  });

  test('cannot come into a zone below one of them', async () => {
    await add('example.com');
    await follow('b.example.com');
    await expect(add('a.b.example.com')).rejects.toThrow('beside the secondary zone b.example.com');
    await add('c.example.com');
  });

  test('cannot draw a zone below one of them into its own', async () => {
    await add('a.b.example.com');
    await follow('b.example.com');
    await expect(add('example.com')).rejects.toThrow('beside the secondary zone b.example.com');
  });

  test('may be a zone above or below', async () => {
    await follow('b.example.com');
    await add('example.com');
    await follow('org');
    await add('example.org');
    expect(box.origins()).toEqual(['box.example.net', 'example.com', 'example.org']);
  });

  test('the box cannot take the name of one', async () => {
    await follow('box.example.org');
    const now = box.box.get()!;
    await expect(box.box.put(person, { ...now, hostname: name('box.example.org') })).rejects.toMatchObject({
      code: 'in-use',
    });
  });
});
