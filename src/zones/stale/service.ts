import { setImmediate } from 'node:timers/promises';
import type { Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { Jobs } from '../../work/job-runner.ts';
import { jobRows } from '../../work/jobs.ts';
import type { Change, UnitOfWork, Why } from '../../work/unit-of-work.ts';
import { zoneRows } from '../store.ts';
import { PUBLISH_KIND, type PublishPlace } from './job.ts';
import { isStale, publishOne, type StaleTools } from './publish-one.ts';

/** Milliseconds before another try when what a stop left over could not be taken up. */
const RETRY = 30_000;
/** Failures of a job that are read at a time when they are taken up again after a stop. */
const FAILED = 200;

/** A job of a change, once the change is at its end; undefined: no zone has to be published. */
export interface Publication {
  job: string | undefined;
}

/** Zones that have not taken over the box as it is now. */
export interface StaleZones {
  /** All zones are to take over what changes: a job publishes those that the change itself does not. */
  publishAll(change: Change): Publication;
  /** Publishes these now, where they wait for it, ahead of all others: who asks needs them as the box is now. What fails is noted. */
  publishNow(why: Why, zones: readonly Name[]): Promise<void>;
  /** Takes up what a stop left over. */
  start(): void;
  /** Resolves when nothing is being taken up. */
  stop(): Promise<void>;
}

export interface StaleZonesOptions extends Omit<StaleTools, 'reads'> {
  work: UnitOfWork;
  /** Makes a job of a change. */
  begin: Jobs['begin'];
  log: Log;
}

const actor: Actor = { kind: 'system', id: 'start', name: 'start', address: undefined };
const leftOver: Why = { actor, cause: 'box settings changed' };

export function createStaleZones(options: StaleZonesOptions): StaleZones {
  const { work, begin, clock, log } = options;
  const reads = work.committed.rows(zoneRows);
  const jobs = work.committed.rows(jobRows);
  let timer: Timer | undefined;
  let running = Promise.resolve();
  let stopped = false;

  async function publishNow(why: Why, zones: readonly Name[]): Promise<void> {
    for (const zone of zones)
      if (isStale(reads, zone) && !stopped) await publishOne({ ...options, reads }, why, zone);
  }

  /** What failed before a job was interrupted is behind it; else it goes on by itself. */
  async function takeUp(): Promise<void> {
    const [job] = jobs.running().filter(({ kind }) => kind === PUBLISH_KIND);
    if (job) await takeUpFailed(job.id);
    else if (reads.staleZoneCount() > 0)
      await work.change(leftOver, (change) => void beginJob(change, begin));
  }

  /** As many as there are, a page at a time. */
  async function takeUpFailed(job: string): Promise<void> {
    for (let after: number | undefined; !stopped;) {
      const page = jobs.failures(job, FAILED, after);
      await publishNow(
        leftOver,
        page.map(({ name }) => Name.parse(name)),
      );
      if (page.length < FAILED) return;
      after = page.at(-1)!.row;
      await setImmediate();
    }
  }

  function tryToTakeUp(): void {
    running = takeUp().catch((error: unknown) => {
      log.error({ err: error }, 'what a stop left over cannot be published; trying again in half a minute');
      if (!stopped) timer = clock.after(RETRY, tryToTakeUp);
    });
  }

  return {
    publishAll(change) {
      const publication: Publication = { job: undefined };
      change.rows(zoneRows).raiseGeneration();
      change.beforeCommit(() => {
        publication.job = beginJob(change, begin);
      });
      return publication;
    },
    publishNow,
    start: tryToTakeUp,
    async stop() {
      stopped = true;
      timer?.cancel();
      await running;
    },
  };
}

function beginJob(change: Change, begin: Jobs['begin']): string | undefined {
  const rows = change.rows(zoneRows);
  const count = rows.staleZoneCount();
  if (count === 0) return undefined;
  const { cause } = change;
  const place: PublishPlace = { generation: rows.generation(), cause, pass: 'host', after: undefined };
  return begin(change, PUBLISH_KIND, count, [place]).id;
}
