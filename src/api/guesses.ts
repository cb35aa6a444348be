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

/** Of the passwords of persons: of one mailbox, whoever tries. */
const ofMailbox: Allowance = { burst: 10, refill: 60_000 };

/** Tries of passwords that persons choose: they can be guessed, so it is the tries that are counted, right ones too. */
export interface PasswordTries {
  /** Counts one. Seconds until it may be made; 0 when it may. `network` undefined: a program of this machine, which asks for many. */
  take(network: string | undefined, address: string): number;
}

/** A try that must wait fills no bucket further. Nobody else's wait for webmail, so they keep no person from it but the one whose mailbox it is. */
export function createPasswordTries(clock: Clock): PasswordTries {
  const mailboxes = createFailedAttempts(clock, ofMailbox);
  const networks = createFailedAttempts(clock, ofNetwork);
  const all = createFailedAttempts(clock, inAll);
  return {
    take(network, address) {
      const buckets = [[mailboxes, address] as const];
      if (network !== undefined) buckets.push([networks, network], [all, EVERYBODY]);
      const seconds = Math.max(...buckets.map(([bucket, key]) => bucket.wait(key)));
      if (seconds === 0) for (const [bucket, key] of buckets) bucket.count(key);
      return seconds;
    },
  };
}
