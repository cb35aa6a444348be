import type { Name } from './name.ts';

/** RFC 1035 §4.1.4: a pointer has 14 bits, so it cannot reach further. */
const MAX_POINTER_TARGET = 0x3fff;

/**
 * A growing message; compresses names against those written before when built with `compress`. Only names of the same
 * case are shared, so that every name is read back as it was written.
 */
export class WireWriter {
  #bytes: Uint8Array;
  #length = 0;
  readonly #seen: Map<string, number> | undefined;

  constructor(options: { compress?: boolean; size?: number } = {}) {
    this.#bytes = new Uint8Array(options.size ?? 512);
    this.#seen = options.compress ? new Map() : undefined;
  }

  get length(): number {
    return this.#length;
  }

  /** What was written so far, as a copy. */
  finish(): Uint8Array {
    return this.#bytes.slice(0, this.#length);
  }

  u8(value: number): void {
    this.#grow(1);
    this.#bytes[this.#length++] = value;
  }

  u16(value: number): void {
    this.#grow(2);
    this.#bytes[this.#length++] = value >>> 8;
    this.#bytes[this.#length++] = value;
  }

  u32(value: number): void {
    this.u16(value >>> 16);
    this.u16(value & 0xffff);
  }

  bytes(octets: Uint8Array): void {
    this.#grow(octets.length);
    this.#bytes.set(octets, this.#length);
    this.#length += octets.length;
  }

  /** A character-string of at most 255 octets (RFC 1035 §3.3). */
  string(octets: Uint8Array): void {
    this.u8(octets.length);
    this.bytes(octets);
  }

  /**
   * A name. Only names that RFC 1035 knew (owners, and rdata of the types it defines: RFC 3597 §4) may be
   * compressed; pass `compress: false` for all others.
   */
  name(name: Name, compress = true): void {
    if (!this.#seen || !compress) {
      this.bytes(name.wire);
      return;
    }
    const key = Buffer.from(name.wire.buffer, name.wire.byteOffset, name.wire.length).toString('latin1');
    for (let at = 0; name.wire[at]! > 0; at += name.wire[at]! + 1) {
      const suffix = key.slice(at);
      const target = this.#seen.get(suffix);
      if (target !== undefined) {
        this.u16(0xc000 | target);
        return;
      }
      if (this.#length <= MAX_POINTER_TARGET) this.#seen.set(suffix, this.#length);
      this.bytes(name.wire.subarray(at, at + name.wire[at]! + 1));
    }
    this.u8(0);
  }

  /** Takes back all that was written after the first `length` octets. */
  rewind(length: number): void {
    this.#length = length;
    for (const [suffix, offset] of this.#seen ?? []) if (offset >= length) this.#seen!.delete(suffix);
  }

  /** Overwrites the 16 bits at `offset`. */
  patch16(offset: number, value: number): void {
    this.#bytes[offset] = value >>> 8;
    this.#bytes[offset + 1] = value;
  }

  /** Writes a 16-bit length, then what `body` writes, and sets the length to what that took (octets). */
  lengthPrefixed(body: () => void): void {
    const at = this.#length;
    this.u16(0);
    body();
    this.patch16(at, this.#length - at - 2);
  }

  #grow(count: number): void {
    if (this.#length + count <= this.#bytes.length) return;
    const bytes = new Uint8Array(Math.max(this.#bytes.length * 2, this.#length + count));
    bytes.set(this.#bytes.subarray(0, this.#length));
    this.#bytes = bytes;
  }
}
