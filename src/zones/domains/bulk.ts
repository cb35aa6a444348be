import type { Clock } from '../../core/clock.ts';
import { AppError, isPassing } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { eachStep, inSlices, type Steps } from '../../core/slices.ts';
import type { JobKind, Jobs } from '../../work/job-runner.ts';
import {
  type BulkDomain,
  type BulkDomains,
  type JobFailure,
  type JobReads,
  type JobRow,
  jobRows,
} from '../../work/jobs.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { Domain } from '../model.ts';
import { parseDomainName } from '../names.ts';
import { configuredBox, type Publisher, type ZoneChange } from '../publisher/publisher.ts';
import { zoneRows } from '../store.ts';
import { addNewDomain, type DomainTools } from './service.ts';

export const BULK_KIND = 'domains.add';

/** Domains of one change: they share its way to the disk and to the workers, and other changes have their turn after them. */
const BATCH = 20;

export interface BulkOptions extends DomainTools {
  work: UnitOfWork;
  publisher: Publisher;
  clock: Clock;
  log: Log;
}

/** Adds many domains as a job. */
export function createBulkDomains(work: UnitOfWork, jobs: Pick<Jobs, 'begin'>): BulkDomains {
  return {
    add: (actor, requests) =>
      work.change({ actor, cause: `${requests.length} domains wanted` }, (change) => {
        configuredBox(change.rows(zoneRows));
        change.audit('domain.add-many', `${requests.length} domains`, { count: requests.length });
        return jobs.begin(change, BULK_KIND, requests.length, requests);
      }),
  };
}

type Item = ReturnType<JobReads['items']>[number];
type Note = Parameters<JobKind['step']>[1];

/** Some of the domains in one change; when one of them cannot be added, each in its own, so that it alone fails. */
export function bulkDomainJob(options: BulkOptions): JobKind {
  const reads = options.work.committed.rows(jobRows);
  return {
    kind: BULK_KIND,
    async step(job, note) {
      const items = reads.items(job.id, BATCH);
      try {
        await settle(options, job, items, note, (change) => add(options, change, items));
      } catch (error) {
        if (isPassing(error)) throw error;
        for (const item of items) await addAlone(options, job, item, note);
      }
    },
  };
}

/** One change in which the job has these items behind it; `work` does them, and gives those that failed. */
async function settle(
  { publisher }: BulkOptions,
  job: JobRow,
  items: readonly Item[],
  note: Note,
  work: (change: ZoneChange) => Promise<readonly JobFailure[]> | readonly JobFailure[],
): Promise<void> {
  const cause = items.length === 1 ? `domain ${nameOf(items[0]!)} added` : `${items.length} domains added`;
  await publisher.change({ actor: job.actor, cause }, async (change) => {
    const failed = await work(change);
    const last = items.at(-1);
    if (last) change.unit.rows(jobRows).deleteItems(job.id, last.sequence);
    note(change.unit, { done: items.length, failed, finished: isLast(change, job) });
  });
}

/** Those whose names are none; the others are added. @throws AppError when one of them is refused */
function add(options: BulkOptions, change: ZoneChange, items: readonly Item[]): Promise<JobFailure[]> {
  return inSlices(adding(options, change, items), options.clock);
}

function* adding(options: BulkOptions, change: ZoneChange, items: readonly Item[]): Steps<JobFailure[]> {
  const failed: JobFailure[] = [];
  yield* eachStep(items, ({ item }) => {
    const domain = domainOf(item as BulkDomain, options.clock);
    if ('code' in domain) failed.push(domain);
    else addNewDomain(change, options, domain);
  });
  return failed;
}

async function addAlone(options: BulkOptions, job: JobRow, item: Item, note: Note): Promise<void> {
  try {
    await settle(options, job, [item], note, (change) => add(options, change, [item]));
  } catch (error) {
    if (isPassing(error)) throw error;
    const failure = failureOf(options, item, error);
    await settle(options, job, [item], note, () => [failure]);
  }
}

function failureOf({ log }: BulkOptions, item: Item, error: unknown): JobFailure {
  const name = nameOf(item);
  if (error instanceof AppError) return { name, code: error.code, detail: error.message };
  log.error({ err: error, domain: name }, 'a domain could not be added');
  return { name, code: 'internal', detail: 'Something went wrong inside the box; its log has the cause.' };
}

/** A job is finished in the change that does the last of it. */
function isLast({ unit }: ZoneChange, { id }: JobRow): boolean {
  return unit.rows(jobRows).items(id, 1).length === 0;
}

function nameOf({ item }: Item): string {
  return (item as BulkDomain).name;
}

function domainOf({ name, ...request }: BulkDomain, clock: Clock): Domain | JobFailure {
  const checked = parseDomainName(name);
  if (!checked.ok) return { name, code: 'invalid-name', detail: `${checked.message}.` };
  return { ...request, name: checked.name.canonical(), createdAt: toRfc3339(clock.now()) };
}
