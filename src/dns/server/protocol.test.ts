import { expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { createClientAddress, setClientText } from './client-address.ts';
import { COOKIE_LENGTH, COOKIE_SECRET, CookieState, openCookies } from './cookies.ts';
import { startProtocol } from './protocol.ts';

const HOUR = 3_600_000;
const NOW = 1_800_000_000;
const client = createClientAddress();
setClientText(client, '192.0.2.1');
const asked = new Uint8Array(8).fill(7);

/** A server, and when it exchanged its secret: hours after it started. */
function server(fraction: number) {
  const clock = new FakeClock();
  const drawn: number[] = [];
  const random: Random = {
    bytes(count) {
      drawn.push(count);
      return new Uint8Array(count).fill(drawn.length);
    },
    float: () => fraction,
  };
  const protocol = startProtocol({ clock, random });
  const cookies = openCookies(protocol.shared.cookies);
  /** The cookie of a client that has none. */
  const made = (): Uint8Array => {
    const cookie = new Uint8Array(COOKIE_LENGTH);
    cookies.put(cookie, 0, asked, 0, CookieState.client, client, NOW);
    return cookie;
  };
  const check = (cookie: Uint8Array) => cookies.check(cookie, 0, cookie.length, client, NOW);
  return { clock, drawn, made, check, stop: () => protocol.stop() };
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
