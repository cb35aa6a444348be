import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { createPace } from '../../core/pace.ts';
import { Name } from '../../dns/wire/name.ts';
import type { JobKind } from '../../work/job-runner.ts';
import { type JobFailure, type JobRow, jobRows } from '../../work/jobs.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { type Reads, type StaleSlice, zoneRows } from '../store.ts';
import { hostZone } from '../topology.ts';
import { isStale, publishOne, type StaleTools } from './publish-one.ts';

export const PUBLISH_KIND = 'zones.publish';

/** Zones of one step. */
const BATCH = 10;
/** Zones that are looked up at a time. */
const SLICE = 200;

/** The order of importance: the zone by which all others are found, those that mail hangs on, the rest. */
const passes = ['host', 'mail', 'others'] as const;

/** Where a job is. */
export interface PublishPlace {
  /** What the zones are to take over: those that have it already were published by others. */
  generation: number;
  /** Why the box wants it, as versions say it. */
  cause: string;
  pass: (typeof passes)[number];
  /** The last zone of this pass that was looked at. */
  after: { generation: number; name: string } | undefined;
}

export interface PublishJobOptions extends Omit<StaleTools, 'reads'> {
  work: UnitOfWork;
}

/**
 * Publishes all zones that wait for the box as it is now, each by itself. Each knows for itself whether it waits, so that a
 * crash has none of them published twice.
 */
export function publishJob({ work, ...tools }: PublishJobOptions): JobKind {
  const { clock } = tools;
  const jobs = work.committed.rows(jobRows);
  const reads = work.committed.rows(zoneRows);
  return {
    kind: PUBLISH_KIND,
    async step(job, note) {
      const [item] = jobs.items(job.id, 1);
      const place = item?.item as PublishPlace | undefined;
      if (!place) throw new Error('the job has no place');
      const { names, next } = await nextZones(reads, place, clock);
      const why = { actor: job.actor, cause: place.cause };
      const failed: JobFailure[] = [];
      for (const name of names) {
        const error = await publishOne({ ...tools, reads }, why, name);
        if (error !== undefined) failed.push(failureOf(name, error));
      }
      await work.change({ actor: job.actor, cause: `${names.length} zones published` }, (change) => {
        const rows = change.rows(jobRows);
        rows.deleteItems(job.id, item!.sequence);
        if (next) rows.addItem(job.id, next);
        note(change, { done: doneOf(job, names.length, !next), failed, finished: !next });
      });
    },
  };
}

/** Zones that others published meanwhile, or that are not served any more, are done at the end, too. */
function doneOf({ done, total }: JobRow, count: number, finished: boolean): number {
  return finished ? total - done : Math.min(count, total - done);
}

interface Found {
  names: Name[];
  /** Where to go on; undefined: nothing is left. */
  next: PublishPlace | undefined;
}

async function nextZones(reads: Reads, place: PublishPlace, clock: Clock): Promise<Found> {
  const pass = passes[passes.indexOf(place.pass) + 1];
  const next = pass && { ...place, pass, after: undefined };
  if (place.pass === 'host') {
    const box = reads.box();
    const zones = box ? [hostZone(reads, box)] : [];
    return { names: zones.filter((zone) => isStale(reads, zone)), next };
  }
  const { names, after } = await slice(reads, place, clock);
  return { names, next: after ? { ...place, after } : next };
}

/** The next zones of a pass, and the last that was looked at; undefined when the pass is over. */
async function slice(
  reads: Reads,
  { generation, pass, after: from }: PublishPlace,
  clock: Clock,
): Promise<{ names: Name[]; after: PublishPlace['after'] }> {
  const pace = createPace(clock);
  const box = reads.box();
  // It had its turn.
  const host = box && hostZone(reads, box);
  const names: Name[] = [];
  let after: StaleSlice['after'] = from && { ...from, name: Name.parse(from.name) };
  for (;;) {
    const zones = reads.staleZones({ before: generation, after, limit: SLICE });
    for (const zone of zones) {
      after = zone;
      if (zone.mail === (pass === 'mail') && !host?.equals(zone.name)) names.push(zone.name);
      if (names.length === BATCH)
        return { names, after: { generation: zone.generation, name: zone.name.toText() } };
    }
    if (zones.length < SLICE) return { names, after: undefined };
    await pace.rest();
  }
}

function failureOf(zone: Name, error: unknown): JobFailure {
  const reason = error instanceof Error ? error.message : String(error);
  return {
    name: zone.toText(),
    code: error instanceof AppError ? error.code : 'internal',
    detail: `It cannot be published (${reason.replace(/\.$/, '')}): its last version is served on, and it is tried again.`,
  };
}
