import { hc, type InferRequestType, type InferResponseType } from 'hono/client';
import { afterEach, beforeEach, expect, expectTypeOf, test } from 'vitest';
import type { ApiRoutes } from '../../src/api/client-types.ts';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';

/*
 * A client as the panel will be one, against the real application: `tsc` checks the types of this file, vitest the answers. Whatever is marked
 * as an error must be one, or `tsc` fails.
 */
let box: ApiUnderTest;
let client: ReturnType<typeof clientOf>;
beforeEach(async () => {
  box = await apiUnderTest();
  client = clientOf(box);
});
afterEach(() => box.services.close());

function clientOf({ api, admin }: ApiUnderTest) {
  return hc<ApiRoutes>('http://box.example.net', {
    headers: { Authorization: `Bearer ${admin}` },
    fetch: (input: string | URL | Request, init?: RequestInit) =>
      api.request(input, init, { peer: { kind: 'network', address: '203.0.113.9' } }),
  });
}

test('adds a domain and reads it back, each field with its type', async () => {
  const added = await client.api.v1.domains.$post({ json: { name: 'example.org', mail: false } });
  if (added.status !== 201) throw new Error((await added.json()).detail);
  const domain = await added.json();
  expectTypeOf(domain.serial).toEqualTypeOf<number | null>();
  expectTypeOf(domain.dns).toEqualTypeOf<'local' | 'external'>();
  expect(domain).toMatchObject({ name: 'example.org', mail: false });

  const { domains } = client.api.v1;
  const read = await domains[':domain'].$get({ param: { domain: 'example.org' } });
  expect(read.status).toBe(200);
  const list = await domains.$get({ query: { limit: '1' } });
  if (list.status !== 200) throw new Error('no list');
  const { items, next } = await list.json();
  expectTypeOf(next).toEqualTypeOf<string | null>();
  expect(items.map(({ name }) => name)).toEqual(['example.com']);
});

test('whatever is no success is a problem', async () => {
  const answer = await client.api.v1.domains[':domain'].$get({ param: { domain: 'example.net' } });
  if (answer.status === 200) throw new Error('there is such a domain');
  const problem = await answer.json();
  expectTypeOf(problem.errors).toEqualTypeOf<{ path: string; message: string }[]>();
  expect(problem.code).toBe('not-found');
});

test('one record or many are written with the same words', async () => {
  const { records } = client.api.v1.zones[':zone'];
  const param = { zone: 'example.com' };
  const record = { owner: 'www.example.com', type: 'A', ttl: 300, value: '192.0.2.1' };
  const one = await records.$post({ param, json: record });
  expect(one.status).toBe(201);
  const many = await records.$put({ param, json: { records: [record] } });
  if (many.status !== 200) throw new Error('not written');
  expect((await many.json()).records).toHaveLength(1);
});

type Calls = ReturnType<typeof clientOf>['api']['v1'];
type NewDomain = InferRequestType<Calls['domains']['$post']>['json'];
type Box = InferResponseType<Calls['box']['$get'], 200>;

test('what the API does not know is an error before it runs', async () => {
  const { zones } = client.api.v1;
  expectTypeOf<Box['hostname']>().toEqualTypeOf<string | null>();
  // @ts-expect-error: the field is called name
  const misspelt: NewDomain = { nam: 'example.org' };
  // @ts-expect-error: no such way of DNS
  const unknown: NewDomain = { name: 'example.org', dns: 'elsewhere' };
  expect(misspelt).not.toEqual(unknown);
  // @ts-expect-error: records are a list
  const records = zones[':zone'].records.$put({ param: { zone: 'example.com' }, json: { records: 'www' } });
  // @ts-expect-error: the zone is missing
  const rollback = zones[':zone'].rollback.$post({ json: { serial: 1 } });
  expect([(await records).status, (await rollback).status]).toEqual([400, 400]);
  // @ts-expect-error: there is no such path
  expect(client.api.v1.nothing).toBeDefined();
});
