import type { Clock } from '../core/clock.ts';
import type { AttemptCount, AttemptTally } from './order/tally.ts';
import type { LimitUse } from './order/limit-uses.ts';
import type { CertificateCounts, CertificateReads } from './store.ts';
import { stateOf } from './view.ts';

/** Certificates in numbers. */
export interface CertificateFigures extends CertificateCounts {
  attempts: AttemptCount[];
  /** Empty without a CA. */
  limits: readonly LimitUse[];
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
