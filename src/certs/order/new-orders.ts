import type { Clock } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { AcmeProblem } from '../acme/problem.ts';
import type { CertificateName } from '../model.ts';
import type { UseReads } from '../store.ts';
import { type Allowed, anyOrderAllowed, baseName, registeredDomains } from './limits.ts';

/** Milliseconds of rest for all orders when the CA does not say how long, and at most: what it says may be meant for the one order. */
const REST = 5 * 60_000;
const LONGEST_REST = 3_600_000;

/** What keeps all new orders waiting: a limit of the CA's that holds for the account, or a rest that the CA asked for. */
export interface NewOrders {
  /** From when on new orders may be made. */
  allowed(): Allowed;
  /** The CA refused an order for these names. */
  refused(problem: AcmeProblem, names: readonly CertificateName[]): void;
}

/** The rest is kept in memory: after a start the first order learns of it again. */
export function createNewOrders(options: { reads: UseReads; clock: Clock; log: Log }): NewOrders {
  const { reads, clock, log } = options;
  let restUntil = 0;
  return {
    allowed() {
      const allowed = anyOrderAllowed(reads, clock.now());
      if (restUntil <= allowed.at) return allowed;
      return { at: restUntil, because: 'the CA asks for a rest from all orders', forAll: true };
    },
    refused(problem, names) {
      if (problem.type !== 'rateLimited' || isAbout(problem.detail, names)) return;
      const now = clock.now();
      restUntil = Math.min(Math.max(problem.retryAt ?? now + REST, restUntil), now + LONGEST_REST);
      log.warn({ rest: restUntil - now, detail: problem.detail }, 'no orders for now: the CA had enough');
    },
  };
}

/**
 * Whether the CA means these names alone. Problems do not say it (RFC 8555 §6.6), but the words of Let's Encrypt, and of whoever runs its
 * software, name the domain, or the "exact set of identifiers".
 */
function isAbout(detail: string, names: readonly CertificateName[]): boolean {
  const words = detail.toLowerCase();
  const named = [...names.map(baseName), ...registeredDomains(names)];
  return words.includes('exact set') || named.some((name) => words.includes(name));
}
