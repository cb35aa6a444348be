import { afterEach, describe, expect, test } from 'vitest';
import { domain, name, openZones, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { fromWire, printRdata } from '../../dns/rdata/registry.ts';
import { soa } from '../../dns/rdata/soa.ts';
import { Type } from '../../dns/type-codes.ts';
import { imageView } from '../../dns/zone/image-view.ts';
import { ImageField, imageField, ImageState, imageState } from '../../dns/zone/image.ts';
import { secondaryRows } from '../secondaries/store.ts';
import { memberLabel } from './content.ts';
import { catalogRows } from './store.ts';

const CATALOG = '_catalog.box.example.net';

let box: ZonesBox;
afterEach(() => box.close());

const secondary = {
  ...{ name: name('ns2.example.org'), addresses: ['192.0.2.53'], port: 53, tsigKey: undefined },
  ...{ publish: false, catalog: true, createdAt: '2026-01-01T00:00:00Z' },
};

/** Has a secondary take the catalog, or none. */
async function take(on: boolean): Promise<void> {
  await box.work.change({ actor: person, cause: 'test' }, (change) => {
    const rows = change.rows(secondaryRows);
    if (on) rows.putSecondary(secondary);
    else rows.deleteSecondary(secondary.name);
    box.catalog.secondariesChanged(change);
  });
  if (on) await box.catalog.start();
}

const image = () => box.images.zones.get(name(CATALOG));

/** The members: label and zone, in order of zone; undefined while the catalog is not served. */
function members(): string[] | undefined {
  const found = image();
  if (!found || imageState(found) !== ImageState.ready) return undefined;
  const rrsets = [...imageView(found).nodes()].flatMap((node) => node.rrsets);
  const ptrs = rrsets.filter(({ type }) => type === Type.PTR);
  return ptrs
    .map(({ owner, rdatas }) => `${printRdata(Type.PTR, rdatas[0]!)} ${owner.toText().split('.')[0]}`)
    .sort();
}

function serial(): number {
  const apex = imageView(image()!).node(name(CATALOG))!;
  return fromWire(soa, apex.rrsets.find(({ type }) => type === Type.SOA)!.rdatas[0]!).serial;
}

const label = (zone: string): string => memberLabel(box.store.read.zone(name(zone))!.id);
const entry = (zone: string): string => `${zone}. ${label(zone)}`;

describe('the catalog', () => {
  test('is there while a secondary takes it', async () => {
    box = await startZones();
    await box.domains.add(person, domain('example.com'));
    expect(box.catalog.name()).toBeUndefined();
    expect(image()).toBeUndefined();
    await take(true);
    expect(box.catalog.name()?.toText()).toBe(CATALOG);
    expect(box.catalogs).toEqual([CATALOG]);
    expect(members()).toEqual([entry('box.example.net'), entry('example.com')]);
    expect(imageField(image()!, ImageField.withheld)).toBe(1);
    await take(false);
    expect(box.catalog.name()).toBeUndefined();
    expect(image()).toBeUndefined();
  });

  test('follows domains that come and go; a label stays as long as its zone', async () => {
    box = await startZones();
    await take(true);
    await box.domains.add(person, domain('example.com'));
    const before = label('example.com');
    const first = serial();
    await box.domains.add(person, domain('example.org'));
    expect(members()).toEqual(['box.example.net', 'example.com', 'example.org'].map(entry));
    expect(serial()).toBeGreaterThan(first);
    await box.domains.remove(person, name('example.com'));
    expect(members()).toEqual(['box.example.net', 'example.org'].map(entry));
    // It comes back before it is purged: with its keys, its serial and its label.
    await box.domains.add(person, domain('example.com'));
    expect(label('example.com')).toBe(before);
    expect(members()).toContain(entry('example.com'));
  });

  test('a domain in a zone that is there already changes nothing', async () => {
    box = await startZones();
    await take(true);
    await box.domains.add(person, domain('example.com'));
    const before = serial();
    await box.domains.add(person, domain('sub.example.com'));
    expect(serial()).toBe(before);
  });

  test('a zone that becomes part of another one goes in the same version', async () => {
    box = await startZones();
    await take(true);
    await box.domains.add(person, domain('sub.example.com'));
    const before = box.work.committed.rows(catalogRows).lastMemberChange();
    await box.domains.add(person, domain('example.com'));
    expect(members()).toEqual([entry('box.example.net'), entry('example.com')]);
    const changes = box.work.committed.rows(catalogRows).memberChanges(before, 10);
    expect(changes.map(({ op, name: zone }) => `${op} ${zone.toText()}`).sort()).toEqual([
      'add example.com',
      'remove sub.example.com',
    ]);
  });

  test('what changes while it is made is in it', async () => {
    box = await startZones();
    for (let i = 0; i < 20; i++) await box.domains.add(person, domain(`d${i}.example`));
    const made = take(true);
    await Promise.all([
      box.domains.add(person, domain('late.example')),
      box.domains.remove(person, name('d7.example')),
    ]);
    await made;
    expect(members()).toContain(entry('late.example'));
    expect(members()).not.toContain(entry('d7.example'));
    expect(members()).toHaveLength(21);
  });

  test('after a restart it is the same, its serial as well', async () => {
    box = await startZones();
    await take(true);
    await box.domains.add(person, domain('example.com'));
    const before = { members: members(), serial: serial() };
    await box.database.close();
    const { data } = box;
    box = openZones({ data });
    await box.catalog.start();
    expect({ members: members(), serial: serial() }).toEqual(before);
  });

  test('taken again, it goes on with a later serial', async () => {
    box = await startZones();
    await take(true);
    const before = serial();
    await take(false);
    await box.domains.add(person, domain('example.com'));
    await take(true);
    expect(serial()).toBeGreaterThan(before);
    expect(members()).toContain(entry('example.com'));
  });

  test('changes are written down, and the newest are kept', async () => {
    box = await startZones();
    await take(true);
    await box.work.change({ actor: person, cause: 'test' }, (change) => {
      const rows = change.rows(catalogRows);
      for (let i = 1; i <= 5; i++)
        rows.addMemberChanges(i, [{ op: 'add', zoneId: i, name: name(`d${i}.example`) }], 3);
    });
    const rows = box.work.committed.rows(catalogRows);
    expect(rows.memberChangeOf(2)).toBeUndefined();
    expect(rows.memberChanges(rows.memberChangeOf(3)!, 10).map(({ zoneId }) => zoneId)).toEqual([4, 5]);
  });
});
