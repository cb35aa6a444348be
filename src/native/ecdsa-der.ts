/**
 * Writes an ECDSA signature as DNSSEC has it, r and s side by side with `size` octets each (RFC 6605 §4), from the DER
 * that OpenSSL makes: SEQUENCE { INTEGER r, INTEGER s } (RFC 3279 §2.2.3), where integers have no leading zeros but one
 * to keep them positive. The DER is trusted: it is no longer than 127 octets up to P-384.
 */
export function flattenEcdsa(der: Uint8Array, target: Uint8Array, size: number): void {
  const rLength = der[3]!;
  const s = 4 + rLength;
  writeInteger(der, 4, rLength, target, 0, size);
  writeInteger(der, s + 2, der[s + 1]!, target, size, size);
}

/** Drops the zero before a high bit, and fills short integers up. */
function writeInteger(
  der: Uint8Array,
  start: number,
  length: number,
  target: Uint8Array,
  at: number,
  size: number,
): void {
  const excess = length - size;
  for (let i = 0; i < size; i++) {
    const from = i + excess;
    target[at + i] = from < 0 ? 0 : der[start + from]!;
  }
}
