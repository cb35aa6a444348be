import { afterEach, beforeEach, expect, test } from 'vitest';
import { apiUnderTest, type ApiUnderTest, type TestAnswer } from '../kit/api.ts';

let box: ApiUnderTest;
beforeEach(async () => {
  box = await apiUnderTest();
});
afterEach(() => box.services.close());

const headers = { 'Idempotency-Key': 'a-key-of-my-own' };
const add = (name: string, extra = {}): Promise<TestAnswer> =>
  box.ask('POST', '/api/v1/domains', { body: { name }, headers, ...extra });

test('a repeated request gets the first answer and changes nothing', async () => {
  const first = await add('example.org');
  const second = await add('example.org');
  expect(first.headers.get('idempotency-replayed')).toBeNull();
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect([second.status, second.text, second.headers.get('location')]).toEqual([
    201,
    first.text,
    '/api/v1/domains/example.org',
  ]);
  const quoted = await add('example.org', { headers: { 'Idempotency-Key': '"a-key-of-my-own"' } });
  expect(quoted.headers.get('idempotency-replayed')).toBe('true');
  expect((await box.ask('GET', '/api/v1/domains')).json.items).toHaveLength(2);
});

test('409: the key with another body', async () => {
  await add('example.org');
  expect((await add('example.net')).json['code']).toBe('idempotency-conflict');
});

test('the key of another token is another key', async () => {
  await add('example.org');
  const token = await box.tokenFor({ scope: 'admin' });
  expect((await add('example.net', { token })).status).toBe(201);
});

test('409 with Retry-After: the first request still runs', async () => {
  const { domains } = box.services;
  const { promise: gate, resolve: open } = Promise.withResolvers<undefined>();
  const { promise: inside, resolve: enter } = Promise.withResolvers<undefined>();
  const original = domains.add.bind(domains);
  domains.add = async (...args) => {
    enter(undefined);
    await gate;
    return original(...args);
  };
  const first = add('example.org');
  await inside;
  const second = await add('example.org');
  expect([second.json['code'], second.headers.get('retry-after')]).toEqual(['request-running', '1']);
  open(undefined);
  expect((await first).status).toBe(201);
  expect((await add('example.org')).headers.get('idempotency-replayed')).toBe('true');
});

test('a refused request leaves the key free', async () => {
  expect((await add('example.com')).json['code']).toBe('already-exists');
  expect((await add('example.org')).status).toBe(201);
});

test('400: a key that is none', async () => {
  for (const key of ['', 'with space', 'x'.repeat(256)]) {
    const answer = await add('example.org', { headers: { 'Idempotency-Key': key } });
    expect(answer.json['code'], key).toBe('invalid-request');
  }
});

test("a token's secret is not kept for the repeated answer", async () => {
  const ask = (): Promise<TestAnswer> =>
    box.ask('POST', '/api/v1/tokens', { body: { name: 'x', scopes: [{ scope: 'read' }] }, headers });
  const first = await ask();
  const second = await ask();
  expect(first.json['secret']).toMatch(/^sp_/);
  expect(second.headers.get('idempotency-replayed')).toBe('true');
  expect(second.json).toEqual({ token: first.json['token'] });
});
