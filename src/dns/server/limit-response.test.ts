import { beforeAll, describe, expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { respond } from '../../../test/kit/dns-case.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { Type } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import type { AnswerContext } from './answer.ts';
import { createClientAddress, setClientText } from './client-address.ts';
import { createCookieMemory, openCookies } from './cookies.ts';
import { noFeatures } from './features.ts';
import { createRateMemory, openRateLimiter } from './rate-limit.ts';
import type { ZoneSet } from './zone-set.ts';

const zone = `$ORIGIN example.com.
$TTL 3600
@ SOA ns1 hostmaster 1 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
www A 192.0.2.2
*.wild A 192.0.2.3
*.alias CNAME www
moved DNAME wild
away DNAME example.org.
cut NS ns1
cut2 NS ns1
`;
const RATE = 5;

let zones: ZoneSet;
beforeAll(() => {
  zones = zoneSet([imageOf(zone), imageOf(zone.replaceAll('example.com', 'example.net'))]);
});

const client = createClientAddress();
setClientText(client, '192.0.2.7');

/** A server that has seen nothing yet. */
function server(transport: 'udp' | 'tcp' = 'udp') {
  const features = {
    ...noFeatures,
    clock: new FakeClock(),
    cookies: openCookies(createCookieMemory(new Uint8Array(16))),
    identity: new Uint8Array(255),
    limiter: openRateLimiter(createRateMemory(), { rate: RATE, exempt: [] }, 1),
  };
  const context: Partial<AnswerContext> = { client, features, transport };
  const send = (name: string, cookie?: string): Message | undefined => {
    // With NSID (RFC 5001): what it asks for makes no short response longer.
    const nsid = { code: 3, data: new Uint8Array(0) };
    const options = cookie === undefined ? [nsid] : [{ code: 10, data: Uint8Array.fromHex(cookie) }];
    const query = newMessage({
      id: 1,
      questions: [{ name: Name.parse(name), type: Type.A, class: Class.IN }],
      edns: { udpSize: 1232, version: 0, do: false, options },
    });
    const response = respond(zones, encodeMessage(query), context);
    return response && decodeMessage(response);
  };
  /** How many of so many are answered in full. */
  const answered = (names: (i: number) => string, count = 20): number =>
    Array.from({ length: count }, (_, i) => send(names(i))).filter((message) => message && !message.flags.tc)
      .length;
  return { send, answered };
}

describe('what is limited together', () => {
  test.each([
    ['one name, whatever its case', (i: number) => (i % 2 ? 'www.example.com.' : 'WWW.example.COM.')],
    ['names that do not exist', (i: number) => `nope${i}.example.com.`],
    ['names of one wildcard', (i: number) => `a${i}.wild.example.com.`],
    ['aliases of one wildcard', (i: number) => `a${i}.alias.example.com.`],
    ['names of one DNAME with a wildcard', (i: number) => `a${i}.moved.example.com.`],
    ['names of one DNAME that leads elsewhere', (i: number) => `a${i}.away.example.com.`],
    ['names below one cut', (i: number) => `a${i}.cut.example.com.`],
    ['errors', (i: number) => `a${i}.example.org.`],
  ])('%s', (_what, names) => {
    expect(server().answered(names)).toBe(RATE);
  });

  test('nothing else', () => {
    const { answered } = server();
    const all = ['www.example.com.', 'ns1.example.com.', 'a.cut.example.com.', 'a.cut2.example.com.'];
    for (const name of [...all, 'nope.example.com.', 'nope.example.net.', 'a.wild.example.com.'])
      expect(answered(() => name)).toBe(RATE);
  });

  test('nothing over TCP; RFC 7873 §5.2.3: a client needs no server cookie there', () => {
    const { answered, send } = server('tcp');
    expect(answered(() => 'www.example.com.')).toBe(20);
    for (const cookie of ['0123456789abcdef', `0123456789abcdef${'00'.repeat(16)}`])
      expect(send('www.example.com.', cookie)).toMatchObject({ rcode: Rcode.NOERROR, answers: [{}] });
  });
});

describe('what is too much', () => {
  test('gets TC every second time, and no more octets than were sent', () => {
    const { send, answered } = server();
    answered(() => 'www.example.com.', RATE);
    const slipped = send('www.example.com.');
    expect(slipped).toMatchObject({
      rcode: Rcode.NOERROR,
      flags: { tc: true, aa: false },
      answers: [],
      authorities: [],
      additionals: [],
    });
    expect(slipped!.edns!.options).toEqual([]);
    expect(send('www.example.com.')).toBeUndefined();
    expect(send('www.example.com.')).toBeDefined();
  });

  test('gets BADCOOKIE when cookies are spoken, and with the cookie the answer (RFC 7873 §5.2.3, §5.2.5)', () => {
    const { send, answered } = server();
    answered(() => 'www.example.com.', RATE);
    const asked = send('www.example.com.', '0123456789abcdef');
    expect(asked).toMatchObject({ rcode: Rcode.BADCOOKIE, flags: { tc: false }, answers: [] });
    const cookie = asked!.edns!.options[0]!.data.toHex();
    for (let i = 0; i < 20; i++) expect(send('www.example.com.', cookie)?.answers).toHaveLength(1);
  });
});
