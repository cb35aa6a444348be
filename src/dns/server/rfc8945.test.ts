import { describe, expect, test } from 'vitest';
import {
  hmac,
  signByHand,
  sizedMac,
  tsigTimers,
  tsigVariables,
  withTsig,
} from '../../../test/kit/sign-by-hand.ts';
import { testRequests } from '../../../test/kit/test-requests.ts';
import { imageOf } from '../../../test/kit/test-zone.ts';
import { epochSeconds, FakeClock } from '../../core/clock.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { readTsig, type TsigKey, withoutTsig } from '../message/tsig.ts';
import type { Tsig } from '../rdata/tsig.ts';
import { Type } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';

/* RFC 8945: what is answered to messages that are signed, or should be. Signatures are made and looked at by hand. */

const clock = new FakeClock();
const now = epochSeconds(clock);
const key: TsigKey = {
  ...{ name: Name.parse('Xfr.example'), algorithm: 'hmac-sha256' },
  secret: Buffer.alloc(32, 3),
};
const stranger: TsigKey = { ...key, name: Name.parse('stranger.example') };
const second: TsigKey = {
  name: Name.parse('second.example'),
  algorithm: 'hmac-sha512',
  secret: Buffer.alloc(64, 4),
};
const long = 'x'.repeat(250);
const requests = testRequests(
  [
    imageOf(`$ORIGIN example.com.
$TTL 300
@ SOA ns1 hostmaster 7 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
${Array.from({ length: 300 }, (_, n) => `host${n} TXT "${n}${'y'.repeat(200)}"`).join('\n')}
large TXT "${long}" "${long}" "${'z'.repeat(150)}"
`),
  ],
  {
    keys: [key, second].map(({ name, ...rest }) => ({ name: name.toText(), ...rest, zones: 'all' })),
    addresses: [],
  },
  clock,
);

const query = (name = 'ns1.example.com', type: number = Type.A, fields: Partial<Message> = {}): Uint8Array =>
  encodeMessage(
    newMessage({ id: 7, questions: [{ name: Name.parse(name), type, class: Class.IN }], ...fields }),
  );
const question = { name: Name.parse('example.com'), type: Type.A, class: Class.IN };
/** Signed as of now, unless said otherwise. */
const signed = (
  changes: Partial<Tsig> = {},
  {
    by = key,
    message = query(),
    cut,
  }: { by?: TsigKey; message?: Uint8Array; cut?: (mac: Buffer) => Uint8Array } = {},
): Uint8Array => signByHand(message, by, { timeSigned: now, ...changes }, cut);
const macOf = (message: Uint8Array): Uint8Array => readTsig(message)!.mac;

/** The answer, and its TSIG. */
function ask(message: Uint8Array, how?: Parameters<typeof requests.ask>[1]) {
  const [bytes] = requests.ask(message, how);
  return { bytes: bytes!, answer: decodeMessage(bytes!), tsig: readTsig(bytes!) };
}

/** RFC 8945 §5.3: the request's signature (§4.3.1), the answer as it was before (§4.3.2), and the variables (§4.3.3). */
function expectSigned(request: Uint8Array, bytes: Uint8Array, by = key): void {
  const tsig = readTsig(bytes)!;
  const mac = hmac(by, sizedMac(macOf(request)), withoutTsig(bytes, tsig), tsigVariables(by.name, tsig));
  expect(Buffer.from(tsig.mac).toString('hex')).toBe(mac.toString('hex'));
}

describe('RFC 8945 §5.2: a request', () => {
  const tsigOf = (message: Uint8Array) => decodeMessage(message).additionals.at(-1)!;
  const record = {
    owner: Name.root,
    type: Type.A,
    class: Class.IN,
    ttl: 0,
    rdata: Uint8Array.of(1, 2, 3, 4),
  };
  test.each([
    ['RFC 8945 §5.2: with two TSIG records', withTsig(signed(), key.name, tsigOf(signed()).rdata)],
    [
      'RFC 8945 §5.2: with one that is not the last',
      query(undefined, undefined, { additionals: [tsigOf(signed()), record] }),
    ],
    [
      'RFC 8945 §5.2: with one in another section',
      query(undefined, undefined, { answers: [tsigOf(signed())] }),
    ],
    [
      'RFC 8945 §5.2: with one that cannot be read',
      withTsig(query(), key.name, Buffer.from('0b686d', 'hex')),
    ],
    [
      'RFC 8945 §5.2.2.1: whose MAC is longer than the hash',
      signed({}, { cut: (mac) => Buffer.concat([mac, Buffer.of(0)]) }),
    ],
    [
      'RFC 8945 §5.2.2.1: whose MAC is shorter than half of it',
      signed({}, { cut: (mac) => mac.subarray(0, 15) }),
    ],
    ['RFC 8945 §5.2.2.1: without a MAC', signed({}, { cut: () => Buffer.alloc(0) })],
  ])('%s is FORMERR', (_what, message) => {
    expect(ask(message)).toMatchObject({
      ...{ answer: { id: 7, rcode: Rcode.FORMERR, answers: [] }, tsig: undefined },
    });
  });

  test.each([
    ['RFC 8945 §5.2.1: BADKEY for a key that is not known', signed({}, { by: stranger }), Rcode.BADKEY],
    [
      'RFC 8945 §5.2.1: BADKEY for an algorithm that is not known',
      signed({ algorithm: Name.parse('hmac-md5.sig-alg.reg.int') }),
      Rcode.BADKEY,
    ],
    [
      'RFC 8945 §5.2.1: BADKEY for an algorithm that the key does not have',
      signed({ algorithm: Name.parse('hmac-sha512') }),
      Rcode.BADKEY,
    ],
    ['RFC 8945 §5.2.2: BADSIG for a MAC that is wrong', signed({ mac: Buffer.alloc(32) }), Rcode.BADSIG],
    [
      'RFC 8945 §5.2: the key before the MAC and the time',
      signed({ mac: Buffer.alloc(32), timeSigned: 1 }, { by: stranger }),
      Rcode.BADKEY,
    ],
    [
      'RFC 8945 §5.2: the MAC before the time',
      signed({ mac: Buffer.alloc(32), timeSigned: 1 }),
      Rcode.BADSIG,
    ],
  ])('%s, NOTAUTH and not signed (§5.3.2)', (_what, message, error) => {
    const { answer, tsig } = ask(message);
    expect(answer).toMatchObject({ id: 7, rcode: Rcode.NOTAUTH, answers: [] });
    expect(tsig).toMatchObject({
      error,
      mac: new Uint8Array(0),
      otherData: new Uint8Array(0),
      originalId: 7,
    });
  });

  test.each([
    ['too early', { timeSigned: now - 601, fudge: 600 }],
    ['too late', { timeSigned: now + 61, fudge: 60 }],
    [
      'cut, too: the time comes first (§5.2)',
      { timeSigned: now - 601, fudge: 600 },
      (mac: Buffer) => mac.subarray(0, 16),
    ],
  ] as const)(
    'RFC 8945 §5.2.3: BADTIME, signed, with its time and fudge and our time: %s',
    (_what, fields, cut?: (mac: Buffer) => Buffer) => {
      const request = signed(fields, { cut });
      const { answer, bytes, tsig } = ask(request);
      expect(answer.rcode).toBe(Rcode.NOTAUTH);
      expect(tsig).toMatchObject({ ...fields, error: Rcode.BADTIME });
      expect(tsig!.otherData).toHaveLength(6);
      expect(Buffer.from(tsig!.otherData).readUIntBE(0, 6)).toBe(now);
      expectSigned(request, bytes);
    },
  );

  test('RFC 8945 §5.2.3: the fudge of the request says how far its time may be away', () => {
    for (const timeSigned of [now - 600, now + 600]) {
      expect(ask(signed({ timeSigned, fudge: 600 })).answer.rcode).toBe(Rcode.NOERROR);
      expect(ask(signed({ timeSigned, fudge: 599 })).answer.rcode).toBe(Rcode.NOTAUTH);
    }
  });

  test('RFC 8945 §5.2.4: BADTRUNC for a MAC that was cut, signed with all of ours behind what came of its (§5.2.2.1)', () => {
    const request = signed({}, { cut: (mac) => mac.subarray(0, 16) });
    const { answer, bytes, tsig } = ask(request);
    expect(answer.rcode).toBe(Rcode.NOTAUTH);
    expect(tsig).toMatchObject({ error: Rcode.BADTRUNC, otherData: new Uint8Array(0) });
    // RFC 8945 §7: at least as long as that of the request.
    expect(tsig!.mac).toHaveLength(32);
    expectSigned(request, bytes);
    expect(ask(signed({ mac: Buffer.alloc(16) })).tsig!.error).toBe(Rcode.BADSIG);
  });
});

describe('RFC 8945 §5.3: an answer', () => {
  test.each([key, second])(
    'RFC 8945 §5.3: is signed with key and algorithm of the request: $algorithm',
    (by) => {
      const request = signed({}, { by });
      const { answer, bytes, tsig } = ask(request);
      expect(answer).toMatchObject({ rcode: Rcode.NOERROR, answers: [{ type: Type.A }] });
      expect(tsig).toMatchObject({ error: 0, timeSigned: now, fudge: 300, otherData: new Uint8Array(0) });
      expect(tsig!.algorithm.toText()).toBe(by.algorithm);
      expectSigned(request, bytes, by);
    },
  );

  test('RFC 8945 §5.3: is not signed when the request was not', () => {
    expect(ask(query()).tsig).toBeUndefined();
  });

  test.each([
    ['a zone that is not here', query('elsewhere.example'), Rcode.REFUSED],
    ['a query that is malformed', query('example.com', Type.IXFR), Rcode.FORMERR],
    ['two questions', encodeMessage(newMessage({ id: 7, questions: [question, question] })), Rcode.FORMERR],
  ])(
    'RFC 8945 §5.3.2: is signed with an error that is none of the signature: %s',
    (_what, message, rcode) => {
      const request = signed({}, { message });
      const { answer, bytes } = ask(request);
      expect(answer.rcode).toBe(rcode);
      expectSigned(request, bytes);
    },
  );

  test('RFC 8945 §4.3.2: the id that was signed is the original one', () => {
    const request = signed();
    request[1] = 8;
    const { answer, bytes } = ask(request);
    expect(answer).toMatchObject({ id: 8, rcode: Rcode.NOERROR });
    expectSigned(request, bytes);
  });

  test('RFC 8945 §5.3: that has no room for its signature is the question alone, with TC, NOERROR, and signed', () => {
    const edns = { udpSize: 740, version: 0, do: false, options: [] };
    const fits = query('large.example.com', Type.TXT, { edns });
    expect(ask(fits, { transport: 'udp' }).answer).toMatchObject({ flags: { tc: false }, answers: [{}] });
    const request = signed({}, { message: fits });
    const { answer, bytes } = ask(request, { transport: 'udp' });
    expect(answer).toMatchObject({
      ...{ rcode: Rcode.NOERROR, flags: { tc: true }, questions: [{ type: Type.TXT }] },
      ...{ answers: [], authorities: [], additionals: [{ type: Type.TSIG }] },
    });
    expect(bytes.length).toBeLessThanOrEqual(740);
    expectSigned(request, bytes);
    expect(ask(request).answer.answers).toHaveLength(1);
  });

  test('RFC 8945 §5.3.1: of many messages has each of them signed after the one before, from the second on with its timers alone (§4.3.3.1)', () => {
    const request = signed({}, { message: query('example.com', Type.AXFR) });
    const messages = requests.ask(request);
    expect(messages.length).toBeGreaterThan(3);
    expectSigned(request, messages[0]!);
    for (const [at, bytes] of messages.slice(1).entries()) {
      const tsig = readTsig(bytes)!;
      const mac = hmac(key, sizedMac(macOf(messages[at]!)), withoutTsig(bytes, tsig), tsigTimers(tsig));
      expect(Buffer.from(tsig.mac).equals(mac)).toBe(true);
    }
  });
});
