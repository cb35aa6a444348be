import { errorCodes } from '../../core/errors.ts';
import { isKnownProblem } from '../acme/problem.ts';

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
