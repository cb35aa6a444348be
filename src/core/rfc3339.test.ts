import { describe, expect, it } from 'vitest';
import { toRfc3339 } from './rfc3339.ts';

describe('RFC 3339', () => {
  it.each([
    ['RFC 3339 §5.6, §5.8: in UTC, and in upper case', Date.UTC(1985, 3, 12, 23, 20, 50, 520), '1985-04-12T23:20:50.520Z'],
    ['RFC 3339 §3: a year has four digits', Date.parse('0099-12-31T00:00:00Z'), '0099-12-31T00:00:00.000Z'],
    ['RFC 3339 §3: also the first', -1e15, '0000-01-01T00:00:00.000Z'],
    ['RFC 3339 §3: and the last', Date.parse('9999-12-31T23:59:59-01:00'), '9999-12-31T23:59:59.999Z'],
  ])('%s', (_, time, expected) => {
    expect(toRfc3339(time)).toBe(expected);
  }); // prettier-ignore

  it('RFC 3339 §5.1: sorted as text they are in the order of time', () => {
    const times = [-1e15, -1, 0, 1, 10, 999, 1000, 1e12, 1e12 + 1, 4e13, 1e15];
    expect(times.map(toRfc3339)).toEqual(times.map(toRfc3339).sort());
  });
});
