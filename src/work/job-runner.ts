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

/**
 * The jobs of one kind one after the other, in the order in which they were asked for; each kind by itself, so that a thousand new domains
 * do not wait for another ten thousand zones, and what cannot go on stops only its own.
 */
export function createJobs({ work, kinds, clock, random, log }: JobOptions): Jobs {
  const reads = work.committed.rows(jobRows);
  let started = false;
  let ended = Promise.resolve();
  const next = (kind: string): JobRow | undefined =>
    started ? reads.running().find((job) => job.kind === kind) : undefined;
  const queues = kinds.map((kind) => createQueue(kind, () => next(kind.kind), note, { clock, log }));

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
      change.event(finished ? 'job.done' : 'job.progress', eventData(after));
    };
  }

  function giveUp(job: JobRow, detail: string): Promise<void> {
    return work.change({ actor: job.actor, cause: `job ${job.kind} failed` }, (change) => {
      const after: JobRow = { ...job, state: 'failed', detail, finishedAt: toRfc3339(clock.now()) };
      change.rows(jobRows).updateJob(after);
      change.event('job.done', eventData(after));
    });
  }

  /** Those of which this version of the box knows nothing. */
  async function giveUpUnknown(): Promise<void> {
    for (const job of reads.running())
      if (!kinds.some(({ kind }) => kind === job.kind))
        await giveUp(job, 'This version of the box does not know such jobs.').catch((error: unknown) =>
          log.error({ err: error, job: job.id }, 'a job of an unknown kind could not be ended'),
        );
  }

  function kick(): void {
    if (started) for (const queue of queues) queue.kick();
  }

  const view = ({ actor, ...job }: JobRow): JobView => ({
    ...job,
    actor: actor.name,
    failed: job.failedCount === 0 ? [] : reads.failures(job.id, SHOWN).map(failureOf),
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

    failures(id, { limit, cursor }) {
      if (!reads.job(id)) return undefined;
      const found = reads.failures(id, limit + 1, cursor === undefined ? undefined : idCursor(cursor));
      const items = found.slice(0, limit);
      return {
        items: items.map(failureOf),
        next: found.length > limit ? String(items.at(-1)!.row) : undefined,
      };
    },

    start() {
      started = true;
      ended = giveUpUnknown();
      kick();
    },

    async stop() {
      started = false;
      await Promise.all([ended, ...queues.map((queue) => queue.stop())]);
    },
  };
}

function failureOf({ name, code, detail }: JobFailure): JobFailure {
  return { name, code, detail };
}

/** As clients hear of a job. */
function eventData({ id, kind, state, done, total, failedCount }: JobRow): Record<string, unknown> {
  return { job: id, kind, state, done, total, failed: failedCount };
}

interface Queue {
  /** There is something to do. */
  kick(): void;
  /** Resolves when no step is under way; `next` gives nothing any more. */
  stop(): Promise<void>;
}

/** Step by step for as long as `next` gives a job. */
function createQueue(
  kind: JobKind,
  next: () => JobRow | undefined,
  note: (job: JobRow) => Parameters<JobKind['step']>[1],
  { clock, log }: Pick<JobOptions, 'clock' | 'log'>,
): Queue {
  let running = false;
  let ended = Promise.resolve();
  let retry: Timer | undefined;

  async function run(): Promise<void> {
    try {
      for (let job = next(); job; job = next()) await kind.step(job, note(job));
    } catch (error) {
      log.error({ err: error, kind: kind.kind }, 'a step of a job failed; trying again in half a minute');
      retry = clock.after(RETRY, kick);
    } finally {
      // In the turn that found nothing more: a job that comes now finds nobody at work.
      running = false;
    }
  }

  function kick(): void {
    if (running) return;
    running = true;
    retry?.cancel();
    ended = run();
  }

  return {
    kick,
    async stop() {
      await ended;
      retry?.cancel();
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
