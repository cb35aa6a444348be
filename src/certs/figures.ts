import type { Clock } from '../core/clock.ts';
import { errorCodes } from '../core/errors.ts';
import { isKnownProblem } from './acme/problem.ts';
import type { CertificateView } from './model.ts';
import { type LimitUse, limitUses } from './schedule/limit-uses.ts';
import { LONGEST_WINDOW } from './schedule/limits.ts';
import type { CertificateReads, CertificateRow } from './store.ts';
import { stateOf } from './view.ts';

/** Certificates in numbers. */
export interface CertificateFigures {
  states: Record<CertificateView['state'], number>;
  /** When the first certificate in use expires, milliseconds since the epoch; those revoked apart. */
  firstExpiry: number | undefined;
  /** Orders that the CA has and that are not at their end. */
  orders: number;
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
  rows: Iterable<CertificateRow>;
  busy: (id: string) => boolean;
  tally: AttemptTally;
  limits: readonly LimitUse[];
  clock: Clock;
}

export function takeFigures({ rows, busy, tally, limits, clock }: FigureOptions): CertificateFigures {
  const now = clock.now();
  const figures: CertificateFigures = {
    states: { 'self-signed': 0, ordering: 0, valid: 0, renewing: 0, failed: 0, expired: 0, revoked: 0 },
    firstExpiry: undefined,
    orders: 0,
    attempts: tally.read(),
    limits,
  };
  for (const row of rows) {
    figures.states[stateOf(row, now, busy(row.id))]++;
    if (row.pending?.kind === 'creating' || row.pending?.kind === 'ordered') figures.orders++;
    if (row.current && row.current.revokedAt === undefined)
      figures.firstExpiry = Math.min(figures.firstExpiry ?? Infinity, row.current.notAfter);
  }
  return figures;
}
