import { expect, test } from 'vitest';
import { ApiProblem, problemBody } from '../../panel/src/api/problem.ts';
import { createFormat } from '../../panel/src/texts/format.ts';
import { de } from '../../panel/src/texts/de.ts';
import { en } from '../../panel/src/texts/en.ts';

const gateway = { status: 502, statusText: 'Bad Gateway' };
const nothing = { status: 502, title: 'Bad Gateway', detail: '502 Bad Gateway', code: 'unknown' };

test.each([
  ['RFC 9457 §3.1: members of another type are as good as not there', { title: 5, detail: ['x'], code: {}, status: '1', errors: {} }, nothing],
  ['RFC 9457 §3.1: no object', 'x', nothing],
  ['RFC 9457 §3.1.2: the status is that of the answer', { status: 404, title: 'Not Found' }, { ...nothing, title: 'Not Found' }],
  ['RFC 9457 §3.2: members that it does not know are ignored', { detail: 'No.', balance: 30 }, { ...nothing, detail: 'No.' }],
  ['RFC 9457 §3.2: also those of another problem', { errors: [{ detail: 'x', pointer: '#/age' }, { path: 'a', message: 'No.' }] }, { ...nothing, errors: [{ path: 'a', message: 'No.' }] }],
])('the panel reads a problem: %s', (_, answer, expected) => {
  const body = problemBody(answer, gateway);
  expect(body).toEqual(expected);
  expect(new ApiProblem(body).message).toBe(expected.detail);
}); // prettier-ignore

test('RFC 3339 §5.2: times are written as the language has them, and where the browser is', () => {
  const local = new Date(2026, 1, 28, 17, 5);
  const [german, english] = [createFormat('de', de), createFormat('en', en)];
  expect(german.dateTime(new Date(local.toISOString()))).toBe('28.02.2026, 17:05');
  expect(english.dateTime(new Date(local.toISOString()))).toMatch(/^Feb 28, 2026, 5:05\sPM$/);
});
