import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { apiUnderTest, type ApiUnderTest, type TestAnswer } from '../kit/api.ts';

let box: ApiUnderTest;
beforeEach(async () => {
  box = await apiUnderTest();
});
afterEach(() => box.services.close());

const add = (domains: unknown, headers = {}): Promise<TestAnswer> =>
  box.ask('POST', '/api/v1/domains/bulk', { body: { domains }, headers });

test('202: many domains are a job, which names each that could not be added', async () => {
  const names = ['example.org', 'Example.NET.', 'example..com', 'example.com', 'x'.repeat(5000), ''];
  const started = await add(names.map((name) => ({ name })));
  expect(started.status).toBe(202);
  const location = started.headers.get('location')!;
  expect(location).toBe(`/api/v1/jobs/${started.json['job'] as string}`);
  const { json } = await box.ask('GET', location);
  expect(json).toMatchObject({
    kind: 'domains.add',
    state: 'done',
    done: 6,
    total: 6,
    failedCount: 4,
    detail: null,
  });
  const failed = json['failed'] as { name: string; code: string; detail: string }[];
  expect(failed.map(({ name, code }) => [name.slice(0, 12), code])).toEqual([
    ['example..com', 'invalid-name'],
    ['example.com', 'already-exists'],
    ['xxxxxxxxxxxx', 'invalid-name'],
    ['', 'invalid-name'],
  ]);
  for (const { name, detail } of failed) {
    expect(name.length).toBeLessThanOrEqual(1024);
    expect(detail).toMatch(/\.$/);
  }
  expect((await box.ask('GET', '/api/v1/domains/example.net')).status).toBe(200);
});

test('each domain has its own settings, and the usual ones by default', async () => {
  await add([
    { name: 'a.example' },
    { name: 'b.example', dns: 'external', mail: false, web: false, ttl: 300 },
  ]);
  const get = async (name: string) => (await box.ask('GET', `/api/v1/domains/${name}`)).json;
  expect(await get('a.example')).toMatchObject({ dns: 'local', mail: true, web: true, ttl: null });
  expect(await get('b.example')).toMatchObject({ dns: 'external', mail: false, web: false, ttl: 300 });
});

test('a repeated request is the same job', async () => {
  const key = { 'Idempotency-Key': 'k' };
  const first = await add([{ name: 'example.org' }], key);
  const again = await add([{ name: 'example.org' }], key);
  expect([again.status, again.json, again.headers.get('location')]).toEqual([
    202,
    first.json,
    first.headers.get('location'),
  ]);
  expect((await box.ask('GET', '/api/v1/jobs')).json.items).toHaveLength(1);
});

describe('400', () => {
  const many = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ name: `d${index}.example` }));

  test('more domains than a request may have, or none', async () => {
    const refused = await add(many(20_001));
    expect(refused.json['detail']).toBe('domains: One request adds at most 20,000 domains. Split it.');
    expect((await add([])).json['detail']).toBe('domains: Give at least one domain.');
  });

  test('a setting that is none, by its path', async () => {
    const { json } = await add([{ name: 'example.org' }, { name: 'example.net', dns: 'elsewhere' }]);
    expect(json.errors).toMatchObject([{ path: 'domains[1].dns' }]);
    expect((await add([{ name: 'example.org', colour: 'red' }])).json.errors).toMatchObject([
      { path: 'domains[0].colour' },
    ]);
  });

  test('but 20,000 with all their settings are taken', async () => {
    const settings = { dns: 'local', mail: true, web: true, ttl: null };
    const { status, json } = await add(many(20_000).map((one) => ({ ...one, ...settings })));
    expect(status).toBe(202);
    const job = await box.ask('GET', `/api/v1/jobs/${json['job'] as string}`);
    expect(job.json).toMatchObject({ total: 20_000, failedCount: 0 });
  });
});

test('200: jobs are listed newest first, a page at a time, without what failed', async () => {
  for (const name of ['a.example', 'b.example', 'c..example']) await add([{ name }]);
  const first = await box.ask('GET', '/api/v1/jobs?limit=2');
  expect(first.json.items!.map(({ failedCount }) => failedCount)).toEqual([1, 0]);
  expect(first.json.items![0]).not.toHaveProperty('failed');
  const rest = await box.ask('GET', `/api/v1/jobs?limit=2&cursor=${first.json['next'] as string}`);
  expect(rest.json.items).toHaveLength(1);
});

test('200: what failed, all of it, a page at a time', async () => {
  const names = Array.from({ length: 1200 }, (_, i) => `d${i}..example`);
  const started = await add(names.map((name) => ({ name })));
  const path = `${started.headers.get('location')!}/failures?limit=500`;
  const failed: unknown[] = [];
  for (let cursor = ''; ;) {
    const { json } = await box.ask('GET', path + cursor);
    failed.push(...json.items!.map(({ name }) => name));
    if (json['next'] === null) break;
    cursor = `&cursor=${json['next'] as string}`;
  }
  expect(failed).toEqual(names);
});

test('404: a job that is none', async () => {
  expect((await box.ask('GET', '/api/v1/jobs/none')).json['code']).toBe('not-found');
  expect((await box.ask('GET', '/api/v1/jobs/none/failures')).json['code']).toBe('not-found');
});
