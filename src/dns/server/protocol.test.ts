import { expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { createClientAddress, setClientText } from './client-address.ts';
import { COOKIE_LENGTH, COOKIE_SECRET, type CookieSecrets, CookieState, openCookies } from './cookies.ts';
import { startProtocol } from './protocol.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000;
const client = createClientAddress();
setClientText(client, '192.0.2.1');
const asked = new Uint8Array(8).fill(7);

/** A server, and when it exchanged its secret: hours after it started. */
function server(fraction: number, cookieSecrets?: CookieSecrets) {
  const clock = new FakeClock();
  const drawn: number[] = [];
  const random: Random = {
    bytes(count) {
      drawn.push(count);
      return new Uint8Array(count).fill(drawn.length);
    },
    float: () => fraction,
  };
  const protocol = startProtocol({ clock, random, cookieSecrets });
  const cookies = openCookies(protocol.shared.cookies);
  /** The cookie of a client that has none. */
  const made = (): Uint8Array => {
    const cookie = new Uint8Array(COOKIE_LENGTH);
    cookies.put(cookie, 0, asked, 0, CookieState.client, client, NOW);
    return cookie;
  };
  const check = (cookie: Uint8Array) => cookies.check(cookie, 0, cookie.length, client, NOW);
  const set = (secrets: CookieSecrets): void => protocol.setCookieSecrets(secrets);
  return { clock, drawn, made, check, set, stop: () => protocol.stop() };
}

test('RFC 7873 §4.2: the secret has 64 bits at least', () => {
  const { drawn, stop } = server(0);
  expect(drawn[0]).toBe(COOKIE_SECRET);
  expect(8 * COOKIE_SECRET).toBeGreaterThanOrEqual(64);
  stop();
});

test.each([
  ['a day at most', 0, 24],
  ['up to two fifths of it less, by chance', 0.999_999, 14.4],
])('RFC 7873 §7.1: a secret is used for %s', async (_what, fraction, hours) => {
  const { clock, made, check, stop } = server(fraction);
  const first = made();
  await clock.advance(hours * HOUR - 1000);
  expect(made()).toEqual(first);
  await clock.advance(2000);
  const second = made();
  expect(second).not.toEqual(first);
  // One of the secret before is good, and another comes back.
  expect([check(first), check(second)]).toEqual([CookieState.ageing, CookieState.valid]);
  await clock.advance(hours * HOUR);
  expect(made()).not.toEqual(second);
  // RFC 9018 §5: a secret that is gone makes nothing good any more.
  expect(check(first)).toBe(CookieState.invalid);
  stop();
});

test('RFC 9018 §5: servers that share secrets take each other’s cookies at every stage of an exchange', () => {
  const [old, next, last] = [1, 2, 3].map((octet) => new Uint8Array(COOKIE_SECRET).fill(octet)) as [
    Uint8Array,
    Uint8Array,
    Uint8Array,
  ];
  const [a, b] = [server(0, { made: old, taken: old }), server(0, { made: old, taken: old })];
  expect(b.check(a.made())).toBe(CookieState.valid);
  // The new one is known everywhere before anybody makes cookies with it.
  a.set({ made: old, taken: next });
  expect([b.check(a.made()), a.check(b.made())]).toEqual([CookieState.valid, CookieState.valid]);
  b.set({ made: next, taken: old });
  expect([b.check(a.made()), a.check(b.made())]).toEqual([CookieState.ageing, CookieState.ageing]);
  a.set({ made: next, taken: old });
  const before = a.made();
  expect(b.check(before)).toBe(CookieState.valid);
  for (const each of [a, b]) each.set({ made: last, taken: last });
  expect(a.check(before)).toBe(CookieState.invalid);
  expect(a.check(b.made())).toBe(CookieState.valid);
});

test('RFC 9018 §5: shared secrets are exchanged by whoever set them, and not by the server', async () => {
  const secret = new Uint8Array(COOKIE_SECRET).fill(1);
  const { clock, made, stop } = server(0, { made: secret, taken: secret });
  const first = made();
  await clock.advance(100 * HOUR);
  expect(made()).toEqual(first);
  stop();
});
