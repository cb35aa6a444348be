/** RFC 1035 §4.2.2: two octets of length stand before each message. */
export const FRAME_HEADER = 2;

/** The octets of a stream from which messages are taken. Memory is at most twice what came and is not taken yet. */
export interface MessageBuffer {
  /** Octets that came and are not taken. */
  readonly length: number;
  /** Octets of memory that are kept for them. */
  readonly capacity: number;
  /** Whether a whole message is there. */
  readonly hasMessage: boolean;
  add(chunk: Buffer): void;
  /** The next message that is whole, without its length; valid until the next call of any method. */
  next(): Buffer | undefined;
  /** Gives back the memory of what was taken. To be called when no whole message is left, or none is wanted for a while. */
  compact(): void;
}

export function createMessageBuffer(): MessageBuffer {
  let octets: Buffer = Buffer.alloc(0);
  let from = 0;
  let to = 0;
  /** Copies what is left into memory of its own: a view would keep all that came with it. */
  const move = (capacity: number): void => {
    const moved = Buffer.allocUnsafeSlow(capacity);
    octets.copy(moved, 0, from, to);
    octets = moved;
    to -= from;
    from = 0;
  };
  /** Where the first message ends, or will. */
  const end = (): number =>
    to - from < FRAME_HEADER ? Infinity : from + FRAME_HEADER + octets.readUInt16BE(from);
  return {
    get length() {
      return to - from;
    },
    get capacity() {
      return octets.length;
    },
    get hasMessage() {
      return end() <= to;
    },
    add(chunk) {
      if (from === to) {
        octets = chunk;
        from = 0;
        to = chunk.length;
        return;
      }
      const length = to - from + chunk.length;
      // Doubled, so that a message that comes octet by octet is not copied as often.
      if (to + chunk.length > octets.length) move(Math.max(length, 2 * (to - from)));
      octets.set(chunk, to);
      to += chunk.length;
    },
    next() {
      const next = end();
      if (next > to) return undefined;
      const message = octets.subarray(from + FRAME_HEADER, next);
      from = next;
      return message;
    },
    compact() {
      if (octets.length > 2 * (to - from)) move(to - from);
    },
  };
}
