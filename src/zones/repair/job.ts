import { AppError, isPassing } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { JobKind, Jobs } from '../../work/job-runner.ts';
import { type JobFailure, jobRows, type JobView } from '../../work/jobs.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { zoneRows } from '../store.ts';
import type { ZoneRebuild } from './service.ts';

const REBUILD_KIND = 'zones.rebuild';

/** Zones of one step, each of which is published by itself. */
const BATCH = 10;

/** Where a job is: the zone up to which all are done. */
interface Place {
  after: string | undefined;
}

/** Makes all zones anew, as a job. */
export interface RebuildAll {
  /** Resolves with the job as soon as it is sure to be done. */
  rebuildAll: (actor: Actor) => Promise<JobView>;
}

export function createRebuildAll(work: UnitOfWork, jobs: Pick<Jobs, 'begin'>): RebuildAll {
  return {
    rebuildAll: (actor) =>
      work.change({ actor, cause: 'all zones to be made anew' }, (change) => {
        const total = change.rows(zoneRows).activeZoneCount();
        change.audit('zone.rebuild-all', `${total} zones`, {});
        const place: Place = { after: undefined };
        return jobs.begin(change, REBUILD_KIND, total, [place]);
      }),
  };
}

export interface RebuildJobOptions {
  work: UnitOfWork;
  rebuild: ZoneRebuild['rebuild'];
  log: Log;
}

/** Zone after zone in canonical order. A crash has a few of them made anew twice, which harms nobody. */
export function rebuildJob({ work, rebuild, log }: RebuildJobOptions): JobKind {
  const rows = work.committed.rows(jobRows);
  const zones = work.committed.rows(zoneRows);
  return {
    kind: REBUILD_KIND,
    async step(job, note) {
      const [item] = rows.items(job.id, 1);
      const { after } = (item?.item ?? {}) as Place;
      const from = after === undefined ? undefined : Name.parse(after);
      const names = zones.activeZoneNames({ after: from, limit: BATCH }).map(({ name }) => name);
      const failed: JobFailure[] = [];
      for (const name of names) {
        const failure = await rebuild(job.actor, name).then(
          () => undefined,
          (error: unknown) => failureOf(name, error, log),
        );
        if (failure) failed.push(failure);
      }
      const finished = names.length < BATCH;
      await work.change({ actor: job.actor, cause: `${names.length} zones made anew` }, (change) => {
        const writes = change.rows(jobRows);
        if (item) writes.deleteItems(job.id, item.sequence);
        if (!finished) writes.addItem(job.id, { after: names.at(-1)!.toText() } satisfies Place);
        note(change, { done: names.length, failed, finished });
      });
    },
  };
}

/** @throws what all zones would fail for, and none is to blame for */
function failureOf(zone: Name, error: unknown, log: Log): JobFailure {
  const name = zone.toText();
  if (!(error instanceof AppError)) {
    log.error({ err: error, zone: name }, 'a zone could not be made anew');
    return { name, code: 'internal', detail: 'Something went wrong inside the box; its log has the cause.' };
  }
  if (isPassing(error)) throw error;
  return { name, code: error.code, detail: error.message };
}
