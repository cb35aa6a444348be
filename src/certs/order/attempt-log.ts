import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { Attempt, CertificateName, OrderStep } from '../model.ts';
import { system } from '../actor.ts';
import { certificateRows, type CertificateTransaction } from '../store.ts';

/** What people see of an attempt, step by step. */
export interface AttemptLog {
  step(step: OrderStep): Promise<void>;
  /** It is over; with a problem it failed. */
  end(step: OrderStep, problem?: { sentence: string; detail: string }): Promise<void>;
}

export interface AttemptOptions {
  work: UnitOfWork;
  clock: Clock;
  publishEvent: (type: 'certificate.step' | 'certificate.failed', data: Record<string, unknown>) => void;
}

export function beginAttempt(
  { work, clock, publishEvent }: AttemptOptions,
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
    return work.change({ actor: system, cause: 'attempt noted' }, (unit) => {
      const rows = unit.rows(certificateRows);
      // A row that went away takes its history with it.
      if (rows.certificate(id)) rows.putAttempt(id, attempt);
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

/** Attempts that are closed in one change. */
const PAGE = 100;

/** Those that a crash cut short. There are a few at most, unless something went wrong for long. */
export async function closeOpenAttempts({
  work,
  clock,
}: Pick<AttemptOptions, 'work' | 'clock'>): Promise<void> {
  const open = () => work.committed.rows(certificateRows).openAttempts(1).length > 0;
  while (open()) {
    await work.change({ actor: system, cause: 'attempts that a stop cut short noted' }, (unit) =>
      closeSome(unit.rows(certificateRows), toRfc3339(clock.now())),
    );
    await setImmediate();
  }
}

function closeSome(rows: CertificateTransaction, endedAt: string): void {
  for (const { certificateId, attempt } of rows.openAttempts(PAGE))
    rows.putAttempt(certificateId, {
      ...attempt,
      endedAt,
      step: 'failed',
      problem: 'The box was stopped in the middle; the order goes on where it was.',
    });
}
