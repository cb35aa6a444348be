import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { problem } from '../../src/api/problem.ts';
import { refusal } from '../../src/cli/refusal.ts';
import { AppError, type ErrorCode, errorCodes } from '../../src/core/errors.ts';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';

let box: ApiUnderTest;
let page: string;
beforeAll(async () => {
  box = await apiUnderTest();
  page = (await box.ask('GET', '/api/docs/errors')).text;
});
afterAll(() => box.services.close());

describe('a problem of the API', () => {
  const codes = Object.keys(errorCodes) as ErrorCode[];

  test.each(codes)('RFC 9457 §3, §3.1.1, §3.1.2, §3.1.3, §4: %s', async (code) => {
    const answer = problem(new AppError(code, 'One.'));
    const body = (await answer.json()) as Record<string, unknown>;
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    // RFC 9457 §3.1.2: the status of the answer.
    expect(body['status']).toBe(answer.status);
    // RFC 9457 §3.1.3: the same title, whatever happened.
    const other = (await problem(new AppError(code, 'Other.')).json()) as typeof body;
    expect(other).toEqual({ ...body, detail: 'Other.' });
    // RFC 9457 §3.1.1: relative with the whole path, and people find there what it means.
    expect(body['type']).toBe(`/api/docs/errors#${code}`);
    expect(page).toContain(`id="${code}"`);
    expect(page).toContain(String(body['title']));
    expect(page).toContain(String(answer.status));
  });

  test('RFC 9457 §3.1.4: detail says what to do, and what programs need has members of its own', async () => {
    const body = { name: 'example.org', colour: 'red' };
    const { json } = await box.ask('POST', '/api/v1/domains', { body });
    expect(json['detail']).toContain('There is no field of this name here.');
    expect(json).toMatchObject({ code: 'invalid-request', errors: [{ path: 'colour' }] });
  });

  test('RFC 9457 §3.2: other members have names of letters that are long enough', async () => {
    const { json } = await box.ask('GET', '/api/v1/domains/example.net');
    const others = Object.keys(json).filter((name) => !['type', 'title', 'status', 'detail'].includes(name));
    expect(others).toEqual(['code', 'errors']);
    for (const name of others) expect(name).toMatch(/^[a-z][a-z\d_]{2,}$/i);
  });
});

describe('the command reads a problem', () => {
  const call = { method: 'GET', path: '/domains' } as const;
  const words = (answer: unknown): string => refusal(502, answer, call).message;

  test.each([
    ['RFC 9457 §3.1: members of another type are as good as not there', { title: 5, detail: ['x'], code: {}, errors: 'x' }, 'The API answered 502.'],
    ['RFC 9457 §3.1: the title in place of a detail', { title: 'Bad Gateway', detail: null }, 'Bad Gateway'],
    ['RFC 9457 §3.2: members that it does not know are ignored', { detail: 'Out of credit.', balance: 30, errors: [{ detail: 'x', pointer: '#/age' }] }, 'Out of credit.'],
    ['RFC 9457 §3.1: no object at all', null, 'The API answered 502.'],
  ])('%s', (_, answer, expected) => {
    expect(words(answer)).toBe(expected);
  }); // prettier-ignore
});
