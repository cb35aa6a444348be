import { MAX_MESSAGE } from './answer.ts';
import { FRAME_HEADER } from './message-buffer.ts';

/** From so many octets on a batch is sent: each costs a call of the kernel. */
const FULL = 16 * 1024;

/** Responses on their way to a stream. */
export interface ResponseBatch {
  readonly full: boolean;
  /** Adds the message at the start of `out`. */
  add(out: Uint8Array, length: number): void;
  /** All of them, each behind its length; undefined when there are none. They are to be given back once they are sent. */
  take(): TakenResponses | undefined;
}

export interface TakenResponses {
  octets: Uint8Array;
  /** From now on its memory may be used again. */
  release(): void;
}

/** For all connections of a thread: each takes what it added before another one adds. */
const octets = Buffer.allocUnsafeSlow(FULL + FRAME_HEADER + MAX_MESSAGE);

/**
 * Memory for batches that are full, as those of a transfer are: where each has its own, a seventh of a transfer's time is spent on collecting garbage.
 * No more than twice what is in it, so that who does not read what was sent holds no more than was counted.
 */
const ROOM = 2 * FULL;
const KEPT = 8;
const free: Buffer[] = [];

export function createResponseBatch(): ResponseBatch {
  let used = 0;
  return {
    get full() {
      return used >= FULL;
    },
    add(out, length) {
      used = octets.writeUInt16BE(length, used);
      octets.set(length === out.length ? out : out.subarray(0, length), used);
      used += length;
    },
    take() {
      if (used === 0) return undefined;
      const taken = used >= FULL && used <= ROOM ? lent(used) : own(used);
      used = 0;
      return taken;
    },
  };
}

function own(length: number): TakenResponses {
  return { octets: Buffer.from(octets.subarray(0, length)), release: () => undefined };
}

function lent(length: number): TakenResponses {
  const memory = free.pop() ?? Buffer.allocUnsafeSlow(ROOM);
  memory.set(octets.subarray(0, length));
  return {
    octets: memory.subarray(0, length),
    release() {
      if (free.length < KEPT) free.push(memory);
    },
  };
}
