import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import type { Actor } from './actor.ts';
import { auditRows } from './audit.ts';
import type { EventHub, SignpostEvent } from './events.ts';
import type { RowsKey, RowStorage, Snapshot, WritableSnapshot } from './rows.ts';

/** Who wants a change, and what for: `domain example.com added`. */
export interface Why {
  actor: Actor;
  cause: string;
}

/** A change under way. Whatever takes part in it happens as a whole or not at all. */
export interface Change extends Readonly<Why>, WritableSnapshot {
  /** When it was asked for, before the wait for its turn: of the monotonic clock, milliseconds. */
  readonly askedAt: number;
  /** Lets a part take part: it joins once, however often it is asked for. */
  join<T>(participant: Participant<T>): T;
  /** Written with the change. `detail` holds no secrets. */
  readonly audit: (action: string, target: string, detail: Record<string, unknown>) => void;
  /** Told to whoever listens once the change is live. */
  readonly event: (type: SignpostEvent['type'], data: Record<string, unknown>) => void;
  /** Runs when the work is done, still in the transaction; what it throws undoes everything. */
  beforeCommit(step: () => Promise<void> | void): void;
  /**
   * For all that lives in memory: runs in the turn of the commit, before the next change begins, and must not throw. Who asked for the
   * change is answered when what the steps return has resolved.
   */
  afterCommit(step: () => Promise<void> | void): void;
  /** Runs when nothing of the change happened: gives back what was taken for it. */
  onRollback(step: () => void): void;
}

/** A part that does something of its own at the end of a change. */
export interface Participant<T> {
  /** Called once for each change; gives what the others reach it by. */
  join(change: Change): T;
}

export interface UnitOfWork {
  /** What is committed. */
  readonly committed: Snapshot;
  /**
   * The only way in which anything changes: one transaction that all parts share. Resolves when it is committed and live; rejects when
   * nothing of it happened. One at a time, so it is never to be called from inside itself.
   */
  change<T>(why: Why, work: (change: Change) => Promise<T> | T): Promise<T>;
}

export interface UnitOfWorkOptions {
  storage: RowStorage;
  events: Pick<EventHub, 'publish'>;
  clock: Clock;
  log: Log;
}

export function createUnitOfWork({ storage, events, clock, log }: UnitOfWorkOptions): UnitOfWork {
  return {
    committed: storage.committed,
    async change(why, work) {
      const askedAt = clock.monotonic();
      const steps = createSteps(log);
      const told: Parameters<EventHub['publish']>[] = [];
      const run = async (state: WritableSnapshot) => {
        const change = openChange({ ...why, askedAt }, state, { steps, told, clock });
        const value = await work(change);
        // A step may ask for further ones.
        for (const step of steps.beforeCommit) await step();
        return value;
      };
      try {
        const value = await storage.transact(run, steps.committed);
        await steps.live();
        for (const [type, data] of told) events.publish(type, data);
        return value;
      } catch (error) {
        steps.rolledBack();
        throw error;
      }
    },
  };
}

type Step = () => Promise<void> | void;

interface Steps {
  readonly beforeCommit: Step[];
  readonly afterCommit: Step[];
  readonly onRollback: (() => void)[];
  readonly committed: () => void;
  live(): Promise<void>;
  rolledBack(): void;
}

function createSteps(log: Log): Steps {
  let isCommitted = false;
  const running: Promise<void>[] = [];
  // What is committed stays so: a step that fails is a bug, and harms no other.
  const failed = (error: unknown): void =>
    log.error({ err: error }, 'something failed after a change was committed');
  const attempt = (step: Step): void => {
    try {
      const result = step();
      if (result) running.push(result.catch(failed));
    } catch (error) {
      failed(error);
    }
  };
  const steps: Steps = {
    beforeCommit: [],
    afterCommit: [],
    onRollback: [],
    committed() {
      isCommitted = true;
      for (const step of steps.afterCommit) attempt(step);
    },
    async live() {
      await Promise.all(running);
    },
    rolledBack() {
      if (!isCommitted) for (const step of steps.onRollback) attempt(step);
    },
  };
  return steps;
}

function openChange(
  { actor, cause, askedAt }: Why & { askedAt: number },
  state: WritableSnapshot,
  { steps, told, clock }: { steps: Steps; told: Parameters<EventHub['publish']>[]; clock: Clock },
): Change {
  const joined = new Map<Participant<unknown>, unknown>();
  const change: Change = {
    actor,
    cause,
    askedAt,
    rows: <R extends object, W extends R>(key: RowsKey<R, W>) => state.rows(key),
    apart: state.apart,
    join<T>(participant: Participant<T>): T {
      if (!joined.has(participant)) joined.set(participant, participant.join(change));
      return joined.get(participant) as T;
    },
    audit: (action, target, detail) =>
      state.rows(auditRows).append({ actor, action, target, detail }, toRfc3339(clock.now())),
    event: (type, data) => void told.push([type, data]),
    beforeCommit: (step) => void steps.beforeCommit.push(step),
    afterCommit: (step) => void steps.afterCommit.push(step),
    onRollback: (step) => void steps.onRollback.push(step),
  };
  return change;
}
