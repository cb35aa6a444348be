import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask, queryBytes } from '../../../test/kit/ask.ts';
import { imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { decodeMessage, type Message } from '../message/message.ts';
import { Type } from '../type-codes.ts';
import { Rcode } from '../wire/codes.ts';
import { type DataPlane, startDataPlane } from './data-plane.ts';

let plane: DataPlane;
const sockets: Socket[] = [];

beforeAll(async () => {
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 1,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    zones: servedZones([
      imageOf(`$ORIGIN example.com.
$TTL 300
@ SOA ns1 hostmaster 7 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
`),
    ]),
    transfers: { keys: [], addresses: ['127.0.0.1'] },
  });
  if (!started.ok) throw new Error(started.problem.message);
  ({ plane } = started);
});
afterAll(async () => {
  for (const socket of sockets) socket.destroy();
  await plane.close();
});

async function dial(): Promise<Socket> {
  const { address, port } = plane.addresses[0]!;
  const socket = connect(port, address);
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

const framed = (query: Uint8Array): Buffer =>
  Buffer.concat([Buffer.from([query.length >> 8, query.length]), query]);

/** The next messages, until there are so many records in their answers. */
async function read(socket: Socket, records: number): Promise<Message[]> {
  const messages: Message[] = [];
  let input = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    input = Buffer.concat([input, chunk as Buffer]);
    while (input.length >= 2 && input.length >= 2 + input.readUInt16BE()) {
      const end = 2 + input.readUInt16BE();
      messages.push(decodeMessage(input.subarray(2, end)));
      input = input.subarray(end);
    }
    if (messages.reduce((sum, { answers }) => sum + answers.length, 0) >= records) break;
  }
  return messages;
}

describe('over UDP', () => {
  test('RFC 1035 §4.2.1: no zone is transferred to who may have it', async () => {
    const reply = await ask(plane.addresses[0]!, 'example.com.', 'AXFR');
    expect(reply).toMatchObject({ rcode: Rcode.REFUSED, answers: [] });
  });
});

describe('over TCP', () => {
  test('RFC 1035 §4.2.2: the SOA, and then all of the zone, come on one connection', async () => {
    const socket = await dial();
    socket.write(framed(queryBytes('example.com.', 'SOA', 1)));
    expect(await read(socket, 1)).toMatchObject([{ id: 1, answers: [{ type: Type.SOA }] }]);
    socket.write(framed(queryBytes('example.com.', 'AXFR', 2)));
    const transferred = await read(socket, 4);
    expect(transferred.flatMap(({ answers }) => answers.map(({ type }) => type))).toEqual([
      ...[Type.SOA, Type.NS, Type.A, Type.SOA],
    ]);
  });

  test('RFC 1035 §4.2.2, §6.1.1: nobody waits for who has sent a part of a message', async () => {
    const query = framed(queryBytes('ns1.example.com.', 'A', 3));
    const slow = await dial();
    slow.write(query.subarray(0, 20));
    const other = await dial();
    other.write(query);
    expect(await read(other, 1)).toMatchObject([{ id: 3 }]);
    expect(await ask(plane.addresses[0]!, 'ns1.example.com.', 'A')).toMatchObject({ answers: [{}] });
    slow.write(query.subarray(20));
    expect(await read(slow, 1)).toMatchObject([{ id: 3 }]);
  });
});
