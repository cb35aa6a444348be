import { typeCode, typeName } from '../type-codes.ts';
import { FormErr } from '../wire/form-error.ts';
import type { WireReader } from '../wire/reader.ts';
import type { WireWriter } from '../wire/writer.ts';
import type { RdataTokens } from './tokens.ts';

/**
 * Type bitmaps of NSEC, NSEC3 and CSYNC: blocks of 256 types, each `window, length, bitmap`, in ascending order, with
 * no empty block and no trailing zero octet. https://www.rfc-editor.org/rfc/rfc4034#section-4.1.2
 */

/** Reads to the end of `reader`; the types come in ascending order. @throws FormErr on a form that is not the only one */
export function decodeTypeBitmap(reader: WireReader): number[] {
  const types: number[] = [];
  let previous = -1;
  while (reader.remaining > 0) {
    const window = reader.u8();
    if (window <= previous) throw new FormErr('type bitmap blocks are not in ascending order');
    previous = window;
    const length = reader.u8();
    if (length === 0 || length > 32) throw new FormErr('type bitmap block has a wrong length');
    const bits = reader.take(length);
    if (bits[length - 1] === 0) throw new FormErr('type bitmap block ends in a zero octet');
    for (let bit = 0; bit < length * 8; bit++) {
      if (bits[bit >> 3]! & (0x80 >> (bit & 7))) types.push(window * 256 + bit);
    }
  }
  return types;
}

/** Writes the types, given in any order. */
export function encodeTypeBitmap(types: readonly number[], writer: WireWriter): void {
  const sorted = [...types].sort((a, b) => a - b);
  for (let at = 0; at < sorted.length;) {
    const window = sorted[at]! >> 8;
    const bits = new Uint8Array(32);
    let length = 0;
    for (; at < sorted.length && sorted[at]! >> 8 === window; at++) {
      const bit = sorted[at]! & 0xff;
      bits[bit >> 3]! |= 0x80 >> (bit & 7);
      length = (bit >> 3) + 1;
    }
    writer.u8(window);
    writer.u8(length);
    writer.bytes(bits.subarray(0, length));
  }
}

/** All tokens left, as types in ascending order, each once. @throws RdataError */
export function parseTypeBitmap(tokens: RdataTokens): number[] {
  const types = new Set<number>();
  while (!tokens.done) types.add(parseType(tokens, 'type'));
  return [...types].sort((a, b) => a - b);
}

/** The mnemonics with a space before each: an empty list leaves no trace. */
export function printTypeBitmap(types: readonly number[]): string {
  return types.map((type) => ` ${typeName(type)}`).join('');
}

/** A type by mnemonic or as TYPEnnn. @throws RdataError */
export function parseType(tokens: RdataTokens, what: string): number {
  const text = tokens.word(what);
  const code = typeCode(text);
  if (code === undefined) tokens.fail(`${what} must be a type such as MX or TYPE15, not "${text}"`);
  return code;
}

/** The same for the types whose readers take a plain number too, as RFC 2535 had it for unknown ones. @throws RdataError */
export function parseTypeOrNumber(tokens: RdataTokens, what: string): number {
  return /^\d/.test(tokens.peek()?.text ?? '') ? tokens.u16(what) : parseType(tokens, what);
}
