import type { Clock } from '../../core/clock.ts';
import { clientNetwork } from '../../core/client-network.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { SecondFactors } from './second-factors.ts';
import type { Client } from './sessions.ts';
import type { PeopleReads } from './store.ts';
import { createSignInTries } from './tries.ts';

/** One look at a password. */
export interface Attempt {
  failed(): void;
  /** The password is right: enough for who has no second factor. */
  passwordRight(): void;
  /** All that is asked for was given: the account starts anew. */
  proven(): void;
}

/** Stands before every look at a password that a person chose, whatever it is for: one counter for all of them. */
export interface PasswordGuard {
  /**
   * Counts a try. `account`: what it is counted by; `name`: of who exists.
   * @throws AppError rate-limited when it must wait
   */
  begin(client: Pick<Client, 'address'>, account: string, name: string | undefined): Attempt;
}

export interface PasswordGuardOptions {
  rows: Pick<PeopleReads, 'sessionsOf'>;
  factors: Pick<SecondFactors, 'has'>;
  /** Told of each that failed, for the metrics. */
  onFailed: () => void;
  clock: Clock;
  log: Log;
}

/** Sessions of one person that are looked at. */
const MOST_SESSIONS = 50;

export function createPasswordGuard(options: PasswordGuardOptions): PasswordGuard {
  const { rows, factors, onFailed, clock, log } = options;
  const tries = createSignInTries(clock);
  return {
    begin({ address }, account, name) {
      const network = address === undefined ? undefined : clientNetwork(address);
      const known = rows
        .sessionsOf(account, MOST_SESSIONS)
        .some((one) => one.address !== undefined && clientNetwork(one.address) === network);
      /** The line that fail2ban reads (docs/accounts.md): the name only of who exists, as people type passwords where names belong. */
      const failed = (): void => {
        onFailed();
        log.warn(
          { client: address ?? 'local', ...(name !== undefined && { account: name }) },
          'sign-in failed',
        );
      };
      const wait = tries.take(account, network, known);
      if (wait > 0) {
        failed();
        const seconds = Math.ceil(wait / 1000);
        throw new AppError('rate-limited', `Too many passwords were tried. Wait ${seconds} seconds.`, {
          retryAfter: seconds,
        });
      }
      const proven = (): void => {
        tries.right(account, network, true);
        tries.right(account, network, false);
      };
      const passwordRight = (): void => {
        if (!factors.has(account)) proven();
      };
      return { failed, passwordRight, proven };
    },
  };
}
