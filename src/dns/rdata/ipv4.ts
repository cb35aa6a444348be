/** Dotted quad to 4 octets; undefined for anything else (no leading zeros: some readers take them as octal). */
export function parseIpv4(text: string): Uint8Array | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const valid = parts.every((part) => /^(0|[1-9]\d{0,2})$/.test(part) && Number(part) <= 255);
  return valid ? Uint8Array.from(parts, Number) : undefined;
}

/** 4 octets to dotted quad. */
export function printIpv4(octets: Uint8Array): string {
  return octets.join('.');
}
