import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { setImmediate } from 'node:timers/promises';
import { afterEach, describe, expect, test } from 'vitest';
import { queryBytes } from '../../../test/kit/ask.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { FakeClock, sleep, systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { decodeMessage } from '../message/message.ts';
import { answer, createAnswerContext, MAX_MESSAGE } from './answer.ts';
import {
  createTcpShared,
  defaultTcpLimits,
  idleOf,
  listenTcp,
  type TcpLimits,
  type TcpShared,
} from './tcp.ts';
import { defaultTlsLimits } from './tls.ts';
import type { Answerer, Transport } from './transport.ts';

const big = Array.from(
  { length: 150 },
  (_, i) => `big TXT "${String(i).padStart(3, '0')}${'x'.repeat(240)}"`,
);
const zones = zoneSet([
  imageOf(`$ORIGIN example.com.
$TTL 300
@ SOA ns1 hostmaster 1 7200 3600 1209600 600
@ NS ns1
ns1 A 192.0.2.1
${big.join('\n')}
`),
]);

const clock = new FakeClock();
const out = new Uint8Array(MAX_MESSAGE);
const context = createAnswerContext('tcp', (error) => {
  throw error;
});
let answered = 0;
const answerer = {
  out,
  answer(query: Uint8Array, length: number): number {
    answered++;
    return answer(query, length, zones, out, context);
  },
  begin: () => undefined,
  end: () => undefined,
  shed: () => undefined,
};
const opened: { close(): unknown }[] = [];

async function listen(
  limits: Partial<TcpLimits> = {},
  shared?: TcpShared,
  answers: Answerer = answerer,
): Promise<Transport> {
  const log = createLog({ level: 'silent' });
  const at = { address: '127.0.0.1', port: 0 };
  const transport = await listenTcp(at, answers, clock, log, { ...defaultTcpLimits, ...limits }, shared);
  opened.push(transport);
  return transport;
}

async function dial({ address: { address, port } }: Transport): Promise<Socket> {
  const socket = connect({ port, host: address });
  opened.push({ close: () => socket.destroy() });
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket;
}

function framed(query: Uint8Array): Buffer {
  const length = Buffer.alloc(2);
  length.writeUInt16BE(query.length);
  return Buffer.concat([length, query]);
}

/** The ids of the next `count` messages. */
async function readIds(socket: Socket, count: number): Promise<number[]> {
  const ids: number[] = [];
  let input = Buffer.alloc(0);
  for await (const chunk of socket.iterator({ destroyOnReturn: false })) {
    input = Buffer.concat([input, chunk as Buffer]);
    while (input.length >= 2 && input.length >= 2 + input.readUInt16BE()) {
      const end = 2 + input.readUInt16BE();
      ids.push(decodeMessage(input.subarray(2, end)).id);
      input = input.subarray(end);
    }
    if (ids.length >= count) break;
  }
  return ids;
}

/** Resolves when the connection is gone, reset or not. */
function closing(socket: Socket): Promise<void> {
  socket.resume();
  return new Promise((resolve) => socket.once('close', () => resolve()));
}

afterEach(async () => {
  for (const each of opened.splice(0).reverse()) await each.close();
});

describe('TCP', () => {
  test('RFC 7766 §5, §6.2.1, §6.2.1.1, §8: answers pipelined queries on their connection, in order, however they are cut', async () => {
    const socket = await dial(await listen());
    const queries = Array.from({ length: 20 }, (_, i) => framed(queryBytes('ns1.example.com.', 'A', i + 1)));
    const octets = Buffer.concat(queries);
    socket.setNoDelay(true);
    for (let at = 0; at < octets.length; at += 7) socket.write(octets.subarray(at, at + 7));
    expect(await readIds(socket, 20)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  });

  // RFC 1035 §4.2.2: the client closes first, and has its answers before.
  test('RFC 7766 §6.2.4: answers a client that has closed its side, then closes', async () => {
    const socket = await dial(await listen());
    socket.end(
      Buffer.concat([
        framed(queryBytes('example.com.', 'SOA', 1)),
        framed(queryBytes('big.example.com.', 'TXT', 2)),
      ]),
    );
    expect(await readIds(socket, 3)).toEqual([1, 2]);
  });

  test('RFC 7766 §6.2.3: closes an idle connection, and one whose message never ends', async () => {
    const transport = await listen();
    const idle = await dial(transport);
    const slow = await dial(transport);
    slow.write(Buffer.from([0, 40, 1]));
    const closed: string[] = [];
    const idleClosed = closing(idle).then(() => closed.push('idle'));
    const slowClosed = closing(slow).then(() => closed.push('slow'));
    for (let drip = 0; drip < 6; drip++) {
      await setImmediate();
      await new Promise((resolve) => slow.write(Buffer.from([0]), resolve));
      await clock.advance(1000);
    }
    await slowClosed;
    expect(closed).toEqual(['slow']);
    await clock.advance(5000);
    await idleClosed;
    expect(closed).toEqual(['slow', 'idle']);
  });

  test('RFC 7828 §5: stops answering a client that takes nothing, and closes it in the end', async () => {
    const socket = await dial(await listen());
    socket.pause();
    answered = 0;
    const query = framed(queryBytes('big.example.com.', 'TXT'));
    // Each response has 38,000 octets: all of them would be 190 MB.
    for (let i = 0; i < 5000; i++) socket.write(query);
    for (let turn = 0; turn < 200; turn++) await setImmediate();
    expect(answered).toBeLessThan(1000);
    await clock.advance(6000);
    await closing(socket);
    expect(answered).toBeLessThan(1000);
  });

  test('bounds what half messages hold of all connections together, and spares the small ones', async () => {
    const transport = await listen({ buffered: 1024 * 1024 });
    const small = await dial(transport);
    const query = framed(queryBytes('example.com.', 'SOA', 5));
    small.write(query.subarray(0, 20));
    let closed = 0;
    const large = await Promise.all(Array.from({ length: 40 }, () => dial(transport)));
    for (const socket of large) {
      socket.once('close', () => closed++);
      socket.resume().write(Buffer.concat([Buffer.from([0xff, 0xff]), Buffer.alloc(60_000)]));
    }
    // 1 MiB is room for 17 of them.
    await expect.poll(() => closed).toBeGreaterThanOrEqual(40 - 17);
    small.write(query.subarray(20));
    expect(await readIds(small, 1)).toEqual([5]);
  });

  test('bounds what clients that take nothing hold together', async () => {
    const limits = { ...defaultTcpLimits, buffered: 1024 * 1024 };
    const shared = createTcpShared(limits);
    const transport = await listen(limits, shared);
    const query = framed(queryBytes('big.example.com.', 'TXT'));
    const takers = await Promise.all(Array.from({ length: 20 }, () => dial(transport)));
    // Each is sent 38 MB, of which the kernel takes some.
    for (const socket of takers)
      socket.pause().write(Buffer.concat(Array.from({ length: 1000 }, () => query)));
    await expect.poll(() => shared.seats.taken, { timeout: 10_000 }).toBeLessThan(15);
    expect(shared.budget.held).toBeLessThanOrEqual(limits.buffered);
    const other = await dial(transport);
    other.write(framed(queryBytes('example.com.', 'SOA', 6)));
    expect(await readIds(other, 1)).toEqual([6]);
    expect(shared.seats.taken).toBeGreaterThan(1);
  });

  test('a flood of pipelined queries does not keep others waiting', async () => {
    const transport = await listen();
    const flood = await dial(transport);
    const other = await dial(transport);
    answered = 0;
    flood.resume();
    const query = framed(queryBytes('ns1.example.com.', 'A'));
    const queries = Buffer.concat(Array.from({ length: 2000 }, () => query));
    for (let i = 0; i < 50; i++) flood.write(queries);
    while (answered === 0) await setImmediate();
    other.write(framed(queryBytes('example.com.', 'SOA', 8)));
    const before = answered;
    expect(await readIds(other, 1)).toEqual([8]);
    expect(answered - before).toBeLessThan(1000);
  });

  test('RFC 7828 §5: closes a connection that sends no query', async () => {
    const transport = await listen();
    for (const garbage of [
      Buffer.from([0, 0]),
      Buffer.from([0, 5, 1, 2, 3, 4, 5]),
      Buffer.alloc(70_000, 0xff),
    ]) {
      const socket = await dial(transport);
      socket.write(garbage);
      await closing(socket);
    }
  });

  test('answers what came before octets that are no query', async () => {
    const socket = await dial(await listen());
    const garbage = framed(Buffer.from([1, 2, 3]));
    socket.write(Buffer.concat([framed(queryBytes('example.com.', 'SOA', 3)), garbage]));
    expect(await readIds(socket, 2)).toEqual([3]);
  });

  test('RFC 7766 §6.2.2: limits the connections of one client', async () => {
    const transport = await listen({ connectionsPerClient: 2 });
    const first = await dial(transport);
    await dial(transport);
    const third = await dial(transport);
    await closing(third);
    first.destroy();
    await sleep(systemClock, 50);
    const fourth = await dial(transport);
    fourth.write(framed(queryBytes('example.com.', 'SOA', 4)));
    expect(await readIds(fourth, 1)).toEqual([4]);
  });

  test('RFC 7766 §6.2.2: one client may have far more than the three connections that it should need', () => {
    for (const { connectionsPerClient, connections } of [defaultTcpLimits, defaultTlsLimits]) {
      expect(connectionsPerClient).toBeGreaterThanOrEqual(5 * 3);
      expect(connectionsPerClient).toBeLessThan(connections / 10);
    }
  });

  test('RFC 7828 §3.4: while most connections are taken, those without a query are closed sooner, and are told so', () => {
    const shared = createTcpShared({ ...defaultTcpLimits, connections: 4 });
    const idle = [0, 1, 2, 3].map((n) => {
      shared.seats.take(`192.0.2.${n}`, () => undefined);
      return idleOf(defaultTcpLimits, shared);
    });
    const { idle: usual, idleWhenBusy } = defaultTcpLimits;
    expect(idle).toEqual([usual, usual, idleWhenBusy, idleWhenBusy]);
    // RFC 7766 §6.2.3: some seconds.
    expect([usual, idleWhenBusy].every((each) => each >= 2000 && each <= 30_000)).toBe(true);
  });

  test('has room for a newcomer when a greedy client took every seat', async () => {
    const transport = await listen({ connections: 3, connectionsPerClient: 3 });
    const [oldest] = [await dial(transport), await dial(transport), await dial(transport)];
    const evicted = closing(oldest);
    const at = { port: transport.address.port, host: '127.0.0.1', localAddress: '127.0.0.2' };
    const newcomer = connect(at);
    opened.push({ close: () => newcomer.destroy() });
    newcomer.write(framed(queryBytes('example.com.', 'SOA', 7)));
    expect(await readIds(newcomer, 1)).toEqual([7]);
    await evicted;
  });

  test('RFC 5936 §4.1.2: a transfer under way keeps its seat: idle connections go, and then there is no room', async () => {
    let messages = 0;
    const transferring = {
      ...answerer,
      /** One message, and then as many as are taken. */
      takeRest: () => ({
        next: (to: Uint8Array) => (messages++, answer(big, big.length, zones, to, context)),
        close: () => undefined,
      }),
    };
    const big = queryBytes('big.example.com.', 'TXT');
    const transport = await listen({ connections: 3, connectionsPerClient: 3 }, undefined, transferring);
    const transfers = [await dial(transport), await dial(transport)];
    const ended: number[] = [];
    for (const [i, socket] of transfers.entries()) {
      socket.once('close', () => ended.push(i));
      socket.pause().write(framed(big));
    }
    await expect.poll(() => messages).toBeGreaterThan(2);
    const idle = closing(await dial(transport));
    const at = { port: transport.address.port, host: '127.0.0.1', localAddress: '127.0.0.2' };
    const newcomer = connect(at);
    opened.push({ close: () => newcomer.destroy() });
    await idle;
    newcomer.pause().write(framed(big));
    const before = messages;
    await expect.poll(() => messages).toBeGreaterThan(before + 1);
    const another = connect({ ...at, localAddress: '127.0.0.3' });
    another.on('error', () => undefined);
    await closing(another);
    expect(ended).toEqual([]);
  });
});
