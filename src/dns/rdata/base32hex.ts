const alphabet = '0123456789ABCDEFGHIJKLMNOPQRSTUV';

/** Base32 with extended hex alphabet, without padding. https://www.rfc-editor.org/rfc/rfc4648#section-7 */
export function printBase32Hex(octets: Uint8Array): string {
  let text = '';
  let bits = 0;
  let buffer = 0;
  for (const octet of octets) {
    buffer = ((buffer << 8) | octet) & 0xfff;
    for (bits += 8; bits >= 5; bits -= 5) text += alphabet[(buffer >> (bits - 5)) & 31]!;
  }
  return bits > 0 ? text + alphabet[(buffer << (5 - bits)) & 31]! : text;
}

/** Undefined for a text that {@link printBase32Hex} would not write (but for the case of letters). */
export function parseBase32Hex(text: string): Uint8Array | undefined {
  const octets: number[] = [];
  let bits = 0;
  let buffer = 0;
  for (const char of text.toUpperCase()) {
    const value = alphabet.indexOf(char);
    if (value < 0) return undefined;
    buffer = ((buffer << 5) | value) & 0xfff;
    bits += 5;
    if (bits >= 8) octets.push((buffer >> (bits -= 8)) & 0xff);
  }
  const leftover = buffer & ((1 << bits) - 1);
  return bits >= 5 || leftover !== 0 ? undefined : Uint8Array.from(octets);
}
