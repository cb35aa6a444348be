import { afterAll, beforeAll, expect, test } from 'vitest';
import { moment } from '../../src/cli/values.ts';
import { apiUnderTest, type ApiUnderTest } from '../kit/api.ts';

let box: ApiUnderTest;
beforeAll(async () => {
  box = await apiUnderTest();
});
afterAll(() => box.services.close());

/** When a token with this end has it, as the box says; or the status of its refusal. */
async function read(expiresAt: string): Promise<string | number> {
  const body = { name: 'x', scopes: [{ scope: 'read' }], expiresAt };
  const { status, json } = await box.ask('POST', '/api/v1/tokens', { body });
  return status === 201 ? (json['token'] as { expiresAt: string }).expiresAt : status;
}

test.each([
  ['RFC 3339 §5.8: UTC', '2096-12-19T16:39:57Z', '2096-12-19T16:39:57.000Z'],
  ['RFC 3339 §4.2: an offset is local time minus UTC', '2096-12-19T16:39:57-08:00', '2096-12-20T00:39:57.000Z'],
  ['RFC 3339 §4.2: also to the east', '2096-12-19T16:39:57+05:30', '2096-12-19T11:09:57.000Z'],
  ['RFC 3339 §4.3: an unknown offset is UTC', '2096-12-19T16:39:57-00:00', '2096-12-19T16:39:57.000Z'],
  ['RFC 3339 §5.6: a fraction of any length', '2096-04-12T23:20:50.5Z', '2096-04-12T23:20:50.500Z'],
  ['RFC 3339 §5.7: a day that its month has', '2096-02-29T00:00:00Z', '2096-02-29T00:00:00.000Z'],
  ['RFC 3339 §5.7: no day that its month has not', '2095-02-29T00:00:00Z', 400],
  ['RFC 3339 §5.7: no hour 24', '2096-02-28T24:00:00Z', 400],
  ['RFC 3339 §5.6: no minute 60', '2096-02-28T23:60:00Z', 400],
  ['RFC 3339 §5.6: no month 13', '2096-13-01T00:00:00Z', 400],
  ['RFC 3339 §3: no year of two digits', '96-02-28T00:00:00Z', 400],
  ['RFC 3339 §4.4: no local time of which nobody knows the place', '2096-02-28T00:00:00', 400],
  ['RFC 3339 §5.6: no day without a time', '2096-02-28', 400],
])('%s: %s', async (_, text, expected) => {
  expect(await read(text)).toBe(expected);
}); // prettier-ignore

test.each([
  ['RFC 3339 §4.2', '2026-12-19T16:39:57-08:00', '2026-12-20T00:39:57.000Z'],
  ['RFC 3339 §4.4: the machine knows where it is', '2026-12-19T16:39:57', new Date(2026, 11, 19, 16, 39, 57).toISOString()],
  ['RFC 3339 §4.4: and what was two hours ago', '2h', '2026-01-01T10:00:00.000Z'],
])('the command makes UTC of what a person writes: %s: %s', (_, text, expected) => {
  expect(moment(text, Date.UTC(2026, 0, 1, 12))).toBe(expected);
}); // prettier-ignore
