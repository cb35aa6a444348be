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
