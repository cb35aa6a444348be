import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { writeRows } from '../../../test/kit/work.ts';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { AppError } from '../../core/errors.ts';
import { Type } from '../../dns/type-codes.ts';
import { zoneRows } from '../store.ts';

const zone = name('example.com');
let zones: ZonesBox;
beforeEach(async () => {
  zones = await startZones();
  await zones.domains.add(person, domain('example.com'));
});
afterEach(() => zones.close());

async function refusal(action: Promise<unknown>): Promise<AppError> {
  const error: unknown = await action.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(AppError);
  return error as AppError;
}

const list = () => zones.records.list(zone, { limit: 100, cursor: undefined }, {}).items;

function served(owner: string, type: number) {
  return zones
    .served('example.com')!
    .node(name(owner))
    ?.rrsets.find((rrset) => rrset.type === type);
}

describe('custom records', () => {
  it('adds all or none, and says which are wrong', async () => {
    const error = await refusal(
      zones.records.add(person, zone, [
        { owner: 'a.example.com', type: 'A', value: '192.0.2.9' },
        { owner: 'b.example.com', type: 'A', value: 'nonsense' },
        { owner: 'c.example.org', type: 'A', value: '192.0.2.9' },
      ]),
    );
    expect(error.errors.map(({ path }) => path)).toEqual(['records[1].value', 'records[2].owner']);
    expect(list()).toEqual([]);
    expect(served('a.example.com', Type.A)).toBeUndefined();
  });

  it('tells of records that the zone holds no more', async () => {
    await zones.records.add(person, zone, [
      { owner: 'six.example.com', type: 'AAAA', value: 'local' },
      { owner: 'mx.example.com', type: 'A', value: '203.0.113.1' },
    ]);
    expect(list().map(({ warning }) => warning)).toEqual([undefined, undefined]);
    expect(await zones.zones.warnings(zone)).toEqual([]);

    await zones.box.put(person, { ...zones.box.get()!, hostname: name('mx.example.com'), ipv6: [] });
    const reasons = Object.fromEntries(list().map(({ owner, warning }) => [owner.toText(), warning]));
    expect(reasons).toEqual({
      'six.example.com': expect.stringContaining('IPv6') as unknown,
      'mx.example.com': expect.stringContaining("are the box's own") as unknown,
    });
    const warnings = await zones.zones.warnings(zone);
    expect(warnings.map(({ owner, reason }) => [owner.toText(), reason])).toEqual(
      expect.arrayContaining(Object.entries(reasons)),
    );
  });

  it('replaces an RRset and keeps the ids of what stays', async () => {
    const { records } = await zones.records.add(person, zone, [
      { owner: 'a.example.com', type: 'A', value: '192.0.2.9' },
      { owner: 'a.example.com', type: 'TXT', value: '"hello"' },
    ]);
    await zones.records.replace(person, zone, [
      { owner: 'a.example.com', type: 'A', value: '192.0.2.10', ttl: 60 },
      { owner: 'a.example.com', type: 'A', value: '192.0.2.11', ttl: 60 },
    ]);
    expect(
      list()
        .map(({ value }) => value)
        .sort(),
    ).toEqual(['"hello"', '192.0.2.10', '192.0.2.11']);
    expect(list().find(({ value }) => value === '"hello"')!.id).toBe(records[1]!.id);
    expect(served('a.example.com', Type.A)).toMatchObject({ ttl: 60 });
    expect(served('a.example.com', Type.A)!.rdatas).toHaveLength(2);
  });

  it('shows what would come and go, and changes nothing', async () => {
    const { records } = await zones.records.add(person, zone, [
      { owner: 'a.example.com', type: 'A', value: '192.0.2.9' },
    ]);
    const { serial } = zones.zones.get(zone)!;
    const lines = async (wanted: Parameters<typeof zones.records.preview>[2]) =>
      (await zones.records.preview(person, zone, wanted)).map(
        ({ op, owner, type, value }) => `${op}${owner.toText()} ${type} ${value}`,
      );
    const second = { owner: 'a.example.com', type: 'A', value: '192.0.2.10' };
    expect(await lines({ add: [second] })).toEqual(['+a.example.com A 192.0.2.10']);
    expect(await lines({ add: [{ ...second, value: '192.0.2.9' }] })).toEqual([]);
    expect(await lines({ replace: [second] })).toEqual([
      '-a.example.com A 192.0.2.9',
      '+a.example.com A 192.0.2.10',
    ]);
    // With what the box derives for a name that has an address.
    expect(await lines({ remove: { id: records[0]!.id } })).toEqual([
      '-a.example.com A 192.0.2.9',
      '-a.example.com MX 0 .',
      '-a.example.com TXT "v=spf1 -all"',
      '-_dmarc.a.example.com TXT "v=DMARC1; p=reject"',
    ]);
    // What the box derives at the name and type gives way.
    const [derived] = await lines({ add: [{ owner: 'www.example.com', type: 'A', value: '192.0.2.7' }] });
    expect(derived).toMatch(/^-www\.example\.com A /);
    const error = await refusal(lines({ add: [{ ...second, value: 'nonsense' }] }));
    expect(error.errors.map(({ path }) => path)).toEqual(['value']);

    expect(zones.zones.get(zone)!.serial).toBe(serial);
    expect(list().map(({ value }) => value)).toEqual(['192.0.2.9']);
    expect(served('a.example.com', Type.A)!.rdatas).toHaveLength(1);
    // And what is done after it is not disturbed by it.
    await zones.records.add(person, zone, [second]);
    expect(served('a.example.com', Type.A)!.rdatas).toHaveLength(2);
  });

  it('takes a record back by id, and by owner, type and value', async () => {
    const { records } = await zones.records.add(person, zone, [
      { owner: 'a.example.com', type: 'A', value: '192.0.2.9' },
      { owner: 'a.example.com', type: 'A', value: '192.0.2.10' },
      { owner: 'a.example.com', type: 'TXT', value: '"hello"' },
    ]);
    await zones.records.remove(person, zone, { id: records[0]!.id });
    expect(list()).toHaveLength(2);
    const which = { owner: 'A.example.com', type: 'TXT', value: 'hello' };
    expect((await zones.records.remove(person, zone, which)).removed).toBe(1);
    expect((await zones.records.remove(person, zone, { owner: 'a.example.com' })).removed).toBe(1);
    expect(list()).toEqual([]);
    expect(served('a.example.com', Type.A)).toBeUndefined();
  });

  it('follows the address of the box with "local"', async () => {
    await zones.records.add(person, zone, [{ owner: 'here.example.com', type: 'A', value: 'local' }]);
    await zones.box.put(person, { ...zones.box.get()!, ipv4: ['198.51.100.1'] });
    expect([...served('here.example.com', Type.A)!.rdatas[0]!]).toEqual([198, 51, 100, 1]);
    expect([...served('www.example.com', Type.A)!.rdatas[0]!]).toEqual([198, 51, 100, 1]);
  });

  it('pages through records in canonical order', async () => {
    const records = Array.from({ length: 25 }, (_, i) => ({
      owner: `n${i}.example.com`,
      type: i % 2 ? 'TXT' : 'A',
      value: i % 2 ? '"x"' : '192.0.2.9',
    }));
    await zones.records.add(person, zone, records);
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = zones.records.list(zone, { limit: 4, cursor }, { type: 'A' });
      seen.push(...page.items.map(({ owner }) => owner.toText()));
      cursor = page.next;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(13);
    expect(seen).toEqual(seen.toSorted((a, b) => name(a).compare(name(b))));
  });

  it('refuses a cursor that it did not give', () => {
    for (const cursor of ['x', Buffer.from('[1,2,3,4]').toString('base64url')])
      expect(() => zones.records.list(zone, { limit: 4, cursor }, {})).toThrow(AppError);
  });

  it('shows the TTL that is served: the lowest of the name and type', async () => {
    const first = { owner: 'a.example.com', type: 'A', value: '192.0.2.9', ttl: 600 };
    await zones.records.add(person, zone, [first]);
    const { records } = await zones.records.add(person, zone, [{ ...first, value: '192.0.2.10', ttl: 60 }]);
    expect(records[0]).toMatchObject({ ttl: 60, effectiveTtl: 60 });
    expect(list().map(({ ttl, effectiveTtl }) => [ttl, effectiveTtl])).toEqual([
      [60, 60],
      [600, 60],
    ]);
    expect(served('a.example.com', Type.A)).toMatchObject({ ttl: 60 });
  });

  it('takes the default TTL of record, zone and box, in this order', async () => {
    const record = { owner: 'a.example.com', type: 'A', value: '192.0.2.9' };
    const ttlNow = () => [list()[0]!.effectiveTtl, served('a.example.com', Type.A)!.ttl];
    await zones.records.add(person, zone, [record]);
    expect(ttlNow()).toEqual([3600, 3600]);
    await zones.box.put(person, { ...zones.box.get()!, ttl: 1800 });
    expect(ttlNow()).toEqual([1800, 1800]);
    await zones.zones.update(person, zone, { ttl: 900 });
    expect(ttlNow()).toEqual([900, 900]);
    await zones.records.add(person, zone, [{ ...record, ttl: 0 }]);
    expect(ttlNow()).toEqual([0, 0]);
    await zones.records.add(person, zone, [record]);
    expect(ttlNow()).toEqual([900, 900]);
    expect(list()).toHaveLength(1);
  });

  it('knows the same record in another spelling', async () => {
    const { records, published } = await zones.records.add(person, zone, [
      { owner: 'a.example.com', type: 'AAAA', value: '2001:db8::1' },
      { owner: 'b.example.com', type: 'TXT', value: 'two words' },
      { owner: '*.example.com', type: 'MX', value: '10 Box.example.net.' },
    ]);
    const again = await zones.records.add(person, zone, [
      { owner: 'A.example.com.', type: 'AAAA', value: '2001:DB8:0:0:0:0:0:1' },
      { owner: 'b.example.com', type: 'TXT', value: '"two words"' },
      { owner: '*.example.com', type: 'MX', value: '10 box.example.net.' },
    ]);
    expect(again.records.map(({ id }) => id)).toEqual(records.map(({ id }) => id));
    expect(again.published).toEqual(published);
    expect(list()).toHaveLength(3);
  });

  it('takes of the same record twice in a call the TTL that comes last', async () => {
    const record = { owner: 'a.example.com', type: 'MX', value: '10 box.example.net.' };
    const before = await zones.records.add(person, zone, [{ ...record, ttl: 60 }]);
    const { records } = await zones.records.add(person, zone, [
      { ...record, ttl: 120 },
      { ...record, value: '10 BOX.example.net.', ttl: 180 },
    ]);
    expect(records).toMatchObject([{ id: before.records[0]!.id, ttl: 180, effectiveTtl: 180 }]);
    expect(list()).toHaveLength(1);
  });

  it('knows no zone that is not served', async () => {
    const action = zones.records.add(person, name('example.org'), [
      { owner: 'a.example.org', type: 'A', value: '192.0.2.9' },
    ]);
    expect((await refusal(action)).code).toBe('not-found');
  });
});

describe('what is more than a name can hold', () => {
  const texts = (count: number) =>
    Array.from({ length: count }, (_, i) => ({
      owner: 'many.example.com',
      type: 'TXT',
      value: `"record ${i}"`,
    }));

  it.each([
    ['records of a type', 'would not fit into a DNS message', texts(10_000)],
    [
      'records',
      'has 4096 records, which is as many as a name can have',
      Array.from({ length: 4100 }, (_, i) => ({
        owner: 'many.example.com',
        type: `TYPE${65_280 + (i % 2)}`,
        value: `\\# 2 ${i.toString(16).padStart(4, '0')}`,
      })),
    ],
    [
      'types',
      'has records of 64 types, which is as many as a name can have',
      Array.from({ length: 65 }, (_, i) => ({
        owner: 'many.example.com',
        type: `TYPE${65_280 + i}`,
        value: '\\# 0',
      })),
    ],
  ])('is refused: %s', async (_what, message, records) => {
    const { serial } = zones.zones.get(zone)!;
    const error = await refusal(zones.records.add(person, zone, records));
    expect(error).toMatchObject({
      code: 'record-conflict',
      message: expect.stringContaining(message) as string,
    });
    // Whoever sends ten thousand records is not told the same ten thousand times.
    expect(error.errors.length).toBeLessThanOrEqual(100);
    expect(list()).toEqual([]);
    expect(zones.zones.get(zone)!.serial).toBe(serial);
    expect(zones.store.read.lastRecordChange()).toBe(0);
  });

  it('is answered as long as it is just so much', async () => {
    const records = Array.from({ length: 3072 }, (_, i) => ({
      owner: 'many.example.com',
      type: 'A',
      value: `203.0.${i >> 8}.${i & 255}`,
    }));
    await zones.records.add(person, zone, records);
    expect(served('many.example.com', Type.A)!.rdatas).toHaveLength(3072);
    const error = await refusal(
      zones.records.add(person, zone, [{ owner: 'many.example.com', type: 'A', value: '203.0.113.1' }]),
    );
    expect(error.message).toContain('has so many A records');
  });

  it('can be taken away or replaced where it is there already', async () => {
    const put = (count: number) =>
      writeRows(zones.work, zoneRows, (tx) => {
        const { id } = tx.zone(zone)!;
        for (const [i, { value }] of texts(count).entries())
          tx.insertRecord(id, {
            id: String(i),
            owner: name('many.example.com'),
            type: Type.TXT,
            ttl: 60,
            value,
          });
      });
    await put(5000);
    const again = await zones.records.add(person, zone, [{ ...texts(1)[0]!, ttl: 60 }]);
    expect(again.records).toMatchObject([{ id: '0' }]);
    await zones.records.replace(person, zone, texts(10));
    expect(list()).toHaveLength(10);
    await zones.records.remove(person, zone, { owner: 'many.example.com' });
    await put(5000);
    const { removed } = await zones.records.remove(person, zone, { owner: 'many.example.com', type: 'TXT' });
    expect(removed).toBe(5000);
    expect(list()).toEqual([]);
  });
});
