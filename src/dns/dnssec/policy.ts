import type { Random } from '../../core/random.ts';
import type { Name } from '../wire/name.ts';
import type { SigningKey } from './keys.ts';

/** How a zone is signed; all times in seconds. */
export interface SignPolicy {
  /** How the zone proves that something does not exist: NSEC (RFC 4034) or NSEC3 (RFC 5155, parameters of RFC 9276). */
  denial: 'nsec' | 'nsec3';
  /** From now to the expiration of a new signature. */
  validity: number;
  /** Expirations are earlier by up to this, at random, so that signatures do not all fall due at once. */
  jitter: number;
  /** New signatures are valid from this long ago, for validators whose clocks are behind. */
  inceptionOffset: number;
  /** A signature with less than this left is made anew. */
  refresh: number;
}

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Two weeks of validity; renewed in the last days, so that a box which is down for some days does no harm. */
export const defaultSignPolicy: SignPolicy = {
  denial: 'nsec',
  validity: 14 * DAY,
  jitter: 2 * DAY,
  inceptionOffset: HOUR,
  refresh: 5 * DAY,
};

export interface SignOptions {
  origin: Name;
  /** All keys that sign now; with none the zone becomes or stays unsigned. */
  keys: readonly SigningKey[];
  policy: SignPolicy;
  /** Seconds since the epoch. */
  now: number;
  random: Random;
  /**
   * `everything` looks at every RRset of the zone for signatures to be renewed; `changes` only at the changed owners and
   * the neighbours that they reach.
   */
  scope: 'changes' | 'everything';
  /** Whether the version gets a digest of all of it (ZONEMD, RFC 8976), which takes time in proportion to the zone. */
  digest?: boolean | undefined;
}
