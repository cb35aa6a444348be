import { type Clock, systemClock } from '../../core/clock.ts';
import type { Cookies } from './cookies.ts';
import type { RateLimiter } from './rate-limit.ts';

/** What answers have from their worker besides zones; what is undefined is not offered. */
export interface Features {
  /** What time it is, where an answer depends on it. */
  clock: Pick<Clock, 'now'>;
  /** DNS cookies (RFC 7873). */
  cookies: Cookies | undefined;
  /** Of responses over UDP. */
  limiter: RateLimiter | undefined;
  /** What NSID (RFC 5001), `id.server` and `hostname.bind` say (RFC 4892), octets. */
  identity: Uint8Array | undefined;
  /** What `version.bind` and `version.server` say, octets. */
  version: Uint8Array | undefined;
  /** Milliseconds after which a stream without a query is closed now (RFC 7828). */
  idle: (() => number) | undefined;
}

export const noFeatures: Features = {
  clock: systemClock,
  cookies: undefined,
  limiter: undefined,
  identity: undefined,
  version: undefined,
  idle: undefined,
};
