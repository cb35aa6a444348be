import type { Clock } from '../core/clock.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import type { Attempt, CertificateName, OrderStep } from './model.ts';
import type { CertsStore } from './store.ts';

/** What people see of an attempt, step by step. */
export interface AttemptLog {
  step(step: OrderStep): Promise<void>;
  /** It is over; with a problem it failed. */
  end(step: OrderStep, problem?: { sentence: string; detail: string }): Promise<void>;
}

export interface AttemptOptions {
  store: CertsStore;
  clock: Clock;
  publishEvent: (type: 'certificate.step' | 'certificate.failed', data: Record<string, unknown>) => void;
}

export function beginAttempt(
  { store, clock, publishEvent }: AttemptOptions,
  { id, names }: { id: string; names: readonly CertificateName[] },
): AttemptLog {
  let attempt: Attempt = {
    startedAt: toRfc3339(clock.now()),
    endedAt: undefined,
    step: 'waiting',
    problem: undefined,
    detail: undefined,
  };
  const save = (change: Partial<Attempt>): Promise<void> => {
    attempt = { ...attempt, ...change };
    return store.write((tx) => {
      // A row that went away takes its history with it.
      if (tx.certificate(id)) tx.putAttempt(id, attempt);
    });
  };
  return {
    async step(step) {
      await save({ step });
      publishEvent('certificate.step', { id, names: [...names], step });
    },
    async end(step, problem) {
      const endedAt = toRfc3339(clock.now());
      await save({ step, endedAt, problem: problem?.sentence, detail: problem?.detail });
      if (problem) publishEvent('certificate.failed', { id, names: [...names], problem: problem.sentence });
      else publishEvent('certificate.step', { id, names: [...names], step });
    },
  };
}

/** Those that a crash cut short. */
export function closeOpenAttempts({ store, clock }: AttemptOptions, id: string): Promise<void> {
  return store.write((tx) => {
    for (const attempt of tx.attempts(id, 5).filter(({ endedAt }) => endedAt === undefined))
      tx.putAttempt(id, {
        ...attempt,
        endedAt: toRfc3339(clock.now()),
        step: 'failed',
        problem: 'The box was stopped in the middle; the order goes on where it was.',
      });
  });
}
