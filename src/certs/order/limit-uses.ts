import type { Change } from '../../work/unit-of-work.ts';
import type { Clock } from '../../core/clock.ts';
import type { Keeper } from '../../work/history.ts';
import { certificateRows, type CertificateTransaction, type Use, type UseReads } from '../store.ts';
import { type CaLimits, letsEncryptLimits } from './limits.ts';

/** How near to a limit the box is. */
export interface LimitUse {
  limit: keyof CaLimits;
  /** In the window that ends now; of the names that come nearest, where the CA counts for each. */
  uses: number;
  allowed: number;
}

/** Subjects that are counted again: what of them has left the window is dropped at every order, and every hour. */
const COUNTED = 100;
/** Uses that are dropped in one change. */
const DROPPED = 100;

const kinds = Object.keys(letsEncryptLimits) as Use['kind'][];

export function limitUses(reads: UseReads, now: number, limits: CaLimits = letsEncryptLimits): LimitUse[] {
  return kinds.map((limit) => ({
    limit,
    uses: most(reads, limit, now - limits[limit].window),
    allowed: limits[limit].count,
  }));
}

/** The most uses of one subject. */
function most(reads: UseReads, kind: Use['kind'], since: number): number {
  let found = 0;
  for (const { subject, count } of reads.mostUsed(kind, COUNTED)) {
    // None of those that follow has more.
    if (count <= found) break;
    found = Math.max(found, reads.usesSince({ kind, subject }, since));
  }
  return found;
}

/** Drops some of what no limit counts any more. @returns how many */
export function dropOldUses(
  rows: CertificateTransaction,
  now: number,
  limits: CaLimits = letsEncryptLimits,
): number {
  return kinds.reduce((sum, kind) => sum + rows.dropUses(kind, now - limits[kind].window, DROPPED), 0);
}

/** Forgets what no limit counts any more, also where nothing is ordered. */
export function useKeeper(clock: Clock): Keeper {
  return {
    what: 'uses',
    forget(change: Change) {
      const dropped = dropOldUses(change.rows(certificateRows), clock.now());
      return { dropped, more: dropped > 0 };
    },
  };
}
