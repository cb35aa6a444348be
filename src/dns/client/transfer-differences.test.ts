import { describe, expect, test } from 'vitest';
import { rdataFromText } from '../rdata/registry.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { zoneDifferences } from './transfer-differences.ts';
import { wholeZone } from './transfer-whole.ts';

const zone = Name.parse('example.com');
const soa = (serial: number): ResourceRecord => ({
  ...{ owner: zone, type: Type.SOA, ttl: 60 },
  rdata: rdataFromText(Type.SOA, `. . ${serial} 1 2 3 4`),
});
const host = (n: number): ResourceRecord => ({
  ...{ owner: Name.parse(`h${n}.example.com`), type: Type.A, ttl: 60 },
  rdata: rdataFromText(Type.A, `192.0.2.${n}`),
});

/** What becomes of records, for who has version 5: the result, a failure, or that more is to come. */
function taken(records: readonly ResourceRecord[], limit = 100) {
  const collector = zoneDifferences(zone, limit, soa(5));
  for (const record of records) {
    const failure = collector.take(record);
    if (failure) return failure.message;
  }
  return collector.result ?? 'more';
}

describe('an answer to IXFR (RFC 1995 §4)', () => {
  test('RFC 1995 §2: is the SOA alone when nothing is later', () => {
    expect(taken([soa(5)])).toEqual({ kind: 'current', serial: 5 });
    expect(taken([soa(4)])).toEqual({ kind: 'current', serial: 4 });
    // RFC 1982: 0xfffffff0 comes before 5.
    expect(taken([soa(0xffff_fff0)])).toEqual({ kind: 'current', serial: 0xffff_fff0 });
    expect(taken([soa(6)])).toBe('more');
  });

  test('what follows of a version that nobody wants is not looked at', () => {
    expect(taken([soa(5), host(1), soa(5)])).toEqual({ kind: 'current', serial: 5 });
  });

  test('is one difference, or several, each where the one before ends', () => {
    const one = { removed: [soa(5), host(1)], added: [soa(7), host(2)] };
    expect(taken([soa(7), ...one.removed, ...one.added, soa(7)])).toEqual({
      ...{ kind: 'differences', differences: [one] },
    });
    const steps = [
      { removed: [soa(5)], added: [soa(6), host(2)] },
      { removed: [soa(6), host(2)], added: [soa(7)] },
    ];
    const all = steps.flatMap(({ removed, added }) => [...removed, ...added]);
    expect(taken([soa(7), ...all, soa(7)])).toEqual({ kind: 'differences', differences: steps });
    expect(taken([soa(7), ...all])).toBe('more');
  });

  test('RFC 1995 §7: its example, in steps, condensed (§6) and as a whole zone', () => {
    const [nezu, bb1, bb2, bb3] = [host(5), host(4), host(2), host(3)];
    const steps = [
      { removed: [soa(5), nezu], added: [soa(6), bb1, bb2] },
      { removed: [soa(6), bb1], added: [soa(7), bb3] },
    ];
    const inSteps = steps.flatMap(({ removed, added }) => [...removed, ...added]);
    expect(taken([soa(7), ...inSteps, soa(7)])).toEqual({ kind: 'differences', differences: steps });
    const condensed = { removed: [soa(5), nezu], added: [soa(7), bb3, bb2] };
    expect(taken([soa(7), ...condensed.removed, ...condensed.added, soa(7)])).toEqual({
      ...{ kind: 'differences', differences: [condensed] },
    });
    expect(taken([soa(7), bb3, bb2, soa(7)])).toMatchObject({ kind: 'zone', records: { length: 3 } });
  });

  test('RFC 1995 §4: is the whole zone', () => {
    expect(taken([soa(7), host(1), soa(7)])).toEqual({
      ...{ kind: 'zone', records: [soa(7), host(1)], skipped: 0 },
    });
    // Nothing but its SOA, which is no zone that could be served.
    expect(taken([soa(7), soa(7)])).toEqual({ kind: 'zone', records: [soa(7)], skipped: 0 });
  });

  test.each([
    ['the first record is not the SOA', [host(1)]],
    ['a difference leads to an earlier version', [soa(7), soa(5), soa(4)]],
    ['does not begin where the one before ends', [soa(9), soa(5), soa(6), soa(7)]],
    ['the SOA at the end is not that of the beginning', [soa(7), soa(5), soa(7), soa(8)]],
    ['the SOA at the end is not that of the beginning', [soa(7), host(1), soa(8)]],
    ['records follow the SOA that ends', [soa(7), soa(5), soa(7), soa(7), host(1)]],
    ['has more than 3 changes', [soa(7), soa(5), host(1), host(2), host(3)], 3],
  ] as const)('is none when %s', (message, records, limit?: number) => {
    expect(taken(records, limit)).toContain(message);
  });
});

test('of a whole zone the first record says whether it is later', () => {
  const collector = wholeZone(zone, 10, soa(5));
  expect(collector.take(soa(5))).toBeUndefined();
  expect(collector.result).toEqual({ kind: 'current', serial: 5 });
});
