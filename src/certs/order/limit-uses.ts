import type { Use } from '../store.ts';
import { type CaLimits, letsEncryptLimits, registeredDomains } from './limits.ts';

/** How near to a limit the box is. */
export interface LimitUse {
  limit: keyof CaLimits;
  /** In the window that ends now; of the names that come nearest, where the CA counts for each. */
  uses: number;
  allowed: number;
}

/** `uses`: what was done in the last week, oldest first. */
export function limitUses(
  uses: readonly Use[],
  now: number,
  limits: CaLimits = letsEncryptLimits,
): LimitUse[] {
  const within = (limit: keyof CaLimits, counts: (kind: Use['kind']) => boolean): string[] =>
    uses
      .filter(({ kind, at }) => counts(kind) && at + limits[limit].window >= now)
      .map(({ subject }) => subject);
  const fresh = within('registeredDomain', (kind) => kind === 'certificate');
  const counted: Record<keyof CaLimits, number> = {
    orders: within('orders', (kind) => kind === 'order').length,
    sameNames: mostFrequent(within('sameNames', (kind) => kind === 'certificate' || kind === 'renewal')),
    registeredDomain: mostFrequent(fresh.flatMap((set) => registeredDomains(set.split(' ')))),
    failures: mostFrequent(within('failures', (kind) => kind === 'failure')),
  };
  return (Object.keys(counted) as (keyof CaLimits)[]).map((limit) => ({
    limit,
    uses: counted[limit],
    allowed: limits[limit].count,
  }));
}

/** How often the most frequent of them occurs. */
function mostFrequent(subjects: readonly string[]): number {
  const counts = new Map<string, number>();
  let most = 0;
  for (const subject of subjects) {
    const count = (counts.get(subject) ?? 0) + 1;
    counts.set(subject, count);
    most = Math.max(most, count);
  }
  return most;
}
