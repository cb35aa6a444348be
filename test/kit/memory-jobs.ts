import type { ApiServices } from '../../src/api/services.ts';
import { AppError } from '../../src/core/errors.ts';
import type { Actor } from '../../src/work/actor.ts';
import type { BulkDomain, JobFailure, JobView } from '../../src/work/jobs.ts';
import type { DomainService } from '../../src/zones/domains/service.ts';
import { parseDomainName } from '../../src/zones/names.ts';
import type { RebuildAll } from '../../src/zones/repair/job.ts';
import { pageOf } from './page-of.ts';

/** Failures that a job names. */
const NAMED = 1_000;

/** Jobs in memory: each is done before anybody hears of it. */
export function memoryJobs(domains: DomainService): Pick<ApiServices, 'jobs' | 'bulkDomains'> &
  RebuildAll & {
    publishAll: (actor: Actor) => JobView;
    /** A job that has done all this. */
    done: (kind: string, actor: Actor, total: number, failures: JobFailure[]) => JobView;
  } {
  const jobs: JobView[] = [];
  const failuresOf = new Map<string, JobFailure[]>();
  const keep = (kind: string, actor: Actor, total: number, failures: JobFailure[]): JobView => {
    const job: JobView = {
      id: `j${jobs.length + 1}`,
      kind,
      state: 'done',
      done: total,
      total,
      failed: failures.slice(0, NAMED),
      failedCount: failures.length,
      createdAt: '2026-01-01T00:00:00Z',
      finishedAt: '2026-01-01T00:00:01Z',
      actor: actor.name,
    };
    jobs.push(job);
    failuresOf.set(job.id, failures);
    return job;
  };
  return {
    jobs: {
      list: (page) => pageOf(jobs.toReversed(), page),
      get: (id) => jobs.find((job) => job.id === id),
      failures: (id, page) => {
        const failures = failuresOf.get(id);
        return failures && pageOf(failures, page);
      },
    },
    bulkDomains: {
      async add(actor, requests) {
        const failures: JobFailure[] = [];
        for (const request of requests) {
          const failure = await addOne(domains, actor, request);
          if (failure) failures.push(failure);
        }
        return keep('domains.add', actor, requests.length, failures);
      },
    },
    done: keep,
    publishAll: (actor) => keep('zones.publish', actor, 1, []),
    rebuildAll: (actor) => Promise.resolve(keep('zones.rebuild', actor, 1, [])),
  };
}

async function addOne(
  domains: DomainService,
  actor: Actor,
  { name: text, dns, mail, web, ttl }: BulkDomain,
): Promise<JobFailure | undefined> {
  const result = parseDomainName(text);
  if (!result.ok) return { name: text, code: 'invalid-name', detail: `${result.message}.` };
  try {
    await domains.add(actor, { name: result.name, dns, mail, web, ...(ttl !== undefined && { ttl }) });
    return undefined;
  } catch (error) {
    if (error instanceof AppError) return { name: text, code: error.code, detail: error.message };
    throw error;
  }
}
