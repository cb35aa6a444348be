import type { Name } from './name.ts';
import { SuffixTable } from './suffix-table.ts';

/**
 * A growing message; compresses names against those written before when built with `compress`. Only names of the same
 * case are shared, so that every name is read back as it was written.
 */
export class WireWriter {
  #bytes: Uint8Array;
  #length = 0;
  readonly #suffixes: SuffixTable | undefined;

  constructor(options: { compress?: boolean; size?: number } = {}) {
    this.#bytes = new Uint8Array(options.size ?? 512);
    this.#suffixes = options.compress ? new SuffixTable() : undefined;
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
    const start = this.#length;
    this.bytes(name.wire);
    if (!this.#suffixes || !compress) return;
    const known = this.#suffixes.find(this.#bytes, start);
    if (!known) return;
    this.#length = known.from;
    this.u16(0xc000 | known.target);
  }

  /** Takes back all that was written after the first `length` octets. */
  rewind(length: number): void {
    this.#length = length;
    this.#suffixes?.forget(length);
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
