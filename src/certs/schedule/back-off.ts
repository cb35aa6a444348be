import type { Random } from '../../core/random.ts';

const FIRST = 5 * 60_000;
const LONGEST = 24 * 3_600_000;

/** Milliseconds to wait after so many failures in a row: five minutes, doubled each time up to a day, a quarter more or less. */
export function backOff(failures: number, random: Random): number {
  const base = Math.min(FIRST * 2 ** (failures - 1), LONGEST);
  return Math.round(base * (0.75 + random.float() / 2));
}
