import { MAX_MESSAGE } from './answer.ts';
import { FRAME_HEADER } from './message-buffer.ts';

/** Responses on their way to a stream. */
export interface ResponseBatch {
  /** Octets of what was added. */
  readonly size: number;
  /** Adds the message at the start of `out`. */
  add(out: Uint8Array, length: number): void;
  /** Where the next message may be written, of {@link MAX_MESSAGE} octets at least; `put` adds it. */
  room(): Uint8Array;
  put(length: number): void;
  /** All of them, each behind its length; undefined when there are none. They are to be given back once they are sent. */
  take(): TakenResponses | undefined;
}

export interface TakenResponses {
  octets: Uint8Array;
  /** From now on its memory may be used again. */
  release(): void;
}

/** From so many octets on a batch goes with the memory that it was written to: what is smaller is copied, so that who does not read holds little. */
export const LARGE_BATCH = 3 * (FRAME_HEADER + MAX_MESSAGE);
/** No more than a third above what is in a large batch: what is held is what was counted. */
const ROOM = LARGE_BATCH + FRAME_HEADER + MAX_MESSAGE;
/** Memory that is kept for those to come: where each has its own, a seventh of a transfer's time is spent on collecting garbage. */
const KEPT = 8;
const free: Buffer[] = [];

/** For all connections of a thread: each takes what it added before another one adds. */
let octets: Buffer = Buffer.allocUnsafeSlow(ROOM);

export function createResponseBatch(): ResponseBatch {
  let used = 0;
  return {
    get size() {
      return used;
    },
    add(out, length) {
      octets.set(length === out.length ? out : out.subarray(0, length), used + FRAME_HEADER);
      this.put(length);
    },
    room: () => octets.subarray(used + FRAME_HEADER),
    put(length) {
      used = octets.writeUInt16BE(length, used) + length;
    },
    take() {
      if (used === 0) return undefined;
      const taken = used < LARGE_BATCH ? copied(used) : lent(used);
      used = 0;
      return taken;
    },
  };
}

function copied(length: number): TakenResponses {
  return { octets: Buffer.from(octets.subarray(0, length)), release: () => undefined };
}

function lent(length: number): TakenResponses {
  const memory = octets;
  octets = free.pop() ?? Buffer.allocUnsafeSlow(ROOM);
  return {
    octets: memory.subarray(0, length),
    release() {
      if (free.length < KEPT) free.push(memory);
    },
  };
}
