import { type Clock, systemClock } from '../../core/clock.ts';
import type { Cookies } from './cookies.ts';

/** What answers have from their worker besides zones; what is undefined is not offered. */
export interface Features {
  clock: Clock;
  /** DNS cookies (RFC 7873). */
  cookies: Cookies | undefined;
}

export const noFeatures: Features = { clock: systemClock, cookies: undefined };
