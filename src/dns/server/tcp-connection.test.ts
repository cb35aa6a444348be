import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { expect, test, vi } from 'vitest';
import { createBufferBudget } from '../../core/buffer-budget.ts';
import { FakeClock } from '../../core/clock.ts';
import { createTurns } from '../../core/turns.ts';
import { serveConnection } from './tcp-connection.ts';
import { LATER } from './transport.ts';

/** Its first octet asks for an answer later. */
const ASKS_LATER = 9;
const out = new Uint8Array(65_535);

/** A stream whose client takes what is written when it is told to. */
function slowStream(): { socket: Duplex; written: Buffer[]; take(): void } {
  const written: Buffer[] = [];
  const waiting: (() => void)[] = [];
  const socket = new Duplex({
    read: () => undefined,
    write(chunk: Buffer, _encoding, done) {
      written.push(Buffer.from(chunk));
      waiting.push(done);
    },
  });
  return { socket, written, take: () => waiting.shift()?.() };
}

const framed = (...octets: number[]): Buffer => Buffer.from([0, octets.length, ...octets]);

/** A server that sends back what it is asked, some of it later. */
function echo() {
  const later: ((length: number) => void)[] = [];
  const answerer = {
    out,
    answer(query: Uint8Array, length: number) {
      if (query[0] === ASKS_LATER) return LATER;
      out.set(query.subarray(0, length));
      return length;
    },
    takeLater: () => (done: (length: number) => void) => void later.push(done),
    begin: () => undefined,
    end: () => undefined,
    shed: () => undefined,
  };
  const serve = (socket: Duplex) =>
    serveConnection({
      socket: socket as unknown as Socket,
      answerer,
      clock: new FakeClock(),
      turns: createTurns(64),
      account: createBufferBudget(1_000_000).open(() => undefined),
    });
  return { later, serve };
}

test('RFC 7766 §8: a response is written together with its length', async () => {
  const { socket, written } = slowStream();
  echo().serve(socket);
  socket.push(framed(1, 2, 3));
  await expect.poll(() => written).toEqual([framed(1, 2, 3)]);
});

test('RFC 7766 §6.2.4: what a client that has gone asked for is not sent', async () => {
  const { later, serve } = echo();
  const { socket } = slowStream();
  serve(socket);
  socket.push(framed(ASKS_LATER));
  await expect.poll(() => later.length).toBe(1);
  const write = vi.spyOn(socket, 'write');
  socket.destroy();
  later[0]!(1);
  expect(write).not.toHaveBeenCalled();
});

test('an answer that comes later, while those before wait for the client, is not what another connection was answered', async () => {
  const { later, serve } = echo();
  const [slow, other] = [slowStream(), slowStream()];
  serve(slow.socket);
  serve(other.socket);
  slow.socket.push(Buffer.concat([framed(1, 1), framed(ASKS_LATER, 2)]));
  await expect.poll(() => slow.written.length).toBe(1);
  out.set([ASKS_LATER, 2, 7]);
  later[0]!(3);
  other.socket.push(framed(5, 5, 5, 5));
  await expect.poll(() => other.written.length).toBe(1);
  slow.take();
  await expect.poll(() => slow.written.length).toBe(2);
  expect(Buffer.concat(slow.written)).toEqual(Buffer.concat([framed(1, 1), framed(ASKS_LATER, 2, 7)]));
});
