import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';

const units = ['', 'K', 'M', 'G', 'T'];

/** Octets as people write them: 5G, 500M, or a number; `none` is 0. @throws CliError usage */
export function octets(text: string, what: string): number {
  if (text === 'none') return 0;
  const match = /^(\d{1,12}(?:\.\d{1,3})?)\s*([KMGT]?)(?:i?B)?$/i.exec(text);
  const value = match && Math.round(Number(match[1]) * 1024 ** units.indexOf(match[2]!.toUpperCase()));
  if (value !== null && Number.isSafeInteger(value)) return value;
  throw new CliError(`${what} must be a size such as 500M or 5G, or none; not "${text}".`, exitCodes.usage);
}

/** `5 GiB`; 0 is no limit. */
export function shownOctets(value: number): string {
  if (value === 0) return 'none';
  const power = Math.min(Math.floor(Math.log2(value) / 10), units.length - 1);
  const rounded = Math.round((value / 1024 ** power) * 10) / 10;
  return `${rounded} ${units[power]!}${power > 0 ? 'iB' : 'B'}`;
}
