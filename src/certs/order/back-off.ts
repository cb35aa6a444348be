import type { Random } from '../../core/random.ts';

const FIRST = 5 * 60_000;
const HOUR = 3_600_000;
const LONGEST = 24 * HOUR;

/**
 * Milliseconds to wait after so many failures in a row: five minutes, doubled each time up to a day, a quarter more or less.
 * `left`: for which the certificate in use is valid. As its end comes near it is tried more often, up to each hour, or else
 * one rest after the trouble of a CA could outlast it.
 */
export function backOff(failures: number, random: Random, left = 0): number {
  const longest = left > 0 ? Math.min(Math.max(left / 8, HOUR), LONGEST) : LONGEST;
  const base = Math.min(FIRST * 2 ** (failures - 1), longest);
  return Math.round(base * (0.75 + random.float() / 2));
}
