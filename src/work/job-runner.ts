import type { Clock, Timer } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import type { Actor } from './actor.ts';
import { idCursor } from './cursor.ts';
import type { Keeper } from './history.ts';
import { type JobFailure, type JobRow, jobRows, type JobService, type JobView } from './jobs.ts';
import type { Change, UnitOfWork } from './unit-of-work.ts';

/** Failures that a view names. */
const SHOWN = 1000;
/** Milliseconds before another try when a step could not be done at all. */
const RETRY = 30_000;
/** Octets of randomness in an id. */
const ID_SIZE = 9;

/** What came of some items of a job. */
export interface JobStep {
  /** Items that were seen to, those that failed included. */
  done: number;
  failed: readonly JobFailure[];
  /** Whether nothing is left. */
  finished: boolean;
}

/** How one kind of job is done: in steps, each of which leaves it where a crash may find it. */
export interface JobKind {
  kind: string;
  /**
   * Does the next items of the job, and has `note` keep that they are done within the change that does them. What it throws is tried
   * again later.
   */
  step(job: JobRow, note: (change: Change, step: JobStep) => void): Promise<void>;
}

export interface Jobs extends JobService {
  /** Makes a job within a change; it begins when that is committed. `items` are kept until they are done. */
  begin(change: Change, kind: string, total: number, items?: Iterable<unknown>): JobView;
  /** Goes on with what a stop left over. */
  start(): void;
  /** Resolves when no step is under way. */
  stop(): Promise<void>;
}

export interface JobOptions {
  work: UnitOfWork;
  kinds: readonly JobKind[];
  clock: Clock;
  random: Random;
  log: Log;
}

/** One job after the other, in the order in which they were asked for. */
export function createJobs({ work, kinds, clock, random, log }: JobOptions): Jobs {
  const reads = work.committed.rows(jobRows);
  let started = false;
  let running = false;
  let ended = Promise.resolve();
  let retry: Timer | undefined;

  function note(job: JobRow): (change: Change, step: JobStep) => void {
    return (change, { done, failed, finished }) => {
      const rows = change.rows(jobRows);
      const before = rows.job(job.id) ?? job;
      const after: JobRow = {
        ...before,
        done: before.done + done,
        failedCount: before.failedCount + failed.length,
        ...(finished ? { state: 'done' as const, finishedAt: toRfc3339(clock.now()) } : {}),
      };
      rows.updateJob(after);
      rows.addFailures(job.id, failed);
      const { id, kind, state, total, failedCount } = after;
      const data = { job: id, kind, state, done: after.done, total, failed: failedCount };
      change.event(finished ? 'job.done' : 'job.progress', data);
    };
  }

  async function run(): Promise<void> {
    for (;;) {
      const [job] = reads.running();
      if (!job || !started) return;
      const kind = kinds.find((one) => one.kind === job.kind);
      if (kind) await kind.step(job, note(job));
      else await giveUp(job, 'This version of the box does not know such jobs.');
    }
  }

  function giveUp(job: JobRow, detail: string): Promise<void> {
    return work.change({ actor: job.actor, cause: `job ${job.kind} failed` }, (change) => {
      change.rows(jobRows).updateJob({ ...job, state: 'failed', detail, finishedAt: toRfc3339(clock.now()) });
      change.event('job.done', { job: job.id, kind: job.kind, state: 'failed' });
    });
  }

  function kick(): void {
    if (!started || running) return;
    running = true;
    retry?.cancel();
    ended = run()
      .catch((error: unknown) => {
        log.error({ err: error }, 'a step of a job failed; trying again in half a minute');
        retry = clock.after(RETRY, kick);
      })
      .finally(() => (running = false));
  }

  const view = ({ actor, ...job }: JobRow): JobView => ({
    ...job,
    actor: actor.name,
    failed: job.failedCount === 0 ? [] : reads.failures(job.id, SHOWN),
  });

  return {
    begin(change, kind, total, items = []) {
      const job: JobRow = {
        id: `job_${Buffer.from(random.bytes(ID_SIZE)).toString('hex')}`,
        kind,
        state: 'running',
        done: 0,
        total,
        failedCount: 0,
        createdAt: toRfc3339(clock.now()),
        finishedAt: undefined,
        actor: change.actor satisfies Actor,
        detail: undefined,
      };
      const rows = change.rows(jobRows);
      rows.insertJob(job, items);
      change.afterCommit(kick);
      return { ...job, actor: job.actor.name, failed: [] };
    },

    list({ limit, cursor }) {
      const found = reads.jobs(cursor === undefined ? undefined : idCursor(cursor), limit + 1);
      const items = found.slice(0, limit);
      return {
        items: items.map(({ sequence: _sequence, ...job }) => view(job)),
        next: found.length > limit ? String(items.at(-1)!.sequence) : undefined,
      };
    },

    get(id) {
      const job = reads.job(id);
      return job && view(job);
    },

    start() {
      started = true;
      kick();
    },

    async stop() {
      started = false;
      retry?.cancel();
      await ended;
    },
  };
}

/** Rows that go in one change. */
const ROWS = 500;

/** Forgets jobs that ended longer ago than `kept`, in seconds. */
export function jobKeeper(kept: () => number, clock: Clock): Keeper {
  return {
    what: 'jobs',
    forget(change) {
      const dropped = change.rows(jobRows).dropJobs(toRfc3339(clock.now() - kept() * 1000), ROWS);
      return { dropped, more: dropped > 0 };
    },
  };
}
