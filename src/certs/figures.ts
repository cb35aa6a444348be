import type { Clock } from '../core/clock.ts';
import { errorCodes } from '../core/errors.ts';
import { isKnownProblem } from './acme/problem.ts';
import { type LimitUse, limitUses } from './schedule/limit-uses.ts';
import { LONGEST_WINDOW } from './schedule/limits.ts';
import type { CertificateCounts, CertificateReads } from './store.ts';
import { stateOf } from './view.ts';

/** Certificates in numbers. */
export interface CertificateFigures extends CertificateCounts {
  attempts: AttemptCount[];
  /** Empty without a CA. */
  limits: readonly LimitUse[];
}

/** `postponed`: it would have broken a limit of the CA's. */
export type AttemptOutcome = 'success' | 'postponed' | 'failed';

export interface AttemptCount {
  outcome: AttemptOutcome;
  /** Error type of a failure; undefined for the other outcomes. */
  problem: string | undefined;
  /** Since the start of the process. */
  count: number;
}

/** Counts what became of attempts. */
export interface AttemptTally {
  count(outcome: AttemptOutcome, problem?: string): void;
  read(): AttemptCount[];
}

export function createAttemptTally(): AttemptTally {
  const counts = new Map<string, AttemptCount>();
  const entry = (outcome: AttemptOutcome, problem: string | undefined): AttemptCount => {
    const key = `${outcome} ${problem ?? ''}`;
    let found = counts.get(key);
    if (!found) counts.set(key, (found = { outcome, problem, count: 0 }));
    return found;
  };
  // Known from the start, so that the first one is seen as a rise.
  entry('success', undefined);
  entry('postponed', undefined);
  return {
    count: (outcome, problem) => entry(outcome, problem && problemName(problem)).count++,
    read: () => [...counts.values()],
  };
}

/** The type is the CA's to choose: only those that are known get a count of their own, so that there are never many. */
function problemName(type: string): string {
  return isKnownProblem(type) || type === 'internal' || Object.hasOwn(errorCodes, type) ? type : 'other';
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
