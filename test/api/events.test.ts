import { afterEach, beforeEach, expect, test } from 'vitest';
import { createApi } from '../../src/api/app.ts';
import { createLog } from '../../src/core/log.ts';
import { seededRandom } from '../../src/core/random.ts';
import { memoryServices, type MemoryServices, testBox } from '../kit/memory-services.ts';

let services: MemoryServices;
beforeEach(() => {
  services = memoryServices({ box: testBox });
});
afterEach(() => services.close());

const peer = { kind: 'network', address: '203.0.113.9' } as const;
const actor = { kind: 'system', id: 'test', name: 'test', address: undefined } as const;

interface Stream {
  status: number;
  type: string | null;
  /** The next piece of the stream; undefined at its end. */
  read(): Promise<string | undefined>;
  cancel(): Promise<void>;
}

async function open(
  options: {
    headers?: Record<string, string>;
    query?: string;
    stopping?: AbortSignal;
    expiresAt?: string;
    scope?: 'read' | 'admin';
  } = {},
): Promise<Stream & { id: string }> {
  const { stopping, expiresAt, scope = 'read' } = options;
  const request = { name: 'x', scopes: [{ scope }], expiresAt };
  const { token, secret } = await services.tokens.create(actor, request);
  const api = createApi(services, {
    clock: services.clock,
    random: seededRandom(1),
    log: createLog({ level: 'silent' }),
    ...(stopping && { stopping }),
  });
  const headers = { Authorization: `Bearer ${secret}`, ...options.headers };
  const response = await api.request(`/api/v1/events${options.query ?? ''}`, { headers }, { peer });
  const reader = response.body!.getReader();
  return {
    id: token.id,
    status: response.status,
    type: response.headers.get('content-type'),
    read: async () => {
      const { value } = (await reader.read()) as { value: Uint8Array | undefined };
      return value === undefined ? undefined : Buffer.from(value).toString();
    },
    cancel: () => reader.cancel(),
  };
}

test('200: events come as they happen, with id, type and data', async () => {
  const stream = await open();
  expect([stream.status, stream.type]).toEqual([200, 'text/event-stream']);
  expect(await stream.read()).toBe('retry: 3000\n\n');
  services.events.publish('domain.added', { name: 'example.com' });
  const text = (await stream.read())!;
  const [, id, data] = /^id: (\d+)\nevent: domain\.added\ndata: (.*)\n\n$/.exec(text)!;
  expect(JSON.parse(data!)).toEqual({
    id: Number(id),
    at: '2026-01-01T00:00:00.000Z',
    type: 'domain.added',
    data: { name: 'example.com' },
  });
});

test.each([
  ['Last-Event-ID', (id: number) => ({ headers: { 'Last-Event-ID': String(id) } })],
  ['?lastEventId=', (id: number) => ({ query: `?lastEventId=${id}` })],
])('%s resumes after the last event that was seen', async (_, options) => {
  for (const n of [1, 2, 3]) services.events.publish('domain.added', { n });
  const first = services.clock.now();
  const stream = await open(options(first));
  await stream.read();
  expect(await stream.read()).toContain('"n":2');
  expect(await stream.read()).toContain('"n":3');
  services.events.publish('domain.removed', { n: 4 });
  expect(await stream.read()).toContain('"n":4');
});

test('what accounts, sessions, tokens and keys there are is for administrators alone', async () => {
  const [reader, admin] = [await open(), await open({ scope: 'admin' })];
  for (const stream of [reader, admin]) await stream.read();
  const told = [
    'account.added',
    'session.started',
    'token.added',
    'tsig-key.added',
    'secondary.added',
  ] as const;
  for (const type of told) services.events.publish(type, {});
  const typeIn = (text: string | undefined) => /^event: (.*)$/m.exec(text ?? '')?.[1];
  const seen: (string | undefined)[] = [];
  while (seen.at(-1) !== 'secondary.added') seen.push(typeIn(await admin.read()));
  expect(seen.slice(-told.length)).toEqual(told);
  expect(typeIn(await reader.read())).toBe('secondary.added');
});

test('400: a last id that is none', async () => {
  expect((await open({ headers: { 'Last-Event-ID': 'x' } })).status).toBe(400);
});

test('a silent stream is kept alive by comments', async () => {
  const stream = await open();
  await stream.read();
  await services.clock.advance(20_000);
  expect(await stream.read()).toBe(': keepalive\n\n');
  await services.clock.advance(20_000);
  expect(await stream.read()).toBe(': keepalive\n\n');
});

test('a stream ends at once when its token is revoked, and no other does', async () => {
  const stream = await open();
  const other = await open();
  await stream.read();
  await other.read();
  await services.tokens.revoke(actor, stream.id);
  expect(await stream.read()).toBeUndefined();
  services.events.publish('domain.added', {});
  expect(await other.read()).toContain('domain.added');
});

test('a stream ends at the moment at which its token expires', async () => {
  const stream = await open({ expiresAt: '2026-01-01T00:00:05Z' });
  await stream.read();
  await services.clock.advance(4_999);
  services.events.publish('domain.added', {});
  expect(await stream.read()).toContain('domain.added');
  await services.clock.advance(1);
  expect(await stream.read()).toBeUndefined();
});

test('a stream whose token was revoked before its first octet ends with it', async () => {
  const stream = await open();
  await services.tokens.revoke(actor, stream.id);
  expect(await stream.read()).toBe('retry: 3000\n\n');
  expect(await stream.read()).toBeUndefined();
});

test('a stream ends when the box stops', async () => {
  const stopping = new AbortController();
  const stream = await open({ stopping: stopping.signal });
  await stream.read();
  stopping.abort();
  expect(await stream.read()).toBeUndefined();
});

test('a client that leaves is forgotten, and one that never read was never known', async () => {
  let listeners = 0;
  const subscribe = services.events.subscribe.bind(services.events);
  services.events.subscribe = (...args) => {
    listeners++;
    const leave = subscribe(...args);
    return () => {
      listeners--;
      leave();
    };
  };
  const stream = await open();
  expect(listeners).toBe(0);
  await stream.read();
  expect(listeners).toBe(1);
  await stream.cancel();
  expect(listeners).toBe(0);
});

test('a client that is too slow is let go instead of filling the memory', async () => {
  const stream = await open();
  await stream.read();
  for (let n = 0; n < 5_000; n++) services.events.publish('domain.added', { n });
  let got = 0;
  while ((await stream.read()) !== undefined) got++;
  expect(got).toBeGreaterThan(1_000);
  expect(got).toBeLessThan(2_100);
});

test('429: a token that follows on too many connections, until it closes one', async () => {
  const { secret } = await services.tokens.create(actor, { name: 'x', scopes: [{ scope: 'read' }] });
  const api = createApi(services, {
    clock: services.clock,
    random: seededRandom(1),
    log: createLog({ level: 'silent' }),
  });
  const follow = async (token = secret): Promise<Response> =>
    api.request('/api/v1/events', { headers: { Authorization: `Bearer ${token}` } }, { peer });
  const readers = [];
  for (let n = 0; n < 20; n++) {
    const reader = (await follow()).body!.getReader();
    await reader.read();
    readers.push(reader);
  }
  const refused = await follow();
  expect([refused.status, ((await refused.json()) as { code: string }).code]).toEqual([
    429,
    'too-many-streams',
  ]);
  const other = await services.tokens.create(actor, { name: 'y', scopes: [{ scope: 'read' }] });
  expect((await follow(other.secret)).status).toBe(200);
  await readers[0]!.cancel();
  expect((await follow()).status).toBe(200);
});
