import { MAX_MESSAGE } from './answer.ts';
import { FRAME_HEADER } from './message-buffer.ts';

/** From so many octets on a batch is sent: each costs a call of the kernel. */
const FULL = 16 * 1024;

/** Responses on their way to a stream. */
export interface ResponseBatch {
  readonly full: boolean;
  /** Adds the message at the start of `out`. */
  add(out: Uint8Array, length: number): void;
  /** All of them, each behind its length, in memory of their own; undefined when there are none. */
  take(): Buffer | undefined;
}

/** For all connections of a thread: each takes what it added before another one adds. */
const octets = Buffer.allocUnsafeSlow(FULL + FRAME_HEADER + MAX_MESSAGE);

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
      const taken = Buffer.from(octets.subarray(0, used));
      used = 0;
      return taken;
    },
  };
}
