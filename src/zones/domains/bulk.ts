import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
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

/** Some of the domains in one change; when one of them is refused, each in its own, so that it alone fails. */
export function bulkDomainJob(options: BulkOptions): JobKind {
  const reads = options.work.committed.rows(jobRows);
  return {
    kind: BULK_KIND,
    async step(job, note) {
      const items = reads.items(job.id, BATCH);
      try {
        await addSome(options, job, items, note);
      } catch (error) {
        if (!(error instanceof AppError) || isPassing(error)) throw error;
        for (const item of items) await addAlone(options, job, item, note);
      }
    },
  };
}

/** All domains would fail for it, and none of them for long. */
function isPassing({ code }: AppError): boolean {
  return code === 'storage-full' || code === 'shutting-down';
}

/** @throws AppError when one of them is refused: then none is added. */
async function addSome(
  options: BulkOptions,
  job: JobRow,
  items: readonly Item[],
  note: Note,
  known: readonly JobFailure[] = [],
): Promise<void> {
  const cause = items.length === 1 ? `domain ${nameOf(items[0]!)} added` : `${items.length} domains added`;
  await options.publisher.change({ actor: job.actor, cause }, (change) => {
    const failed = [...known];
    const spared = known.length > 0 ? [] : items;
    for (const { item } of spared) {
      const domain = domainOf(item as BulkDomain, options.clock);
      if ('code' in domain) failed.push(domain);
      else addNewDomain(change, options, domain);
    }
    const last = items.at(-1);
    if (last) change.unit.rows(jobRows).deleteItems(job.id, last.sequence);
    note(change.unit, { done: items.length, failed, finished: isLast(change, job) });
  });
}

/** A job is finished in the change that does the last of it. */
function isLast({ unit }: ZoneChange, { id }: JobRow): boolean {
  return unit.rows(jobRows).items(id, 1).length === 0;
}

async function addAlone(options: BulkOptions, job: JobRow, item: Item, note: Note): Promise<void> {
  try {
    await addSome(options, job, [item], note);
  } catch (error) {
    if (!(error instanceof AppError) || isPassing(error)) throw error;
    const failure = { name: nameOf(item), code: error.code, detail: error.message };
    await addSome(options, job, [item], note, [failure]);
  }
}

function nameOf({ item }: Item): string {
  return (item as BulkDomain).name;
}

function domainOf({ name, ...request }: BulkDomain, clock: Clock): Domain | JobFailure {
  const checked = parseDomainName(name);
  if (!checked.ok) return { name, code: 'invalid-name', detail: `${checked.message}.` };
  return { ...request, name: checked.name.canonical(), createdAt: toRfc3339(clock.now()) };
}
