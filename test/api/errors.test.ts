import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pino } from 'pino';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { AppError, errorCodes } from '../../src/core/errors.ts';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';

test('RFC 9457 §4: docs/errors.md has every code, with its status and title, and no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/errors.md'), 'utf8');
  const rows = [...page.matchAll(/^\| `([a-z-]+)` +\| (\d{3}) +\| (.*?) +\|/gm)];
  const written = new Map(rows.map((row) => [row[1], { status: Number(row[2]), title: row[3] }]));
  expect(written).toEqual(new Map(Object.entries(errorCodes)));
});

describe('what goes wrong inside', () => {
  let box: ApiUnderTest;
  let lines: Record<string, unknown>[];

  beforeEach(async () => {
    lines = [];
    const sink = { write: (line: string) => void lines.push(JSON.parse(line) as Record<string, unknown>) };
    box = await apiUnderTest({ log: pino({}, sink) });
  });
  afterEach(() => box.services.close());

  test('RFC 9457 §5: 500: the answer has nothing but the id under which the log has the cause', async () => {
    box.services.domains.list = () => {
      throw new Error('SQLITE_CORRUPT: secret of the inside');
    };
    const answer = await box.ask('GET', '/api/v1/domains');
    const id = answer.headers.get('x-request-id')!;
    expect(answer.json).toEqual({
      type: '/api/docs/errors#internal',
      title: 'Something went wrong inside the box',
      status: 500,
      detail: `The log of the box has the cause under request ${id}.`,
      code: 'internal',
      errors: [],
    });
    const logged = lines.find((line) => line['msg'] === 'a request failed unexpectedly')!;
    expect(logged['requestId']).toBe(id);
    expect(JSON.stringify(logged['err'])).toContain('SQLITE_CORRUPT');
  });

  test('RFC 9457 §5: the cause of a refusal is logged and not told', async () => {
    box.services.registrar.get = () => {
      throw new AppError('transfer-failed', 'The server did not answer.', {
        cause: new Error('ECONNRESET inside'),
      });
    };
    const response = await box.api.request(
      '/api/v1/domains/example.com/registrar',
      { headers: { Authorization: `Bearer ${box.admin}` } },
      { peer: { kind: 'network', address: '203.0.113.9' } },
    );
    expect(response.status).toBe(502);
    expect(await response.text()).not.toContain('ECONNRESET');
    expect(JSON.stringify(lines)).toContain('ECONNRESET inside');
  });

  test('the request log has who asked for what, and no secret', async () => {
    await box.ask('POST', '/api/v1/tokens', { body: { name: 'x', scopes: [{ scope: 'read' }] } });
    await box.ask('GET', '/api/v1/domains?search=private-search');
    const requests = lines.filter((line) => line['msg'] === 'request');
    expect(requests[0]).toMatchObject({
      method: 'POST',
      path: '/api/v1/tokens',
      status: 201,
      client: '203.0.113.9',
    });
    expect(requests[0]!['actor']).toBeTypeOf('string');
    const text = JSON.stringify(lines);
    expect(text).not.toContain(box.admin);
    expect(text).not.toContain('private-search');
  });
});
