import { once } from 'node:events';
import { connect } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageOf, servedZones, zoneSet } from '../../../test/kit/test-zone.ts';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { decodeMessage, encodeMessage, type Message, newMessage } from '../message/message.ts';
import { rdataFromText } from '../rdata/registry.ts';
import { Type } from '../type-codes.ts';
import { Class, Rcode } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';
import { createAnswerContext, MAX_MESSAGE } from './answer.ts';
import { setClientText } from './client-address.ts';
import { type DataPlane, startDataPlane } from './data-plane.ts';
import { createPinMemory, openPins } from './pins.ts';
import { createQuestions } from './questions.ts';
import { createRequests } from './requests.ts';
import type { Replies } from './transport.ts';

const zone = (origin: string, names: number): string => `$ORIGIN ${origin}.
$TTL 300
@ SOA ns1 hostmaster 7 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
${Array.from({ length: names }, (_, n) => `host${n} TXT "${'x'.repeat(200)}"`).join('\n')}
`;
const images = () => [imageOf(zone('large.example', 1000)), imageOf(zone('small.example', 1))];
/** Beside the names: SOA, NS and A, and the SOA again. */
const OTHERS = 4;

/** An IXFR says which version its client has. */
function queryOf(id: number, name: string, type: number, serial = 1): Uint8Array {
  const owner = Name.parse(name);
  const rdata = rdataFromText(Type.SOA, `. . ${serial} 1 1 1 1`);
  const since = { owner, type: Type.SOA, class: Class.IN, ttl: 0, rdata };
  const authorities = type === Type.IXFR ? [since] : [];
  return encodeMessage(newMessage({ id, questions: [{ name: owner, type, class: Class.IN }], authorities }));
}

describe('several transfers on one connection', () => {
  let plane: DataPlane;
  beforeAll(async () => {
    const started = await startDataPlane({
      addresses: [{ address: '127.0.0.1', port: 0 }],
      workers: 1,
      clock: systemClock,
      log: createLog({ level: 'silent' }),
      zones: servedZones(images()),
      transfers: { keys: [], addresses: ['127.0.0.1'] },
    });
    if (!started.ok) throw new Error(started.problem.message);
    ({ plane } = started);
  });
  afterAll(() => plane.close());

  test('RFC 9103 §6.1, §6.2, §6.3.2, §6.4: AXFR, IXFR and questions are all answered, whatever else is under way', async () => {
    const { address, port } = plane.addresses[0]!;
    const socket = connect(port, address);
    await once(socket, 'connect');
    const asked: [id: number, name: string, type: number, records: number, serial?: number][] = [
      [1, 'large.example', Type.AXFR, 1000 + OTHERS],
      [2, 'small.example', Type.SOA, 1],
      [3, 'small.example', Type.AXFR, 1 + OTHERS],
      [4, 'large.example', Type.AXFR, 1000 + OTHERS],
      [5, 'large.example', Type.IXFR, 1000 + OTHERS],
      [6, 'small.example', Type.IXFR, 1, 7],
      [7, 'ns1.large.example', Type.A, 1],
    ];
    for (const [id, name, type, , serial] of asked) {
      const query = queryOf(id, name, type, serial);
      socket.write(Buffer.concat([Buffer.of(query.length >> 8, query.length), query]));
    }
    const records = new Map<number, Message['answers']>(asked.map(([id]) => [id, []]));
    let missing = asked.reduce((sum, [, , , count]) => sum + count, 0);
    let input = Buffer.alloc(0);
    for await (const chunk of socket) {
      input = Buffer.concat([input, chunk as Buffer]);
      while (input.length >= 2 && input.length >= 2 + input.readUInt16BE()) {
        const end = 2 + input.readUInt16BE();
        const { id, rcode, answers } = decodeMessage(input.subarray(2, end));
        expect(rcode).toBe(Rcode.NOERROR);
        records.get(id)!.push(...answers);
        missing -= answers.length;
        input = input.subarray(end);
      }
      if (missing <= 0) break;
    }
    socket.destroy();
    expect([...records].map(([id, { length }]) => [id, length])).toEqual(
      asked.map(([id, , , count]) => [id, count]),
    );
    for (const [id, , , count] of asked.filter(([, , , records]) => records > 1)) {
      // RFC 9103 §7.9.1: the SOA of the first message ends the last.
      const [first] = records.get(id)!;
      expect(first!.type).toBe(Type.SOA);
      expect(records.get(id)![count - 1]).toEqual(first);
    }
  });
});

test('RFC 9103 §6.3.3: a client that has too many transfers under way is told to come again: SERVFAIL', () => {
  const out = new Uint8Array(MAX_MESSAGE);
  const requests = createRequests({
    zones: zoneSet(images()),
    out,
    pins: openPins(createPinMemory()),
    questions: createQuestions(() => undefined, systemClock),
    clock: systemClock,
    onReleased: () => undefined,
  });
  requests.setPolicy({ keys: [], addresses: ['192.0.2.53', '198.51.100.53'] });
  const begun: Replies[] = [];
  const begin = (client: string): number => {
    const context = createAnswerContext('tcp', (error) => {
      throw error;
    });
    setClientText(context.client, client);
    const query = queryOf(1, 'large.example', Type.AXFR);
    const length = requests.answer(query, query.length, context.client, context);
    const rest = requests.takeRest();
    if (rest) begun.push(rest);
    return decodeMessage(out.slice(0, length)).rcode;
  };
  const rcodes = Array.from({ length: 9 }, () => begin('192.0.2.53'));
  expect(rcodes).toEqual([...new Array<number>(8).fill(Rcode.NOERROR), Rcode.SERVFAIL]);
  // Others are not concerned, and who has ended one may begin another.
  expect(begin('198.51.100.53')).toBe(Rcode.NOERROR);
  begun[0]!.close();
  expect(begin('192.0.2.53')).toBe(Rcode.NOERROR);
});
