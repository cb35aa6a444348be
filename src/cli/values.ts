import { CliError } from './client.ts';
import { exitCodes } from './exit-codes.ts';

/** A whole number of the command line. @throws CliError usage */
export function wholeNumber(text: string, what: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CliError(`The ${what} must be a whole number, not "${text}".`, exitCodes.usage);
}

/** A TTL, or null for `default`. @throws CliError usage */
export function ttlOrDefault(text: string): number | null {
  return text === 'default' ? null : wholeNumber(text, 'TTL (seconds, or default)');
}

/** A list of the command line; the word `none` empties it. */
export function listOrNone(values: string[] | undefined, current: string[]): string[] {
  if (values === undefined) return current;
  return values.length === 1 && values[0] === 'none' ? [] : values;
}

/** A word of a few. @throws CliError usage */
export function oneOf(text: string, words: readonly string[], what: string): string {
  if (words.includes(text)) return text;
  throw new CliError(`The ${what} must be ${words.join(' or ')}, not "${text}".`, exitCodes.usage);
}
