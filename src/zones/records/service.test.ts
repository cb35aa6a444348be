import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { AppError } from '../../core/errors.ts';
import { Type } from '../../dns/type-codes.ts';

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

  it('knows no zone that is not served', async () => {
    const action = zones.records.add(person, name('example.org'), [
      { owner: 'a.example.org', type: 'A', value: '192.0.2.9' },
    ]);
    expect((await refusal(action)).code).toBe('not-found');
  });
});
