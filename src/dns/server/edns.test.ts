import { describe, expect, test } from 'vitest';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { epochSeconds, FakeClock } from '../../core/clock.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { signRequest, type TsigKey } from '../message/tsig.ts';
import { rdataFromText } from '../rdata/registry.ts';
import { Type } from '../type-codes.ts';
import { Class, Opcode, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { answer, type AnswerContext, createAnswerContext, DEFERRED, MAX_MESSAGE } from './answer.ts';
import { setClientText } from './client-address.ts';
import { createCookieMemory, openCookies } from './cookies.ts';
import { createPinMemory, openPins } from './pins.ts';
import { createQuestions } from './questions.ts';
import { createRequests } from './requests.ts';
import { LATER } from './transport.ts';

const clock = new FakeClock();
const zones = zoneSet([
  imageOf(`$ORIGIN example.com.
@ 300 SOA ns1 hostmaster 7 7200 3600 1209600 600
@ 300 NS ns1
ns1 300 A 192.0.2.1
${Array.from({ length: 150 }, (_, i) => `big 300 TXT "${String(i).padStart(3, '0')}${'x'.repeat(240)}"`).join('\n')}
`),
]);
const out = new Uint8Array(MAX_MESSAGE);
const questions = createQuestions((id) => queueMicrotask(() => questions.answered(id, Rcode.NOERROR)), clock);
const requests = createRequests({
  ...{ zones, out, questions, clock },
  pins: openPins(createPinMemory()),
  onReleased: () => undefined,
});
const secondary = '192.0.2.53';
const secret = new Uint8Array(32);
const key: TsigKey = { name: Name.parse('key.example'), algorithm: 'hmac-sha256', secret };
requests.setPolicy({
  keys: [{ ...key, name: 'key.example', zones: 'all' }],
  ...{ addresses: [secondary], primaries: [secondary] },
});
const features = {
  clock,
  cookies: openCookies(createCookieMemory(new Uint8Array(16).fill(1))),
  limiter: undefined,
  identity: Buffer.from('ns1'),
  version: undefined,
  idle: () => 12_340,
};

type Transport = 'udp' | 'tcp' | 'tls';

/** All messages of the reply. */
async function send(query: Uint8Array, transport: Transport, from = secondary): Promise<Uint8Array[]> {
  const fail = (error: unknown): never => {
    throw error;
  };
  const context: AnswerContext = {
    ...createAnswerContext(transport === 'udp' ? 'udp' : 'tcp', fail, features),
    ...{ defers: true, encrypted: transport === 'tls' },
  };
  setClientText(context.client, from);
  let length = answer(query, query.length, zones, out, context);
  if (length === DEFERRED) length = requests.answer(query, query.length, context.client, context);
  if (length === LATER) length = await new Promise((resolve) => requests.takeLater()(resolve));
  const messages = [out.slice(0, length)];
  const rest = requests.takeRest();
  for (let next = rest?.next(out); next; next = rest?.next(out)) messages.push(out.slice(0, next));
  return messages;
}

const name = Name.parse('example.com.');
const soa = {
  ...{ owner: name, type: Type.SOA, class: Class.IN, ttl: 300 },
  rdata: rdataFromText(Type.SOA, '. . 1 2 3 4 5'),
};
const asking = (type: number, more: Partial<Message> = {}): Message =>
  newMessage({ id: 9, questions: [{ name, type, class: Class.IN }], ...more });

/** What a message may be: each kind is answered elsewhere. */
const kinds: [what: string, message: Message, transport: Transport, from?: string][] = [
  ['a question', asking(Type.SOA), 'udp'],
  ['a question by TCP', asking(Type.SOA), 'tcp'],
  ['a question by TLS', asking(Type.SOA), 'tls'],
  [
    'one for another zone',
    newMessage({ ...asking(Type.SOA), questions: [{ name: Name.root, type: 1, class: 1 }] }),
    'udp',
  ],
  ['AXFR', asking(Type.AXFR), 'tcp'],
  ['AXFR by TLS', asking(Type.AXFR), 'tls'],
  ['AXFR that is refused', asking(Type.AXFR), 'tcp', '192.0.2.9'],
  ['IXFR', asking(Type.IXFR, { authorities: [soa] }), 'udp'],
  ['NOTIFY', asking(Type.SOA, { opcode: Opcode.NOTIFY }), 'udp'],
  ['NOTIFY by TLS', asking(Type.SOA, { opcode: Opcode.NOTIFY }), 'tls'],
  ['NOTIFY that is refused', asking(Type.SOA, { opcode: Opcode.NOTIFY }), 'udp', '192.0.2.9'],
  ['UPDATE', asking(Type.SOA, { opcode: Opcode.UPDATE }), 'udp'],
  ['STATUS', asking(Type.SOA, { opcode: 2 }), 'udp'],
];

const edns = { udpSize: 1232, version: 0, do: false, options: [] };
const option = (code: number, length = 0) => ({ code, data: new Uint8Array(length).fill(0xff) });

describe.each(kinds)('%s', (_what, message, transport, from) => {
  const ask = async (changes: Partial<Message>): Promise<Message[]> => {
    const query = encodeMessage({ ...message, ...changes });
    return (await send(query, transport, from)).map((octets) => decodeMessage(octets));
  };

  test('RFC 6891 §6.1.1, §7: OPT comes back when it was sent, and only then; of a transfer in each message (RFC 9103 §6.3.4)', async () => {
    const replies = await ask({ edns });
    for (const reply of replies) expect(reply.edns).toMatchObject({ version: 0, udpSize: 1232, do: false });
    // RFC 7828 §3.4: who sends no OPT is told nothing.
    const plain = await ask({});
    expect(plain.map((reply) => reply.edns)).toEqual(replies.map(() => undefined));
    expect(replies.length > 2).toBe(message.questions[0]!.type === Type.AXFR && from === undefined);
  });

  test('RFC 6891 §6.1.3: of a version that we do not know it is BADVERS, and says which one we do', async () => {
    const [reply, ...more] = await ask({ edns: { ...edns, version: 1 } });
    expect(more).toEqual([]);
    expect(reply).toMatchObject({ rcode: Rcode.BADVERS, answers: [], authorities: [], edns: { version: 0 } });
  });

  test('RFC 7873 §5.2.3: a client cookie comes back with one of ours', async () => {
    for (const reply of await ask({ edns: { ...edns, options: [option(10, 8)] } })) {
      const cookie = reply.edns!.options.find(({ code }) => code === 10);
      expect(cookie?.data.toHex()).toMatch(/^ffffffffffffffff01000000[0-9a-f]{24}$/);
    }
  });

  test('RFC 7828 §3.3.2: by a stream it says how long that stays open, when it is asked (§3.3.1: and not by UDP)', async () => {
    const timeouts = (replies: Message[]) =>
      replies.map((reply) => reply.edns!.options.find(({ code }) => code === 11)?.data);
    const says = transport === 'udp' ? undefined : Uint8Array.of(0, 123);
    const replies = await ask({ edns: { ...edns, options: [option(11)] } });
    expect(timeouts(replies)).toEqual(replies.map(() => says));
    expect(timeouts(await ask({ edns })).every((data) => data === undefined)).toBe(true);
  });

  test('RFC 7830 §4, RFC 8467 §4.1: what is padded is answered so by TLS, by 468 octets; in clear text it is not (RFC 7830 §6)', async () => {
    const options = [option(12, 40), option(3), option(10, 8)];
    const replies = await send(encodeMessage({ ...message, edns: { ...edns, options } }), transport, from);
    for (const octets of replies) {
      const codes = decodeMessage(octets).edns!.options.map(({ code }) => code);
      if (transport === 'tls') {
        // RFC 8467 §3: it is the last one, and the two octets of the length before the message do not count.
        expect([octets.length % 468, codes.at(-1)]).toEqual([0, 12]);
        // RFC 7830 §3: once, and of zeros.
        expect(codes.filter((code) => code === 12)).toHaveLength(1);
        expect(
          decodeMessage(octets)
            .edns!.options.at(-1)!
            .data.every((octet) => octet === 0),
        ).toBe(true);
      } else expect(codes).not.toContain(12);
    }
    for (const reply of await ask({ edns }))
      expect(reply.edns!.options.map(({ code }) => code)).not.toContain(12);
  });
});

test.each([
  ['an answer', Type.SOA],
  ['each message of a transfer', Type.AXFR],
])('RFC 8467 §4.1: of %s the signature behind the padding counts', async (_what, type) => {
  const query = encodeMessage(asking(type, { edns: { ...edns, options: [option(12)] } }));
  const replies = await send(signRequest(query, key, epochSeconds(clock)).message, 'tls', '192.0.2.9');
  for (const octets of replies) {
    expect(octets.length % 468).toBe(0);
    expect(decodeMessage(octets).additionals.map((record) => record.type)).toEqual([Type.TSIG]);
  }
});
