import { expect, test } from 'vitest';
import { queryBytes } from '../../../test/kit/ask.ts';
import { imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { FakeClock } from '../../core/clock.ts';
import { decodeMessage, encodeMessage, newMessage } from '../message/message.ts';
import { signRequest } from '../message/tsig.ts';
import { tsig } from '../rdata/tsig.ts';
import { Type } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { WireReader } from '../wire/reader.ts';
import { createCounterMemory } from './counters.ts';
import { createDirectAnswerer } from './direct.ts';
import { noFeatures } from './features.ts';

const clock = new FakeClock();
const direct = createDirectAnswerer({
  zones: servedZones([
    imageOf(
      `$ORIGIN example.com.
@ 60 SOA ns1 hostmaster 1 7200 3600 1209600 600
@ 60 NS ns1
ns1 60 A 192.0.2.1
${Array.from({ length: 20 }, (_, i) => `big 60 TXT "${String(i).padStart(2, '0')}${'x'.repeat(200)}"`).join('\n')}
`,
    ),
  ]).share(),
  features: { ...noFeatures, clock },
  clock,
  counters: createCounterMemory(),
  onWanted: () => undefined,
  onError(error) {
    throw error;
  },
});
const ask = (query: Uint8Array) => decodeMessage(direct.ask(query, '192.0.2.7')!);

test('answers questions, refuses transfers, and does not know updates', () => {
  expect(ask(queryBytes('ns1.example.com.', 'A'))).toMatchObject({ rcode: Rcode.NOERROR, answers: [{}] });
  expect(ask(queryBytes('example.com.', 'AXFR')).rcode).toBe(Rcode.REFUSED);
  const update = queryBytes('example.com.', 'SOA');
  update[2] = 5 << 3;
  expect(ask(update).rcode).toBe(Rcode.NOTIMP);
});

/** With EDNS and these options. */
const queryOf = (name: string, options: { code: number; data: Uint8Array }[], udpSize = 1232) =>
  encodeMessage(
    newMessage({
      id: 1,
      questions: [{ name: Name.parse(name), type: Type.TXT, class: Class.IN }],
      edns: { udpSize, version: 0, do: false, options },
    }),
  );

test('RFC 8484 §6: how much the client takes by UDP does not matter', () => {
  const { answers, flags } = ask(queryOf('big.example.com.', [], 512));
  expect([answers.length, flags.tc]).toEqual([20, false]);
});

test('RFC 8484 §9: who pads is answered so (RFC 7830 §4); §10: there is no timeout of a connection (RFC 7828)', () => {
  const options = [11, 12].map((code) => ({ code, data: new Uint8Array(0) }));
  const octets = direct.ask(queryOf('example.com.', options), '192.0.2.7')!;
  expect(octets.length).toBe(468);
  expect(decodeMessage(octets).edns!.options.map(({ code }) => code)).toEqual([12]);
});

test('RFC 8945 §5.2.1: who signs is told that the key is not known here', () => {
  const key = {
    name: Name.parse('some.example'),
    algorithm: 'hmac-sha256',
    secret: Buffer.alloc(32),
  } as const;
  const { message } = signRequest(queryBytes('ns1.example.com.', 'A', 5), key, 0);
  const response = ask(message);
  expect(response).toMatchObject({ id: 5, rcode: Rcode.NOTAUTH, answers: [] });
  const record = response.additionals.find(({ type }) => type === Type.TSIG);
  expect(tsig.decode(new WireReader(record!.rdata))).toMatchObject({ error: Rcode.BADKEY });
  expect(ask(queryBytes('ns1.example.com.', 'A')).rcode).toBe(Rcode.NOERROR);
});
