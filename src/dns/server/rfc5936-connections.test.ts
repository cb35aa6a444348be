import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { queryBytes } from '../../../test/kit/ask.ts';
import { bulkZone } from '../../../test/kit/bulk-zone.ts';
import { framed } from '../../../test/kit/scripted-primary.ts';
import { draftFor, imageOf, servedZones } from '../../../test/kit/test-zone.ts';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { decodeMessage, type Message } from '../message/message.ts';
import { Type } from '../type-codes.ts';
import { Rcode } from '../wire/codes.ts';
import type { ServedZones } from '../zone/served-zones.ts';
import { type DataPlane, startDataPlane } from './data-plane.ts';

/* RFC 5936 §4.1.2: transfers on connections that are used for more than one thing, or end. */

const small = imageOf('$ORIGIN small.example.\n@ 60 SOA ns1 h 1 1 1 1 1\n@ 60 NS ns1\nns1 60 A 192.0.2.1\n');
let zones: ServedZones;
let plane: DataPlane;
const sockets: Socket[] = [];

beforeAll(async () => {
  zones = servedZones([small, bulkZone(1)], { spoils: true });
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 1,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    zones,
    transfers: { keys: [], addresses: ['127.0.0.1'] },
  });
  if (!started.ok) throw new Error(started.problem.message);
  ({ plane } = started);
}, 60_000);
afterAll(() => plane.close());
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
});

async function dial(): Promise<Socket> {
  const socket = connect(plane.addresses[0]!.port, '127.0.0.1');
  sockets.push(socket);
  await once(socket, 'connect');
  return socket;
}

/** Messages until these ids were all answered: a transfer is when its SOA came twice. */
async function receive(socket: Socket, ids: number[]): Promise<Map<number, Message[]>> {
  const found = new Map<number, Message[]>();
  let input = Buffer.alloc(0);
  const isWhole = (id: number): boolean => {
    const messages = found.get(id) ?? [];
    const soas = messages.flatMap(({ answers }) => answers).filter(({ type }) => type === Type.SOA).length;
    const [first] = messages;
    const wanted = first?.questions[0]?.type === Type.AXFR && first.rcode === Rcode.NOERROR ? 2 : 0;
    return first !== undefined && soas >= wanted;
  };
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    input = Buffer.concat([input, chunk as Buffer]);
    while (input.length >= 2 && input.length >= 2 + input.readUInt16BE()) {
      const end = 2 + input.readUInt16BE();
      const message = decodeMessage(input.subarray(2, end));
      found.set(message.id, [...(found.get(message.id) ?? []), message]);
      input = input.subarray(end);
    }
    if (ids.every(isWhole)) break;
  }
  return found;
}

test('RFC 5936 §4.1.2: one connection has many transfers and other questions, each answered with its id (§2.1.1), and is not closed for a zone that is not there', async () => {
  const socket = await dial();
  socket.write(
    Buffer.concat([
      framed(queryBytes('bulk.example.', 'AXFR', 1)),
      framed(queryBytes('small.example.', 'SOA', 2)),
      framed(queryBytes('small.example.', 'AXFR', 3)),
      framed(queryBytes('nowhere.example.', 'AXFR', 4)),
      framed(queryBytes('bulk.example.', 'AXFR', 5)),
    ]),
  );
  const found = await receive(socket, [1, 2, 3, 4, 5]);
  const records = (id: number): number =>
    found.get(id)!.reduce((sum, { answers }) => sum + answers.length, 0);
  expect([1, 2, 3, 4, 5].map(records)).toEqual([3004, 1, 4, 0, 3004]);
  expect(found.get(4)).toMatchObject([{ rcode: Rcode.NOTAUTH }]);
  socket.write(framed(queryBytes('small.example.', 'AXFR', 6)));
  expect((await receive(socket, [6])).get(6)).toMatchObject([{ answers: { length: 4 } }]);
});

test('RFC 5936 §4.1.2: when the client closes the connection, all its transfers end, and nothing of them is kept', async () => {
  const socket = await dial();
  for (const id of [1, 2]) socket.write(framed(queryBytes('bulk.example.', 'AXFR', id)));
  await once(socket, 'readable');
  for (const serial of [2, 3]) {
    zones.commit({ set: [draftFor(zones, bulkZone(serial))] });
    await plane.apply();
  }
  await expect.poll(() => zones.held, { timeout: 20_000 }).toBeGreaterThan(0);
  socket.destroy();
  await expect.poll(() => zones.held, { timeout: 20_000 }).toBe(0);
}, 60_000);
