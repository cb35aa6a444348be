import { aliasImportJob, mailboxImportJob, type MailImportOptions } from '../mail/import.ts';
import { createJobs } from '../work/job-runner.ts';
import { bulkDomainJob } from '../zones/domains/bulk.ts';
import type { DomainServiceOptions } from '../zones/domains/service.ts';
import { rebuildJob } from '../zones/repair/job.ts';
import { createScrub } from '../zones/repair/scrub.ts';
import { createRebuild } from '../zones/repair/service.ts';
import { publishJob } from '../zones/stale/job.ts';
import type { Store } from '../zones/store.ts';
import type { PartOptions } from './options.ts';
import type { Publication } from './publication.ts';

/** Looks for damage in what is stored of zones, and makes it anew. */
export function connectRepair(
  { storage, events, clock, log }: PartOptions,
  store: Store,
  { publisher, keys, faults }: Publication,
) {
  const { rebuild } = createRebuild({
    publisher,
    keys,
    remakeNodes: () => storage.remakeNodes(),
    onLost: (zones) => void scrub.checkAll(zones),
    clock,
  });
  const scrub = createScrub({ store, rebuild, keys, faults, events, clock, log });
  return scrub;
}

export interface JobLinks extends Publication {
  scrub: ReturnType<typeof connectRepair>;
  domainTools: DomainServiceOptions;
  imported: MailImportOptions;
}

/** What goes on for longer than a request, step by step. */
export function connectJobs({ work, clock, random, log }: PartOptions, links: JobLinks) {
  const { publisher, sources, faults, scrub, domainTools, imported } = links;
  const kinds = [
    publishJob({ work, publisher, sources, faults, clock }),
    bulkDomainJob({ ...domainTools, work, log }),
    rebuildJob({ work, rebuild: scrub.rebuild, log }),
    mailboxImportJob(imported),
    aliasImportJob(imported),
  ];
  return createJobs({ work, kinds, clock, random, log });
}
