import type { Socket } from 'node:net';
import type { BufferAccount } from '../../core/buffer-budget.ts';
import type { Clock } from '../../core/clock.ts';
import type { Turns } from '../../core/turns.ts';
import { createClientAddress, setClientText } from './client-address.ts';
import { createMessageBuffer } from './message-buffer.ts';
import { createResponseBatch, LARGE_BATCH } from './response-batch.ts';
import { type Answerer, LATER, type Replies } from './transport.ts';

export interface Connection {
  /** Whether a transfer is under way, or an answer that comes later. */
  readonly isAtWork: boolean;
  /** Closes the connection when its client is silent or slower than allowed (milliseconds; `now` is monotonic). */
  closeIfLate(now: number, idle: number, progress: number): void;
  destroy(): void;
}

/** What a connection has from its worker. */
export interface ConnectionParts {
  socket: Socket;
  answerer: Answerer;
  clock: Clock;
  turns: Turns;
  account: BufferAccount;
}

/** Messages answered before others get their turn. */
const SLICE = 16;
/** From so many octets on what was answered is sent; of a transfer more, for to send costs more than to write it. */
const FULL = 16 * 1024;
/** Milliseconds within which a client takes the next messages of a transfer: it may be writing the zone to its disk. */
const TRANSFER_PROGRESS = 30_000;
/** Milliseconds within which a client whose connection was silent too long, and is closed, closes its side. */
const FAREWELL = 1000;
/** Milliseconds for a whole transfer: what it keeps of the memory is not kept for ever. */
const TRANSFER_LIMIT = 3_600_000;

/**
 * Answers the messages of one connection in order, as many as come (pipelining, RFC 7766 §6.2.1.1), when it is its turn; a reply of many
 * messages is made as its client takes them. What is
 * buffered is bounded both ways: while responses wait for the client, or messages for their turn, nothing more is read; of input
 * there is at most one message and what the socket gave with it, of output one batch. `account` knows of all of it.
 */
export function serveConnection({ socket, answerer, clock, turns, account }: ConnectionParts): Connection {
  const input = createMessageBuffer();
  const batch = createResponseBatch();
  let inputEnded = false;
  /** Silent for too long: nothing more is read. */
  let closing = false;
  /** Responses wait for the client to take them. */
  let blocked = false;
  /** Messages wait for their turn. */
  let queued = false;
  /** An answer comes later, and those behind it wait for it. */
  let expecting = false;
  let since = clock.monotonic();
  /** What is left of a reply of many messages, and when it began. */
  let rest: Replies | undefined;
  let restSince = 0;
  const client = createClientAddress();
  setClientText(client, socket.remoteAddress ?? '');

  const waits = (): boolean => blocked || queued || expecting;
  const waitsForClient = (): boolean => blocked || input.length > 0 || inputEnded;
  const touch = (): void => {
    since = clock.monotonic();
  };

  const more = (): boolean => rest !== undefined || input.hasMessage;
  /** Queries that were answered, and are not counted yet. */
  let finished = 0;
  const answerSome = (): void => {
    let answered = 0;
    while (answered < SLICE && !isFull() && more() && turns.take()) {
      answered++;
      touch();
      if (rest) {
        if (putNext(rest)) continue;
        refuse();
        return;
      }
      const length = answerNext();
      if (length === LATER) {
        expecting = true;
        answerer.takeLater!()(arrived);
        return;
      }
      if (length === 0) {
        // Not a query at all: whoever sends that over TCP has nothing more to wait for.
        refuse();
        return;
      }
      batch.add(answerer.out, length);
    }
  };
  const isFull = (): boolean => batch.size >= (rest ? LARGE_BATCH : FULL);
  const refuse = (): void => {
    send();
    socket.destroy();
  };
  const answerNext = (): number => {
    const query = input.next()!;
    const length = answerer.answer(query, query.length, client);
    if (length === LATER) return length;
    finished++;
    takeRest();
    return length;
  };
  const takeRest = (): void => {
    rest = answerer.takeRest?.();
    if (rest) restSince = since;
  };
  const arrived = (length: number): void => {
    expecting = false;
    touch();
    takeRest();
    if (socket.destroyed) rest?.close();
    else if (length === 0) socket.destroy();
    else {
      batch.add(answerer.out, length);
      // At once, whatever waits already: the memory of a batch is everybody's in the next turn.
      send();
      proceed();
    }
  };
  /** False when it cannot be made. */
  const putNext = (replies: Replies): boolean => {
    try {
      const length = replies.next(batch.room());
      if (length > 0) batch.put(length);
      else rest = undefined;
      return true;
    } catch {
      return false;
    }
  };

  const proceed = (): void => {
    if (socket.destroyed || waits()) return;
    answerer.begin();
    finished = 0;
    answerSome();
    send();
    answerer.end(finished);
    if (!waits() && more()) {
      queued = true;
      turns.wait(resume);
    }
    input.compact();
    if (waits()) socket.pause();
    else if (inputEnded) finish();
    else socket.resume();
    // What the socket may read before it pauses is counted as if it were there.
    const reads = socket.isPaused() ? socket.readableHighWaterMark : 0;
    account.hold(input.capacity + socket.writableLength + reads);
  };
  const resume = (): void => {
    queued = false;
    touch();
    proceed();
  };

  const send = (): void => {
    const taken = batch.take();
    if (!taken) return;
    if (socket.destroyed) {
      taken.release();
      return;
    }
    socket.write(taken.octets, () => {
      taken.release();
      if (!blocked) return;
      blocked = false;
      touch();
      proceed();
    });
    // What the kernel has not taken at once it takes when the client does.
    blocked = socket.writableLength > 0;
  };

  /** RFC 7766 §6.2.4: a client that closed its side still gets what it asked for; half a message is nobody's. */
  const finish = (): void => {
    if (input.length > 0) socket.destroy();
    else socket.end();
  };

  socket.on('data', (chunk: Buffer) => {
    if (closing) return;
    if (input.length === 0) touch();
    input.add(chunk);
    proceed();
  });
  socket.on('end', () => {
    inputEnded = true;
    touch();
    proceed();
  });
  socket.on('error', () => socket.destroy());
  socket.on('close', () => {
    rest?.close();
    account.close();
  });

  return {
    get isAtWork() {
      return rest !== undefined || expecting;
    },
    closeIfLate(now, idle, progress) {
      if (rest && now - restSince >= TRANSFER_LIMIT) socket.destroy();
      if (queued || expecting) return;
      const isIdle = !rest && !closing && !waitsForClient();
      const patience = rest ? TRANSFER_PROGRESS : closing ? FAREWELL : isIdle ? idle : progress;
      if (now - since < patience) return;
      if (!isIdle) {
        socket.destroy();
        return;
      }
      // By TLS this says close-notify, which has the client close (RFC 7858 §3.4).
      closing = true;
      touch();
      socket.end();
    },
    destroy() {
      socket.destroy();
    },
  };
}
