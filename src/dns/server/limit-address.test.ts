import { expect, test } from 'vitest';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { FakeClock } from '../../core/clock.ts';
import { decodeMessage, encodeMessage, newMessage } from '../message/message.ts';
import { Type } from '../type-codes.ts';
import { Class, Opcode, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { createAnswerContext, MAX_MESSAGE } from './answer.ts';
import { createClientAddress, setClientText } from './client-address.ts';
import { noFeatures } from './features.ts';
import { createPinMemory, openPins } from './pins.ts';
import { createQuestions } from './questions.ts';
import { createRateMemory, openRateLimiter } from './rate-limit.ts';
import { createRequests } from './requests.ts';
import { LATER } from './transport.ts';

const clock = new FakeClock();
/** Questions to the control plane. */
let asked = 0;
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
  questions: createQuestions(() => asked++, clock),
  clock,
  onReleased: () => undefined,
});
requests.setPolicy({ keys: [], addresses: ['192.0.2.53'], primaries: ['192.0.2.53'] });

const query = (type: number): Uint8Array =>
  encodeMessage(
    newMessage({
      ...{ id: 9, questions: [{ name: zone, type, class: Class.IN }] },
      edns: { udpSize: 1232, version: 0, do: true, options: [] },
    }),
  );

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
  const answers = Array.from({ length: 30 }, () => ask('udp', Type.IXFR));
  expect(answers.filter((message) => message?.answers.length === 1)).toHaveLength(10);
  expect(answers.filter((message) => !message)).toHaveLength(10);
  const short = answers.filter((message) => message?.flags.tc);
  expect(short).toHaveLength(10);
  for (const message of short)
    expect(message).toMatchObject({
      id: 9,
      rcode: Rcode.NOERROR,
      questions: [{}],
      answers: [],
      authorities: [],
      // RFC 6891 §7: of what is cut, too.
      edns: { version: 0, do: true },
    });
});

test('over TCP it is not', () => {
  for (let i = 0; i < 30; i++) expect(ask('tcp', Type.AXFR)?.answers.length).toBeGreaterThan(2);
});

test('NOTIFY over UDP from the address of a primary, which may be a lie, reaches the control plane so often and no more', () => {
  const context = (transport: 'udp' | 'tcp') =>
    createAnswerContext(transport, () => undefined, { ...noFeatures, clock, limiter });
  const client = createClientAddress();
  setClientText(client, '192.0.2.53');
  const questions = [{ name: zone, type: Type.SOA, class: Class.IN }];
  const notify = encodeMessage(newMessage({ id: 9, opcode: Opcode.NOTIFY, questions }));
  const send = (transport: 'udp' | 'tcp'): number => {
    const length = requests.answer(notify, notify.length, client, context(transport));
    if (length === LATER) requests.takeLater()(() => undefined);
    return length;
  };
  const answers = Array.from({ length: 30 }, () => send('udp'));
  expect(asked).toBe(10);
  expect(answers.filter((length) => length === LATER)).toHaveLength(10);
  expect(answers.filter((length) => length === 0)).toHaveLength(20);
  expect(send('tcp')).toBe(LATER);
});
