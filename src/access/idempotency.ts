import type { Clock } from '../core/clock.ts';
import type { Sealer } from '../core/seal.ts';
import type { Keeper } from '../work/history.ts';
import type { UnitOfWork, Why } from '../work/unit-of-work.ts';
import { accessRows } from './store.ts';

/** Answers kept for repeated requests (Idempotency-Key); a key lives 24 hours. */
export interface IdempotencyStore {
  /** `fresh`: this caller goes ahead. `done`: the stored answer. `running`: the first request has not ended. `conflict`: the key was used with another request. */
  begin(
    key: string,
    fingerprint: string,
  ):
    | { kind: 'fresh' }
    | { kind: 'done'; status: number; body: string }
    | { kind: 'running' }
    | { kind: 'conflict' };
  /** Resolves when the answer is durable: only then is it sent. */
  finish(key: string, status: number, body: string): Promise<void>;
  /** The request failed before it did anything: the key may be used again. */
  abandon(key: string): void;
}

/** Milliseconds for which an answer is kept. */
const LIFETIME = 24 * 3_600_000;

const why: Why = {
  actor: { kind: 'system', id: 'idempotency', name: 'repeated requests', address: undefined },
  cause: 'answer kept',
};

export interface IdempotencyOptions {
  work: UnitOfWork;
  clock: Clock;
  /** A fingerprint is of a body that may hold a password: kept plain, it would tell who has the database which guess is right. */
  sealer: Pick<Sealer, 'digest'>;
}

const CONTEXT = 'idempotency';

/**
 * Answers by Idempotency-Key. Running requests are known in memory only: they end with the process, so none of them can
 * block its key after a restart. The key is expected to say who uses it (such as `TOKEN-ID:KEY`), so that no client meets
 * another's answers.
 */
export function createIdempotency({ work, clock, sealer }: IdempotencyOptions): IdempotencyStore {
  const reads = work.committed.rows(accessRows);
  const running = new Map<string, string>();

  return {
    begin(key, request) {
      const fingerprint = sealer.digest(request, CONTEXT);
      const current = running.get(key);
      if (current !== undefined) return { kind: current === fingerprint ? 'running' : 'conflict' };
      const answer = reads.answer(key, clock.now() - LIFETIME);
      if (answer && answer.fingerprint !== fingerprint) return { kind: 'conflict' };
      if (answer) return { kind: 'done', status: answer.status, body: answer.body };
      running.set(key, fingerprint);
      return { kind: 'fresh' };
    },

    async finish(key, status, body) {
      const fingerprint = running.get(key);
      if (fingerprint === undefined) throw new Error('an idempotent request was finished that never began');
      try {
        await work.change(why, (change) =>
          change.rows(accessRows).putAnswer(key, { fingerprint, status, body }, clock.now()),
        );
      } finally {
        running.delete(key);
      }
    },

    abandon(key) {
      running.delete(key);
    },
  };
}

/** Answers that go in one change: they may be large. */
const ROWS = 100;

/** Forgets answers that nobody may ask for any more. */
export function answerKeeper(clock: Clock): Keeper {
  return {
    what: 'answers',
    forget(change) {
      const dropped = change.rows(accessRows).dropAnswers(clock.now() - LIFETIME, ROWS);
      return { dropped, more: dropped === ROWS };
    },
  };
}
