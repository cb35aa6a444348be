import { similar } from '../core/similar.ts';
import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';

/** A whole number of the command line. @throws CliError usage */
export function wholeNumber(text: string, what: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  throw new CliError(`${what} must be a whole number, not "${text}".`, exitCodes.usage);
}

/** The serial of a version of the zone. @throws CliError usage */
export function serialIn(text: string, zone: string): number {
  if (/^\d{1,10}$/.test(text)) return Number(text);
  throw new CliError(
    `A serial is a number such as 1795000000, not "${text}"; signpost zone show ${zone} shows those of the zone.`,
    exitCodes.usage,
  );
}

const units: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400, w: 604_800 };

/** Seconds, as a number or as zone files may have them: 5m, 1h30m, 2d. @throws CliError usage */
export function seconds(text: string, what: string): number {
  if (/^\d{1,15}$/.test(text)) return Number(text);
  if (/^(?:\d{1,9}[smhdw])+$/i.test(text))
    return [...text.matchAll(/(\d+)([a-z])/gi)].reduce(
      (sum, [, count, unit]) => sum + Number(count) * units[unit!.toLowerCase()]!,
      0,
    );
  throw new CliError(
    `${what} must be a whole number of seconds, or a time such as 5m, 1h30m or 2d; not "${text}".`,
    exitCodes.usage,
  );
}

/** A TTL, or null for `default`. @throws CliError usage */
export function ttlOrDefault(text: string): number | null {
  return text === 'default' ? null : seconds(text, 'The TTL');
}

const DAY = 86_400;

/** Seconds, of a number of days or a time such as 36h or 2w. @throws CliError usage */
export function days(text: string, what: string): number {
  if (/^\d+$/.test(text)) return wholeNumber(text, what) * DAY;
  if (/^(?:\d{1,9}[smhdw])+$/i.test(text)) return seconds(text, what);
  throw new CliError(
    `${what} must be a number of days, or a time such as 36h or 2w; not "${text}".`,
    exitCodes.usage,
  );
}

/** A list of the command line; the word `none` empties it. */
export function listOrNone(values: string[] | undefined, current: string[]): string[] {
  if (values === undefined) return current;
  return values.length === 1 && values[0] === 'none' ? [] : values;
}

/** A word of a few. @throws CliError usage */
export function oneOf(text: string, words: readonly string[], what: string): string {
  if (words.includes(text)) return text;
  throw new CliError(`${what} must be ${alternatives(words)}, not "${text}".`, exitCodes.usage);
}

/** `a, b or c` */
export function alternatives(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)!}`;
}

/** ` Did you mean example.com?`, or nothing. */
export function didYouMean(text: string, candidates: Iterable<string>): string {
  const near = similar(text, candidates);
  return near.length === 0 ? '' : ` Did you mean ${alternatives(near)}?`;
}

/** A time of the command line in RFC 3339: a day, a time, or how long before `now` (milliseconds since the epoch). @throws CliError usage */
export function moment(text: string, now: number): string {
  const isAge = /^(?:\d{1,9}[smhdw])+$/i.test(text);
  const isTime = /^\d{4}-\d\d-\d\d(?:T\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:\d\d)?)?$/.test(text);
  const time = isAge ? now - seconds(text, 'A time') * 1000 : isTime ? Date.parse(text) : NaN;
  // What a Date can hold, and the API reads.
  if (time >= 0 && time < 253_402_300_800_000) return new Date(time).toISOString();
  throw new CliError(
    `A time is a day (2027-01-31), an RFC 3339 time (2027-01-31T12:00:00Z) or how long ago (2h, 7d), not "${text}".`,
    exitCodes.usage,
  );
}
