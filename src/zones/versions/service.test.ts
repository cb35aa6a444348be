import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { systemClock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { RecordRequest } from '../custom/validate.ts';
import { stepBack } from '../publisher/serial.ts';

const zone = name('example.com');
let zones: ZonesBox;
beforeEach(async () => {
  zones = await startZones();
  await zones.domains.add(person, domain('example.com'));
});
afterEach(() => zones.close());

const address = (host: string, value: string): RecordRequest => ({
  owner: `${host}.example.com`,
  type: 'A',
  value,
});

async function add(...records: RecordRequest[]): Promise<number> {
  return (await zones.records.add(person, zone, records)).published.serial;
}

function values(): string[] {
  const { items } = zones.records.list(zone, { limit: 100, cursor: undefined }, {});
  return items.map(({ owner, value }) => `${owner.toText()} ${value}`);
}

async function lines(from: number, to: number): Promise<string[]> {
  const found = await zones.zones.diff(zone, from, to, { dnssec: false });
  return found
    .filter(({ type }) => type !== 'SOA')
    .map(({ op, owner, type, value }) => `${op} ${owner.toText()} ${type} ${value}`);
}

describe('versions of a zone', () => {
  it('shows the difference of any two, in either direction', async () => {
    const first = await add(address('a', '192.0.2.10'));
    const second = await add(address('b', '192.0.2.11'));
    await zones.records.remove(person, zone, { owner: 'a.example.com' });
    const last = zones.zones.get(zone)!.serial!;
    // RFC 1034 §4.3.5: whatever changes, the serial advances.
    expect([first < second, second < last]).toEqual([true, true]);
    expect(await lines(first, second)).toContain('+ b.example.com A 192.0.2.11');
    expect(await lines(second, last)).toContain('- a.example.com A 192.0.2.10');
    expect(await lines(last, first)).toContain('+ a.example.com A 192.0.2.10');
    expect(await lines(last, first)).toContain('- b.example.com A 192.0.2.11');
    expect(await lines(first, first)).toEqual([]);
  });

  it('keeps no signatures of what a first version was made of: nothing is compared with what was before it', async () => {
    const { id, serial } = zones.store.read.zone(zone)!;
    const [first] = zones.store.read.diffs(id, 0, 99);
    expect(first).toMatchObject({ serial, dnssec: undefined });
    expect(first!.diff.length).toBeGreaterThan(0);
    const second = await add(address('a', '192.0.2.10'));
    const found = await zones.zones.diff(zone, serial!, second, { dnssec: true });
    expect(found.filter(({ type }) => type === 'RRSIG').length).toBeGreaterThan(2);
  });

  it('gives back the zone file of an older version, signatures and all', async () => {
    const serial = zones.zones.get(zone)!.serial!;
    const options = { signed: true };
    const before = await zones.zones.zonefile(zone, options);
    await add(address('a', '192.0.2.10'), address('b', '192.0.2.11'));
    await zones.zones.update(person, zone, { denial: 'nsec3' });
    expect(await zones.zones.zonefile(zone, options)).not.toBe(before);
    expect(await zones.zones.zonefile(zone, { ...options, serial })).toBe(before);
  });

  it('RFC 5155 §10.1: refuses NSEC3 where the name of the zone leaves no room for a hash', async () => {
    const [longest, longer] = [28, 29].map((last) =>
      name(`${'abcdefg.'.repeat(23)}${'x'.repeat(last)}.example`),
    );
    for (const each of [longest!, longer!]) await zones.domains.add(person, domain(each.toText()));
    expect(longest!.wire.length).toBe(222);
    // RFC 9276 §3.1: NSEC3 is for who asks for it.
    expect(zones.zones.get(longest!)).toMatchObject({ denial: 'nsec' });
    await zones.zones.update(person, longest!, { denial: 'nsec3' });
    expect(zones.zones.get(longest!)).toMatchObject({ denial: 'nsec3' });
    await expect(zones.zones.update(person, longer!, { denial: 'nsec3' })).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining('is too long a name for NSEC3') as string,
    });
    expect(zones.zones.get(longer!)).toMatchObject({ denial: 'nsec' });
  });

  it('rolls back the records of the person under a new serial, and back again', async () => {
    const first = await add(address('a', '192.0.2.10'));
    await zones.records.replace(person, zone, [address('a', '192.0.2.20')]);
    const second = await add(address('b', '192.0.2.11'));
    const back = await zones.zones.rollback(person, zone, first);
    expect(back.serial).toBeGreaterThan(second);
    expect(values()).toEqual(['a.example.com 192.0.2.10']);
    expect(await lines(first, back.serial)).toEqual([]);
    await zones.zones.rollback(person, zone, second);
    expect(values()).toEqual(['a.example.com 192.0.2.20', 'b.example.com 192.0.2.11']);
  });

  it('rolls back to a time before the domain was somewhere else', async () => {
    const first = await add(address('a', '192.0.2.10'));
    await zones.domains.update(person, zone, { dns: 'external' });
    expect(zones.origins()).toEqual(['box.example.net']);
    await zones.domains.update(person, zone, { dns: 'local' });
    expect(values()).toEqual([]);
    await zones.zones.rollback(person, zone, first);
    expect(values()).toEqual(['a.example.com 192.0.2.10']);
  });

  it('refuses to bring back what a domain has taken the place of since, and changes nothing', async () => {
    const owner = 'shop.example.com';
    const first = await add(
      { owner, type: 'CNAME', value: 'shops.example.net.' },
      address('a', '192.0.2.10'),
    );
    await zones.records.remove(person, zone, { owner });
    await zones.records.remove(person, zone, { owner: 'a.example.com' });
    await zones.domains.add(person, domain(owner));
    const { serial } = zones.zones.get(zone)!;
    await expect(zones.zones.rollback(person, zone, first)).rejects.toMatchObject({
      code: 'record-conflict',
      message: expect.stringContaining('shop.example.com receives mail') as string,
    });
    expect(values()).toEqual([]);
    expect(zones.zones.get(zone)!.serial).toBe(serial);
    await zones.domains.remove(person, name(owner));
    await zones.zones.rollback(person, zone, first);
    expect(values()).toEqual(['a.example.com 192.0.2.10', 'shop.example.com shops.example.net.']);
  });

  it('rolls back to the version that is live: nothing but the serial changes', async () => {
    const now = await add(address('a', '192.0.2.10'));
    const back = await zones.zones.rollback(person, zone, now);
    expect(values()).toEqual(['a.example.com 192.0.2.10']);
    expect(await lines(now, back.serial)).toEqual([]);
  });

  it('rolls back over a time as part of the zone above, and of a zone of its own', async () => {
    const sub = name('sub.example.com');
    const list = (of: typeof zone) =>
      zones.records
        .list(of, { limit: 100, cursor: undefined }, {})
        .items.map((record) => `${record.owner.toText()} ${record.value}`);
    await zones.domains.add(person, domain('sub.example.com'));
    const joined = await add(address('x.sub', '192.0.2.10'));
    await zones.domains.remove(person, zone);
    const alone = zones.zones.get(sub)!.serial!;
    await zones.records.replace(person, sub, [address('x.sub', '192.0.2.11')]);
    await zones.domains.add(person, domain('example.com'));
    await add(address('y.sub', '192.0.2.12'));
    await zones.zones.rollback(person, zone, joined);
    expect(list(zone)).toEqual(['x.sub.example.com 192.0.2.10']);
    await zones.records.replace(person, zone, [address('x.sub', '192.0.2.13')]);
    await zones.domains.remove(person, zone);
    expect(list(sub)).toEqual(['x.sub.example.com 192.0.2.13']);
    await zones.zones.rollback(person, sub, alone);
    expect(list(sub)).toEqual(['x.sub.example.com 192.0.2.10']);
  });

  it('counts records, pages through versions and knows their causes', async () => {
    const before = zones.zones.get(zone)!.records;
    await add(address('a', '192.0.2.10'));
    // With the address come a null MX, SPF and DMARC that say: no mail.
    expect(zones.zones.get(zone)!.records).toBe(before + 4);
    const page = zones.zones.versions(zone, { limit: 1, cursor: undefined });
    expect(page.items[0]).toMatchObject({
      cause: 'record a.example.com A added',
      actor: 'test',
      added: 5,
      removed: 1,
    });
    const rest = zones.zones.versions(zone, { limit: 1, cursor: page.next });
    expect(rest.items[0]).toMatchObject({ cause: 'domain example.com added' });
    expect(rest.next).toBeUndefined();
  });

  it('publishes nothing when nothing changes', async () => {
    const serial = await add(address('a', '192.0.2.10'));
    const again = await add(address('a', '192.0.2.10'));
    expect(again).toBe(serial);
  });

  it('refuses versions that never were', async () => {
    await expect(zones.zones.diff(zone, 1, 2, { dnssec: false })).rejects.toThrow(AppError);
    await expect(zones.zones.zonefile(zone, { signed: false, serial: 1 })).rejects.toThrow(AppError);
  });
});

it('makes a step back in the serials, as docs/serials.md describes it', async () => {
  await zones.close();
  const start = Date.UTC(2026, 0, 1) / 1000;
  let now = start + 20 * 365 * 86_400;
  zones = await startZones({ clock: { ...systemClock, now: () => now * 1000 } });
  await zones.domains.add(person, domain('example.com'));
  const far = zones.zones.get(zone)!.serial!;
  expect(zones.zones.serialWarning(zone)).toBeUndefined();

  now = start;
  expect(await add(address('a', '192.0.2.10'))).toBe(far + 1);
  expect(zones.zones.serialWarning(zone)).toContain('7300 days ahead');

  const step = stepBack(far + 1, now)!;
  const step1 = "UPDATE zones SET serial = ? WHERE name = 'example.com'";
  await zones.database.write(({ sqlite }) => sqlite.prepare(step1).run(step));
  expect(await add(address('b', '192.0.2.10'))).toBe(step + 1);
  expect(zones.zones.serialWarning(zone)).toContain('14 days');
  now += 13 * 86_400;
  expect(await add(address('c', '192.0.2.10'))).toBe(step + 2);
  now += 86_400 + 10;
  expect(await add(address('d', '192.0.2.10'))).toBe(now);
  expect(zones.zones.serialWarning(zone)).toBeUndefined();
});
