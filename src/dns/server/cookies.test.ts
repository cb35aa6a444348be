import { describe, expect, test } from 'vitest';
import { createClientAddress, setClientText } from './client-address.ts';
import {
  COOKIE_LENGTH,
  type Cookies,
  CookieState,
  createCookieMemory,
  openCookies,
  rotateCookieSecret,
} from './cookies.ts';
import { sipHash24 } from './siphash.ts';

const hex = (text: string): Uint8Array => Uint8Array.fromHex(text.replaceAll(' ', ''));

function addressOf(text: string) {
  const client = createClientAddress();
  setClientText(client, text);
  return client;
}

/** What the cookie says, and what comes back. */
function exchange(cookies: Cookies, { from, cookie, now }: { from: string; cookie: string; now: number }) {
  // Somewhere in a message.
  const bytes = Uint8Array.from([7, ...hex(cookie)]);
  const client = addressOf(from);
  const state = cookies.check(bytes, 1, bytes.length - 1, client, now);
  const out = new Uint8Array(COOKIE_LENGTH + 2);
  cookies.put(out, 2, bytes, 1, state, client, now);
  return { state, reply: out.subarray(2).toHex() };
}

test('RFC 9018 §6, RFC 7873 §9.1: SipHash-2-4, appendix A of the paper', () => {
  const octets = Uint8Array.from({ length: 16 }, (_, i) => i);
  const out = new Uint8Array(8);
  sipHash24(new Uint32Array(octets.buffer), octets, 15, out, 0);
  expect(out.toHex()).toBe('e545be4961ca29a1');
});

describe('the examples of RFC 9018, appendix A', () => {
  const secret = hex('e5e973e5a6b2a43f48e7dc849e37bfcf');
  const cookies = openCookies(createCookieMemory(secret));
  const from = '198.51.100.100';
  const client = '2464c4abcf10c957';

  // RFC 9018 §4.1: version 1; RFC 9018 §4.2: zeros in the reserved octets.
  test('RFC 9018 §4.4, A.1: a new server cookie', () => {
    expect(exchange(cookies, { from, cookie: client, now: 1_559_731_985 })).toEqual({
      state: CookieState.client,
      reply: '2464c4abcf10c957010000005cf79f111f8130c3eee29480',
    });
  });

  test('RFC 9018 §4.3, A.2: the same client 40 minutes later gets another one', () => {
    const cookie = '2464c4abcf10c957010000005cf79f111f8130c3eee29480';
    expect(exchange(cookies, { from, cookie, now: 1_559_734_385 })).toEqual({
      state: CookieState.ageing,
      reply: '2464c4abcf10c957010000005cf7a871d4a564a1442aca77',
    });
    // §4.3: in its first half hour it is as good as a new one.
    expect(exchange(cookies, { from, cookie, now: 1_559_731_985 + 1800 })).toEqual({
      state: CookieState.valid,
      reply: cookie,
    });
  });

  test('RFC 9018 §4.2, A.3: the reserved octets are hashed as they came', () => {
    const cookie = 'fc93fc62807ddb8601abcdef5cf78f71a314227b6679ebf5';
    const another = { from: '203.0.113.203', cookie };
    // The clock of the example has gone on for two hours; §4.3 lets it live for one.
    expect(exchange(cookies, { ...another, now: 1_559_727_985 }).state).toBe(CookieState.valid);
    expect(exchange(cookies, { ...another, now: 1_559_734_700 })).toEqual({
      state: CookieState.invalid,
      reply: 'fc93fc62807ddb86010000005cf7a9acf73a7810aca2381e',
    });
  });

  test('RFC 9018 §4.4, §5, A.4: IPv6, and a secret that was exchanged', () => {
    const memory = createCookieMemory(hex('dd3bdf9344b678b185a6f5cb60fca715'));
    const opened = openCookies(memory);
    rotateCookieSecret(memory, hex('445536bcd2513298075a5d379663c962'));
    const cookie = '22681ab97d52c298010000005cf7c57926556bd0934c72f8';
    const asked = { from: '2001:db8:220:1:59de:d0f4:8769:82b8', cookie, now: 1_559_741_961 };
    expect(exchange(opened, asked)).toEqual({
      state: CookieState.ageing,
      reply: '22681ab97d52c298010000005cf7c609a6bb79d16625507a',
    });
    // §5: gone with the exchange after it.
    rotateCookieSecret(memory, secret);
    expect(exchange(opened, asked).state).toBe(CookieState.invalid);
  });
});

test('RFC 9018 §4.3, §4.4: what is too old, ahead of time, of another version or length or from elsewhere is not ours', () => {
  const cookies = openCookies(createCookieMemory(new Uint8Array(16).fill(7)));
  const from = '192.0.2.1';
  const now = 1_800_000_000;
  const cookie = exchange(cookies, { from, cookie: '0123456789abcdef', now }).reply;
  const stateAt = (later: number) => exchange(cookies, { from, cookie, now: now + later }).state;
  expect([-301, -300, 0, 3600, 3601].map(stateAt)).toEqual([
    CookieState.invalid,
    CookieState.valid,
    CookieState.valid,
    CookieState.ageing,
    CookieState.invalid,
  ]);
  expect(exchange(cookies, { from: '192.0.2.2', cookie, now }).state).toBe(CookieState.invalid);
  const version = cookie.slice(0, 16) + '02' + cookie.slice(18);
  expect(exchange(cookies, { from, cookie: version, now }).state).toBe(CookieState.invalid);
  const longer = cookie + '00';
  expect(exchange(cookies, { from, cookie: longer, now }).state).toBe(CookieState.invalid);
});

test('RFC 7873 §4.2: another address, or another client cookie, has another server cookie', () => {
  const cookies = openCookies(createCookieMemory(new Uint8Array(16).fill(7)));
  const asked = [
    { from: '192.0.2.1', cookie: '0123456789abcdef' },
    { from: '192.0.2.2', cookie: '0123456789abcdef' },
    { from: '192.0.2.1', cookie: '0123456789abcdee' },
  ];
  const made = asked.map((each) => exchange(cookies, { ...each, now: 1_800_000_000 }).reply.slice(16));
  expect(new Set(made).size).toBe(3);
});

test('RFC 9018 §4.3: timestamps go on when their 32 bits are used up', () => {
  const cookies = openCookies(createCookieMemory(new Uint8Array(16)));
  const from = '192.0.2.1';
  const cookie = exchange(cookies, { from, cookie: '0123456789abcdef', now: 2 ** 32 - 10 }).reply;
  expect(exchange(cookies, { from, cookie, now: 2 ** 32 + 10 }).state).toBe(CookieState.valid);
});
