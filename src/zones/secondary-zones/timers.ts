import { fromWire } from '../../dns/rdata/registry.ts';
import { soa } from '../../dns/rdata/soa.ts';

/*
 * When the primaries of a zone are asked, by the numbers of its SOA (RFC 1034 §4.3.5, RFC 1035 §3.3.13). Whoever wrote them may be wrong: they
 * are kept within bounds, in which no zone asks without pause or is forgotten.
 */

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** Milliseconds, each from and to. */
export const bounds = {
  refresh: [MINUTE, 28 * DAY],
  retry: [MINUTE, 14 * DAY],
  expire: [2 * MINUTE, 168 * DAY],
} as const;
/** While nothing came yet: at first soon, later less and less often. */
export const firstTransfer = { shortest: 5000, longest: HOUR } as const;
/** The part of an interval that may be left out, so that many zones do not ask at once for ever. */
const JITTER = 0.1;

/** Milliseconds. */
export interface Intervals {
  refresh: number;
  retry: number;
  expire: number;
}

/** Of the rdata of a SOA. A zone does not expire before it was to be refreshed, and that tried once more (RFC 1912 §2.2). */
export function intervalsOf(rdata: Uint8Array): Intervals {
  const { refresh, retry, expire } = fromWire(soa, rdata);
  const bounded = { refresh: within('refresh', refresh), retry: within('retry', retry) };
  return { ...bounded, expire: Math.max(within('expire', expire), bounded.refresh + bounded.retry) };
}

function within(what: keyof typeof bounds, seconds: number): number {
  const [least, most] = bounds[what];
  return Math.min(Math.max(1000 * seconds, least), most);
}

/**
 * Milliseconds until the primaries are asked again, after so many failures in a row: none is a success. `chance` is from 0 to 1.
 * @param intervals undefined while nothing came yet
 */
export function pause(intervals: Intervals | undefined, failures: number, chance: number): number {
  const whole = intervals
    ? failures === 0
      ? intervals.refresh
      : intervals.retry
    : Math.min(firstTransfer.shortest * 2 ** Math.max(0, failures - 1), firstTransfer.longest);
  return Math.round(whole * (1 - JITTER * chance));
}
