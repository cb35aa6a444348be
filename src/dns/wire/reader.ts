import { FormErr } from './form-error.ts';
import { MAX_LABEL, MAX_NAME, Name } from './name.ts';

/**
 * RFC 1035 §4.1.4: every pointer must lead to a prior name. Each jump goes strictly backwards and a name has at
 * most 127 labels (255 octets, at least 2 for each label but the root), so a legal name never needs more jumps.
 */
const MAX_POINTERS = 127;

/** Where a name is put together before its length is known. */
const scratch = new Uint8Array(MAX_NAME);

/** A cursor over received bytes; every read is checked and the only thing thrown is FormErr. */
export class WireReader {
  readonly bytes: Uint8Array;
  offset: number;
  /** Reads stop here; names may still point back before `start`. */
  readonly end: number;
  readonly #pointers: boolean;

  /** `pointers: false` refuses compressed names everywhere: for bytes that are no message. */
  constructor(bytes: Uint8Array, offset = 0, end = bytes.length, pointers = true) {
    if (end > bytes.length || offset > end) throw new FormErr('data runs past the end');
    this.bytes = bytes;
    this.offset = offset;
    this.end = end;
    this.#pointers = pointers;
  }

  get remaining(): number {
    return this.end - this.offset;
  }

  u8(): number {
    this.#need(1);
    return this.bytes[this.offset++]!;
  }

  u16(): number {
    this.#need(2);
    return (this.bytes[this.offset++]! << 8) | this.bytes[this.offset++]!;
  }

  u32(): number {
    return this.u16() * 0x10000 + this.u16();
  }

  /** A copy of the next `count` octets. */
  take(count: number): Uint8Array {
    this.#need(count);
    this.offset += count;
    // Not slice(): of a Buffer, which datagrams come in, that is no copy.
    return new Uint8Array(this.bytes.subarray(this.offset - count, this.offset));
  }

  /** A copy of all that is left. */
  rest(): Uint8Array {
    return this.take(this.remaining);
  }

  /** The same of a last field that has no text form when it is empty. */
  restNotEmpty(what: string): Uint8Array {
    if (this.remaining === 0) throw new FormErr(`${what} is empty`);
    return this.rest();
  }

  /** A character-string: a length octet and that many octets (RFC 1035 §3.3). */
  string(): Uint8Array {
    return this.take(this.u8());
  }

  /**
   * A name; `compressed: false` refuses pointers, as names in rdata newer than RFC 1035 must not have them
   * (RFC 3597 §4).
   */
  name(compressed = true): Name {
    let length = 0;
    let at = this.offset;
    let limit = this.end;
    let jumps = 0;
    let after = -1;
    for (;;) {
      if (at >= limit) throw new FormErr('name runs past the end');
      const octet = this.bytes[at]!;
      if (octet <= MAX_LABEL) {
        if (at + octet + 1 > limit) throw new FormErr('label runs past the end');
        if (length + octet + 1 > MAX_NAME) throw new FormErr('name is longer than 255 octets');
        for (let i = 0; i <= octet; i++) scratch[length++] = this.bytes[at++]!;
        if (octet === 0) break;
      } else if (octet >= 0xc0) {
        if (!compressed || !this.#pointers) throw new FormErr('name must not be compressed here');
        if (at + 2 > limit) throw new FormErr('pointer runs past the end');
        const target = ((octet & 0x3f) << 8) | this.bytes[at + 1]!;
        if (target >= at || ++jumps > MAX_POINTERS) throw new FormErr('pointer does not lead back');
        if (after < 0) after = at + 2;
        limit = at;
        at = target;
      } else throw new FormErr('label type is not supported');
    }
    this.offset = after < 0 ? at : after;
    return Name.trusted(scratch.slice(0, length));
  }

  /** A reader of the next `count` octets, which this one skips. */
  slice(count: number): WireReader {
    this.#need(count);
    const reader = new WireReader(this.bytes, this.offset, this.offset + count, this.#pointers);
    this.offset += count;
    return reader;
  }

  #need(count: number): void {
    if (this.offset + count > this.end) throw new FormErr('data runs past the end');
  }
}
