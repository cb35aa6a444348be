import type { Socket } from 'node:net';
import type { Clock } from '../../core/clock.ts';
import type { Answerer } from './transport.ts';

/** RFC 1035 §4.2.2: two octets of length stand before each message. */
const FRAME_HEADER = 2;

export interface Connection {
  /** Closes the connection when its client is silent or slower than allowed (milliseconds; `now` is monotonic). */
  closeIfLate(now: number, idle: number, progress: number): void;
  destroy(): void;
}

/**
 * Answers the messages of one connection in order, as many as come (pipelining, RFC 7766 §6.2.1.1). What is buffered is
 * bounded both ways: while the client does not take responses, nothing more is read or answered; of input there is at most one
 * message and what the socket gave with it.
 */
export function serveConnection(socket: Socket, answerer: Answerer, clock: Clock): Connection {
  let input: Buffer = Buffer.alloc(0);
  let inputEnded = false;
  let blocked = false;
  let since = clock.monotonic();

  const waitsForProgress = (): boolean => blocked || input.length > 0 || inputEnded;
  const touch = (): void => {
    since = clock.monotonic();
  };

  /** Answers what is there; false when the client has to take responses first. */
  const answerBuffered = (): boolean => {
    let at = 0;
    while (!blocked && !socket.destroyed && input.length - at >= FRAME_HEADER) {
      const end = at + FRAME_HEADER + input.readUInt16BE(at);
      if (end > input.length) break;
      const query = input.subarray(at + FRAME_HEADER, end);
      at = end;
      touch();
      blocked = !writeAnswer(socket, answerer, query);
    }
    if (at > 0) input = input.subarray(at);
    if (blocked) socket.pause();
    else if (inputEnded && !socket.destroyed) finish();
    return !blocked;
  };

  /** RFC 7766 §6.2.4: a client that closed its side still gets what it asked for; half a message is nobody's. */
  const finish = (): void => {
    if (input.length > 0) socket.destroy();
    else socket.end();
  };

  socket.on('data', (chunk: Buffer) => {
    if (input.length === 0) {
      touch();
      input = chunk;
    } else input = Buffer.concat([input, chunk]);
    answerBuffered();
  });
  socket.on('drain', () => {
    blocked = false;
    touch();
    if (answerBuffered()) socket.resume();
  });
  socket.on('end', () => {
    inputEnded = true;
    touch();
    answerBuffered();
  });
  socket.on('error', () => socket.destroy());

  return {
    closeIfLate(now, idle, progress) {
      if (now - since >= (waitsForProgress() ? progress : idle)) socket.destroy();
    },
    destroy() {
      socket.destroy();
    },
  };
}

/** False when the client should take what it has first. */
function writeAnswer(socket: Socket, answerer: Answerer, query: Uint8Array): boolean {
  const length = answerer.answer(query, query.length);
  if (length === 0) {
    // Not a query at all: whoever sends that over TCP has nothing to wait for.
    socket.destroy();
    return true;
  }
  const frame = Buffer.allocUnsafe(FRAME_HEADER + length);
  frame.writeUInt16BE(length);
  frame.set(answerer.out.subarray(0, length), FRAME_HEADER);
  return socket.write(frame);
}
