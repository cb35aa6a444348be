import { describe, expect, test } from 'vitest';
import { type ClientAddress, createClientAddress, setClientText } from './client-address.ts';
import {
  createRateMemory,
  defaultRateLimit,
  openRateLimiter,
  type RateLimit,
  ResponseKind,
  Verdict,
} from './rate-limit.ts';

const NOW = 1_800_000_000_000;
const SEED = 0x1234_5678;

function addressOf(text: string): ClientAddress {
  const client = createClientAddress();
  setClientText(client, text);
  return client;
}

const { answer, error, nameError, referral } = ResponseKind;

function limiterOf(limit: Partial<RateLimit> = {}, memory = createRateMemory()) {
  const limiter = openRateLimiter(memory, { rate: 10, exempt: [], ...limit }, SEED);
  return (from: string, now = NOW, kind: ResponseKind = answer, subject = 1) =>
    limiter.take(addressOf(from), kind, subject, now);
}

/** What becomes of so many at one moment. */
function verdicts(take: () => Verdict, count: number): Record<'pass' | 'slip' | 'drop', number> {
  const all = Array.from({ length: count }, take);
  const of = (verdict: Verdict) => all.filter((each) => each === verdict).length;
  return { pass: of(Verdict.pass), slip: of(Verdict.slip), drop: of(Verdict.drop) };
}

describe('response rate limiting', () => {
  test('lets one second of responses pass, then slips every second one', () => {
    const take = limiterOf();
    expect(verdicts(() => take('192.0.2.1'), 30)).toEqual({ pass: 10, slip: 10, drop: 10 });
  });

  test('lets the rate pass, however much comes', () => {
    const take = limiterOf();
    let now = NOW;
    const flood = () => take('192.0.2.1', (now += 1));
    verdicts(flood, 1000);
    expect(verdicts(flood, 10_000).pass).toBe(100);
  });

  test('never limits who asks no faster than the rate', () => {
    const take = limiterOf();
    let now = NOW;
    expect(verdicts(() => take('192.0.2.1', (now += 100)), 1000).pass).toBe(1000);
  });

  test('forgets a flood within a second', () => {
    const take = limiterOf();
    verdicts(() => take('192.0.2.1'), 1000);
    expect(take('192.0.2.1', NOW + 1000)).toBe(Verdict.pass);
    expect(verdicts(() => take('192.0.2.1', NOW + 5000), 100).pass).toBe(10);
  });

  test.each([
    ['192.0.2.1', '192.0.2.200', '192.0.3.1'],
    ['2001:db8:0:1::1', '2001:db8:0:ff:1::', '2001:db8:0:100::1'],
  ])('a /24 and a /56 are one network: %s and %s, not %s', (first, same, other) => {
    const take = limiterOf();
    expect(verdicts(() => take(first), 20).pass).toBe(10);
    expect(verdicts(() => take(same), 20).pass).toBe(0);
    expect(verdicts(() => take(other), 20).pass).toBe(10);
  });

  test('counts each kind, and what it is about, by itself', () => {
    const take = limiterOf();
    for (const kind of [answer, nameError, referral, error])
      expect(verdicts(() => take('192.0.2.1', NOW, kind), 20).pass).toBe(10);
    expect(verdicts(() => take('192.0.2.1', NOW, answer, 2), 20).pass).toBe(10);
  });

  test('exempt networks get what they ask for', () => {
    const { exempt } = defaultRateLimit;
    const take = limiterOf({ exempt: [...exempt, { address: '2001:db8::', prefix: 33 }] });
    for (const address of ['127.9.9.9', '::1', '2001:db8:7fff::1'])
      expect(verdicts(() => take(address), 100).pass).toBe(100);
    for (const address of ['128.0.0.1', '::2', '2001:db8:8000::1'])
      expect(verdicts(() => take(address), 100).pass).toBe(10);
  });

  test('workers count together', () => {
    const memory = createRateMemory();
    const workers = [limiterOf({}, memory), limiterOf({}, memory)];
    let turn = 0;
    expect(verdicts(() => workers[turn++ % 2]!('192.0.2.1'), 40).pass).toBe(10);
  });

  test('a clock that is put back limits nobody for long', () => {
    const take = limiterOf();
    verdicts(() => take('192.0.2.1'), 100);
    expect(take('192.0.2.1', NOW - 3_600_000)).toBe(Verdict.pass);
  });

  test('needs no more memory for a million networks, and still limits the one that floods', () => {
    const limiter = openRateLimiter(createRateMemory(), { rate: 10, exempt: [] }, SEED);
    const spoofed = createClientAddress();
    spoofed.size = 4;
    const flood = addressOf('192.0.2.1');
    let passed = 0;
    for (let i = 0; i < 1_000_000; i++) {
      for (let octet = 0; octet < 3; octet++) spoofed.octets[octet] = (i * 2_654_435_761) >>> (8 * octet);
      // A second for all of them.
      const now = NOW + Math.floor(i / 1000);
      limiter.take(spoofed, answer, 1, now);
      if (limiter.take(flood, answer, 1, now) === Verdict.pass) passed++;
    }
    expect(passed).toBeLessThan(200);
  });
});
