import type { RdataTokens } from './tokens.ts';

/** Hexadecimal in capitals, as zone files have it. */
export function printHex(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('hex').toUpperCase();
}

export function printBase64(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('base64');
}

/** Fails unless `octets` has `length` octets; any length will do where none is known. @throws RdataError */
export function requireLength(
  tokens: RdataTokens,
  what: string,
  octets: Uint8Array,
  length: number | undefined,
): void {
  if (length !== undefined && octets.length !== length)
    tokens.fail(`${what} must be ${length} octets long, not ${octets.length}`);
}

/** The bits that are set, in ascending order, 0 being the first bit of the first octet. */
export function setBits(octets: Uint8Array): number[] {
  const bits: number[] = [];
  for (let bit = 0; bit < octets.length * 8; bit++) {
    if (octets[bit >> 3]! & (0x80 >> (bit & 7))) bits.push(bit);
  }
  return bits;
}

/** As few octets as have these bits set, given in ascending order. */
export function octetsOfBits(bits: readonly number[]): Uint8Array {
  const last = bits.at(-1);
  const octets = new Uint8Array(last === undefined ? 0 : (last >> 3) + 1);
  for (const bit of bits) octets[bit >> 3]! |= 0x80 >> (bit & 7);
  return octets;
}
