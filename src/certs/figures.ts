import type { Clock } from '../core/clock.ts';
import type { AttemptCount, AttemptTally } from './order/tally.ts';
import { type LimitUse, limitUses } from './order/limit-uses.ts';
import { LONGEST_WINDOW } from './order/limits.ts';
import type { CertificateCounts, CertificateReads } from './store.ts';
import { stateOf } from './view.ts';

/** Certificates in numbers. */
export interface CertificateFigures extends CertificateCounts {
  attempts: AttemptCount[];
  /** Empty without a CA. */
  limits: readonly LimitUse[];
}

/** Milliseconds for which the uses of limits are not counted again: a box that gets its first 10,000 certificates has as many. */
const LIMITS_AGE = 60_000;

/** Gives the function that says how near to the CA's limits the box is, or was a moment ago. */
export function createLimitFigures(reads: Pick<CertificateReads, 'uses'>, clock: Clock): () => LimitUse[] {
  let counted: { at: number; limits: LimitUse[] } | undefined;
  return () => {
    if (!counted || clock.monotonic() - counted.at >= LIMITS_AGE) {
      const now = clock.now();
      const limits = limitUses(reads.uses(now - LONGEST_WINDOW), now);
      counted = { at: clock.monotonic(), limits };
    }
    return counted.limits;
  };
}

export interface FigureOptions {
  reads: Pick<CertificateReads, 'counts' | 'certificate'>;
  /** Ids of those about which something is done at this moment: a few. */
  busy: Iterable<string>;
  tally: AttemptTally;
  limits: readonly LimitUse[];
  clock: Clock;
}

export function takeFigures({ reads, busy, tally, limits, clock }: FigureOptions): CertificateFigures {
  const now = clock.now();
  const counts = reads.counts(now);
  for (const id of busy) {
    const row = reads.certificate(id);
    if (!row) continue;
    counts.states[stateOf(row, now, false)]--;
    counts.states[stateOf(row, now, true)]++;
  }
  return { ...counts, attempts: tally.read(), limits };
}
