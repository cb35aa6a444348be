import { systemClock } from '../core/clock.ts';

const MINUTE = 60;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Units, each used below so many seconds. */
const units: [below: number, unit: Intl.RelativeTimeFormatUnit, seconds: number][] = [
  [90, 'second', 1],
  [90 * MINUTE, 'minute', MINUTE],
  [36 * HOUR, 'hour', HOUR],
  [60 * DAY, 'day', DAY],
  [730 * DAY, 'month', 30.44 * DAY],
  [Infinity, 'year', 365.25 * DAY],
];

/** How long ago, or in what time, an RFC 3339 time is: for people; what is none stays as it is. */
export function relative(time: string, now: number = systemClock.now()): string {
  const seconds = (Date.parse(time) - now) / 1000;
  if (Number.isNaN(seconds)) return time;
  const [, unit, size] = units.find(([below]) => Math.abs(seconds) < below)!;
  const count = Math.round(seconds / size);
  if (count === 0) return 'now';
  return new Intl.RelativeTimeFormat('en').format(count, unit);
}

/** The time itself and how far away it is: where it may be copied from. */
export function withRelative(time: string, now?: number): string {
  const text = relative(time, now);
  return text === time ? time : `${time} (${text})`;
}
