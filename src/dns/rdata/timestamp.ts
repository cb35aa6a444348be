import type { RdataTokens } from './tokens.ts';

/** Seconds since the epoch, or YYYYMMDDHHmmSS in UTC. https://www.rfc-editor.org/rfc/rfc4034#section-3.2 */
export function parseTimestamp(tokens: RdataTokens, what: string): number {
  const text = tokens.peek()?.text ?? '';
  const match = /^(\d{4})(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/.exec(text);
  if (!match) return tokens.u32(what);
  tokens.word(what);
  const [year, month, day, hour, minute, second] = match.slice(1).map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const seconds = Date.UTC(year, month - 1, day, hour, minute, second) / 1000;
  // The field has 32 bits: 1970 to February 2106. Printing it again finds days and hours that do not exist. As it is a serial number
  // (RFC 4034 §3.1.5), BIND prints what is more than 68 years ahead as a time before 1970.
  if (seconds < -0x80000000 || seconds > 0xffffffff || printTimestamp(seconds) !== text)
    tokens.fail(`${what} must be a time as YYYYMMDDHHmmSS from 1970 to 2106, not "${text}"`);
  return seconds >>> 0;
}

/** Seconds since the epoch as YYYYMMDDHHmmSS in UTC. */
export function printTimestamp(seconds: number): string {
  return new Date(seconds * 1000).toISOString().slice(0, 19).replace(/\D/g, '');
}
