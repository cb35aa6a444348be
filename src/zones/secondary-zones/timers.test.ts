import { describe, expect, test } from 'vitest';
import { rdataFromText } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import { bounds, intervalsOf, pause } from './timers.ts';

const soa = (refresh: number, retry: number, expire: number): Uint8Array =>
  rdataFromText(Type.SOA, `ns.example. hostmaster.example. 1 ${refresh} ${retry} ${expire} 60`);
const MINUTE = 60_000;

describe('the intervals of a SOA (RFC 1035 §3.3.13)', () => {
  test.each([
    ['as they are', [3600, 600, 604_800], [3600, 600, 604_800]],
    ['nothing is without pause', [0, 0, 604_800], [60, 60, 604_800]],
    [
      'nothing is for ever',
      [4_294_967_295, 4_294_967_295, 4_294_967_295],
      [2_419_200, 1_209_600, 14_515_200],
    ],
    // RFC 1912 §2.2.
    ['what expires sooner than it is refreshed', [3600, 600, 10], [3600, 600, 4200]],
  ])('%s', (_what, [refresh, retry, expire], seconds) => {
    const found = intervalsOf(soa(refresh!, retry!, expire!));
    expect([found.refresh, found.retry, found.expire]).toEqual(seconds.map((each) => 1000 * each));
  });
});

describe('the next time (RFC 1034 §4.3.5)', () => {
  const intervals = { refresh: 60 * MINUTE, retry: 10 * MINUTE, expire: 7 * 24 * 60 * MINUTE };
  test.each([
    ['after a success', intervals, 0, 0, 60 * MINUTE],
    ['a tenth sooner at most', intervals, 0, 1, 54 * MINUTE],
    ['RFC 5936 §2.3: after a failure', intervals, 1, 0, 10 * MINUTE],
    ['after many', intervals, 50, 0, 10 * MINUTE],
    ['nothing came yet', undefined, 1, 0, 5000],
    ['RFC 5936 §2.3: half as often each time', undefined, 4, 0, 40_000],
    ['once an hour at last', undefined, 100, 0, 60 * MINUTE],
  ])('%s', (_what, given, failures, chance, expected) => {
    expect(pause(given, failures, chance)).toBe(expected);
  });
  test('is within what the clock is asked to wait', () => {
    for (const [least, most] of Object.values(bounds)) expect(least).toBeLessThan(most);
  });
});
