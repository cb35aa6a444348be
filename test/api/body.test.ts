import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { AppError } from '../../src/core/errors.ts';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';

let box: ApiUnderTest;
beforeEach(async () => {
  box = await apiUnderTest();
});
afterEach(async () => {
  vi.restoreAllMocks();
  await box.services.close();
});

const records = '/api/v1/zones/example.com/records';
const record = (index: number) => ({
  owner: `h${index}.example.com`,
  type: 'A',
  ttl: 300,
  value: '192.0.2.1',
});
const many = (count: number, make: (index: number) => unknown = record) =>
  Array.from({ length: count }, (_, index) => make(index));

/** A body that comes in pieces of 64 KiB; how many of them were asked for. */
function inPieces(text: string): { body: ReadableStream<Uint8Array>; pieces: () => number } {
  const octets = Buffer.from(text);
  let pieces = 0;
  const body = new ReadableStream<Uint8Array>({
    pull(controller) {
      const piece = octets.subarray(pieces << 16, ++pieces << 16);
      if (piece.length > 0) controller.enqueue(piece);
      else controller.close();
    },
  });
  return { body, pieces: () => pieces };
}

/** Long texts that were parsed since. */
function watchParse(): () => string[] {
  const parse = vi.spyOn(JSON, 'parse');
  return () => parse.mock.calls.map(([text]) => text).filter(({ length }) => length > 1000);
}

async function send(path: string, body: ReadableStream<Uint8Array>): Promise<Record<string, unknown>> {
  const headers = { Authorization: `Bearer ${box.admin}`, 'Content-Type': 'application/json' };
  const init = { method: 'POST', body, headers, duplex: 'half' } as RequestInit;
  const answer = await box.api.request(path, init, { peer: { kind: 'network', address: '203.0.113.9' } });
  return (await answer.json()) as Record<string, unknown>;
}

describe('each route takes as much as it needs', () => {
  test.each([
    ['/api/v1/domains', 256 << 10, '256 KiB'],
    ['/api/v1/zones/example.com/rollback', 256 << 10, '256 KiB'],
    [records, 2 << 20, '2 MiB'],
    ['/api/v1/zones/import', 4 << 20, '4 MiB'],
    ['/api/v1/setup', 4096, '4096 octets'],
  ])('%s: %i octets', async (path, limit, words) => {
    const within = await box.ask('POST', path, { text: ' '.repeat(limit) });
    expect(within.json['code']).toBe('invalid-request');
    const beyond = await box.ask('POST', path, { text: ' '.repeat(limit + 1) });
    expect(beyond.json).toMatchObject({
      code: 'too-large',
      detail: `The body may have ${words} at most. Split the request.`,
    });
  });
});

describe('the shape of a body is looked at while it comes', () => {
  const empties = `[${'[],'.repeat((32 << 20) / 3)}[]]`;

  test('32 MiB of empty arrays are refused at the first of them', async () => {
    for (const path of ['/api/v1/domains', records, '/api/v1/zones/import']) {
      const { body, pieces } = inPieces(empties);
      const parsed = watchParse();
      expect(await send(path, body), path).toMatchObject({ code: 'too-large' });
      expect(pieces(), path).toBeLessThan(6);
      expect(parsed()).toEqual([]);
    }
  });

  test('as many values as the limit pass, one more does not', async () => {
    const ask = (values: number) => box.ask('POST', '/api/v1/domains', { body: many(values - 1, () => 1) });
    // One value more is what the count has for the array itself.
    expect((await ask(9_999)).json['code']).toBe('invalid-request');
    expect((await ask(10_001)).json['detail']).toBe(
      'The body may hold 10,000 values at most. Split the request.',
    );
  });

  test('a body of more than 32 levels is refused, unparsed', async () => {
    const ask = async (levels: number) =>
      (await box.ask('POST', '/api/v1/domains', { text: '['.repeat(levels) + ']'.repeat(levels) })).json[
        'detail'
      ];
    expect(await ask(32)).toBe('This must be an object.');
    const parsed = watchParse();
    const { body } = inPieces('{"a":'.repeat(100_000));
    expect(await send('/api/v1/domains', body)).toMatchObject({
      detail: 'The body may have 32 levels of arrays and objects at most.',
    });
    expect(parsed()).toEqual([]);
  });
});

test('a body is parsed once', async () => {
  const text = JSON.stringify({ name: 'example.org' });
  const parse = vi.spyOn(JSON, 'parse');
  expect((await box.ask('POST', '/api/v1/domains', { text })).status).toBe(201);
  expect(parse.mock.calls.filter(([given]) => given === text)).toHaveLength(1);
});

test('a path with the name of its parameter in place of the value is none', async () => {
  const { json } = await box.ask('POST', '/api/v1/zones/:zone/rollback', { body: { serial: 1 } });
  expect(json['code']).toBe('invalid-name');
});

test('half of a surrogate pair is refused, a whole one is not', async () => {
  const ask = (name: string) =>
    box.ask('POST', '/api/v1/tokens', { text: `{"name": "${name}", "scopes": [{"scope": "read"}]}` });
  for (const half of ['\\ud83d', '\\uDE00 x', '\\ude00\\ud83d'])
    expect((await ask(half)).json['detail']).toMatch(/half of a surrogate pair/);
  expect((await ask('\\ud83d\\ude00')).json['token']).toMatchObject({ name: '\u{1f600}' });
  expect((await ask('\\\\ud83d')).json['token']).toMatchObject({ name: '\\ud83d' });
});

describe('what is wrong a thousand times is said a hundred times', () => {
  test('fields that nobody knows', async () => {
    const body = Object.fromEntries(many(9_000).map((_, index) => [`field${index}`, 1]));
    const { json, text } = await box.ask('POST', '/api/v1/domains', { body });
    expect(json.errors!.length).toBeLessThanOrEqual(100);
    expect(text.length).toBeLessThan(20_000);
  });

  test('records', async () => {
    const wrong = { owner: '', type: '!', ttl: -1, value: '', colour: 'red' };
    const { json, text } = await box.ask('POST', records, { body: { records: many(9_000, () => wrong) } });
    expect(json['detail']).toMatch(/^records\[0\]\.owner: Give a name. \(and at least 99 more\)$/);
    expect(json.errors).toHaveLength(100);
    expect(json.errors![0]!.path).toBe('records[0].owner');
    expect(text.length).toBeLessThan(20_000);
  });

  test('what a service says', async () => {
    const text = 'x.example.com. 300 IN A 192.0.2.999\n'.repeat(5_000);
    const body = { zone: 'example.com', from: { kind: 'zonefile', text } };
    box.services.zones.import = () => {
      const errors = many(5_000, () => ({ path: 'from.text', message: 'no' })) as {
        path: string;
        message: string;
      }[];
      throw new AppError('invalid-zonefile', 'no', { errors });
    };
    expect((await box.ask('POST', '/api/v1/zones/import', { body })).json.errors).toHaveLength(100);
  });
});

test.each([[[]], [many(10_001, () => ({}))], [null], ['x'], [{}]])(
  'a list of the wrong length, or none, is refused before its elements are looked at',
  async (list) => {
    const { json } = await box.ask('POST', records, { body: { records: list } });
    expect(json.errors).toHaveLength(1);
    expect(json.errors![0]).toMatchObject({ path: 'records' });
  },
);

test('ten thousand records keep nobody waiting', async () => {
  let turns = 0;
  const watch = { over: false };
  const counting = (async () => {
    while (!watch.over) {
      await setImmediate();
      turns++;
    }
  })();
  const during = async (body: unknown, headers = {}): Promise<number> => {
    const before = turns;
    expect((await box.ask('POST', records, { body, headers })).status).toBe(201);
    return turns - before;
  };
  const one = await during(record(1));
  const all = await during({ records: many(10_000) }, { 'Idempotency-Key': 'x' });
  watch.over = true;
  await counting;
  expect(all - one).toBeGreaterThan(5);
});
