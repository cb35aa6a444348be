import { expect, test } from 'vitest';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { FakeClock } from '../../core/clock.ts';
import { decodeMessage, encodeMessage, newMessage } from '../message/message.ts';
import { Type } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { createAnswerContext, MAX_MESSAGE } from './answer.ts';
import { createClientAddress, setClientText } from './client-address.ts';
import { noFeatures } from './features.ts';
import { createPinMemory, openPins } from './pins.ts';
import { createQuestions } from './questions.ts';
import { createRateMemory, openRateLimiter } from './rate-limit.ts';
import { createRequests } from './requests.ts';

const clock = new FakeClock();
const limiter = openRateLimiter(createRateMemory(), { rate: 10, exempt: [] }, 1);
const zone = Name.parse('example.com.');
const out = new Uint8Array(MAX_MESSAGE);
const requests = createRequests({
  zones: zoneSet([
    imageOf(`$ORIGIN example.com.
@ 300 SOA ns1 hostmaster 7 7200 3600 1209600 600
@ 300 NS ns1
ns1 300 A 192.0.2.1
`),
  ]),
  out,
  pins: openPins(createPinMemory()),
  questions: createQuestions(() => undefined, clock),
  clock,
  onReleased: () => undefined,
});
requests.setPolicy({ keys: [], addresses: ['192.0.2.53'] });

const query = (type: number): Uint8Array =>
  encodeMessage(newMessage({ id: 9, questions: [{ name: zone, type, class: Class.IN }] }));

function ask(transport: 'udp' | 'tcp', type: number) {
  const fail = (error: unknown): never => {
    throw error;
  };
  const context = createAnswerContext(transport, fail, { ...noFeatures, clock, limiter });
  const client = createClientAddress();
  setClientText(client, '192.0.2.53');
  const octets = query(type);
  const length = requests.answer(octets, octets.length, client, context);
  requests.takeRest()?.close();
  return length > 0 ? decodeMessage(out.slice(0, length)) : undefined;
}

test('IXFR over UDP for the address of a secondary, which may be a lie, is limited like answers', () => {
  const asked = Array.from({ length: 30 }, () => ask('udp', Type.IXFR));
  expect(asked.filter((message) => message?.answers.length === 1)).toHaveLength(10);
  expect(asked.filter((message) => !message)).toHaveLength(10);
  const short = asked.filter((message) => message?.flags.tc);
  expect(short).toHaveLength(10);
  for (const message of short)
    expect(message).toMatchObject({
      id: 9,
      rcode: Rcode.NOERROR,
      questions: [{}],
      answers: [],
      authorities: [],
    });
});

test('over TCP it is not', () => {
  for (let i = 0; i < 30; i++) expect(ask('tcp', Type.AXFR)?.answers.length).toBeGreaterThan(2);
});
