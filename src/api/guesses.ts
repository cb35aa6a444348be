import type { Clock } from '../core/clock.ts';
import { type Allowance, createFailedAttempts } from './failed-attempts.ts';

const ofNetwork: Allowance = { burst: 10, refill: 6_000 };
/** For those who have many addresses: ten networks' worth of guessing. */
const inAll: Allowance = { burst: 100, refill: 600 };
const EVERYBODY = '';

/** Wrong credentials: what they are for was looked at first, so that no number of them keeps out a valid one. */
export interface Guesses {
  /** Counts one. Seconds until the next is worth an answer; 0 when this one is. */
  wrong(network: string): number;
}

/** Counts by network and in all. Who must wait fills neither bucket further, so that one network cannot fill that of everybody. */
export function createGuesses(clock: Clock): Guesses {
  const networks = createFailedAttempts(clock, ofNetwork);
  const all = createFailedAttempts(clock, inAll);
  return {
    wrong(network) {
      const seconds = Math.max(networks.wait(network), all.wait(EVERYBODY));
      if (seconds > 0) return seconds;
      networks.count(network);
      all.count(EVERYBODY);
      return 0;
    },
  };
}
