import { Duplex } from 'node:stream';
import type { Socket } from 'node:net';
import { expect, test } from 'vitest';
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

test('an answer that comes later, while those before wait for the client, is not what another connection was answered', async () => {
  let arrived: (length: number) => void = () => undefined;
  const answerer = {
    out,
    answer(query: Uint8Array, length: number) {
      if (query[0] === ASKS_LATER) return LATER;
      out.set(query.subarray(0, length));
      return length;
    },
    takeLater: () => (done: (length: number) => void) => void (arrived = done),
    begin: () => undefined,
    end: () => undefined,
    shed: () => undefined,
  };
  const serve = ({ socket }: { socket: Duplex }) =>
    serveConnection({
      socket: socket as unknown as Socket,
      answerer,
      clock: new FakeClock(),
      turns: createTurns(64),
      account: createBufferBudget(1_000_000).open(() => undefined),
    });
  const [slow, other] = [slowStream(), slowStream()];
  serve(slow);
  serve(other);
  slow.socket.push(Buffer.concat([framed(1, 1), framed(ASKS_LATER, 2)]));
  await expect.poll(() => slow.written.length).toBe(1);
  out.set([ASKS_LATER, 2, 7]);
  arrived(3);
  other.socket.push(framed(5, 5, 5, 5));
  await expect.poll(() => other.written.length).toBe(1);
  slow.take();
  await expect.poll(() => slow.written.length).toBe(2);
  expect(Buffer.concat(slow.written)).toEqual(Buffer.concat([framed(1, 1), framed(ASKS_LATER, 2, 7)]));
});
