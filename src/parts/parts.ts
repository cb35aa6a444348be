import { createIdempotency } from '../access/idempotency.ts';
import { createSetupSecrets } from '../access/setup-secret.ts';
import { createTokens, type Tokens } from '../access/tokens.ts';
import type { Metrics } from '../api/metrics/metrics.ts';
import type { ApiServices } from '../api/services.ts';
import type { SecondaryTroubles } from '../certs/challenges/secondary-troubles.ts';
import type { Hooks } from '../certs/hooks/hooks.ts';
import type { Certificates } from '../certs/service.ts';
import { createCondition } from '../condition.ts';
import { createIterator } from '../dns/client/resolve.ts';
import type { SignPool } from '../dns/dnssec/sign-pool.ts';
import type { QueryHistory } from '../dns/server/query-history.ts';
import { createAliases } from '../mail/aliases/service.ts';
import type { Dkim } from '../mail/dkim/dkim.ts';
import type { Rotator } from '../mail/dkim/rotator.ts';
import type { MailDirectory } from '../mail/directory/directory.ts';
import { createMailDomains, mailOfDomains } from '../mail/domains.ts';
import { createMailImports } from '../mail/import.ts';
import { createAppPasswords } from '../mail/mailboxes/app-passwords.ts';
import { createOwnPassword } from '../mail/mailboxes/own-password.ts';
import { createMailboxes } from '../mail/mailboxes/service.ts';
import type { MailQuestions } from '../mail/questions.ts';
import type { MailServersPart } from '../mail/servers/service.ts';
import { createFirstMail } from '../mail/history/first-mail.ts';
import { createMailSettings } from '../mail/settings/service.ts';
import { createWebSites, webOfDomains } from '../mail/web/service.ts';
import type { Actor } from '../work/actor.ts';
import { auditRows, createAudit } from '../work/audit.ts';
import type { Keeper } from '../work/history.ts';
import type { Jobs } from '../work/job-runner.ts';
import { createBoxService } from '../zones/box/service.ts';
import type { Catalog } from '../zones/catalog/catalog.ts';
import { createBulkDomains } from '../zones/domains/bulk.ts';
import { createDomainService } from '../zones/domains/service.ts';
import type { ZoneFaults } from '../zones/faults.ts';
import { createFormerHostnames, type FormerHostnames } from '../zones/former/service.ts';
import { createImport } from '../zones/import/service.ts';
import type { Publisher } from '../zones/publisher/publisher.ts';
import { createRecordService } from '../zones/records/service.ts';
import { createRegistrar, type Registrar } from '../zones/registrar/service.ts';
import { createRebuildAll } from '../zones/repair/job.ts';
import type { Scrub } from '../zones/repair/scrub.ts';
import type { Notifier } from '../zones/secondaries/notify.ts';
import type { Secondaries } from '../zones/secondaries/service.ts';
import { guardSecondaryZones } from '../zones/secondary-zones/collisions.ts';
import type { SecondaryZones } from '../zones/secondary-zones/service.ts';
import type { StaleZones } from '../zones/stale/service.ts';
import { type Store, zoneRows } from '../zones/store.ts';
import { createUpdates } from '../zones/updates/service.ts';
import { createZoneService } from '../zones/versions/service.ts';
import { addressesOf } from './addresses-of.ts';
import { connectCertificates } from './certificates.ts';
import { connectFigures } from './figures.ts';
import { connectJobs, connectRepair } from './jobs.ts';
import { keepersOf } from './keepers.ts';
import { connectMailServers } from './mail-servers.ts';
import type { PartOptions } from './options.ts';
import { connectPeople } from './people.ts';
import { connectPublication } from './publication.ts';
import { connectSecondaries } from './secondaries.ts';

/** The services, and the parts that are started and stopped. */
export interface Parts {
  services: ApiServices;
  tokens: Tokens;
  publisher: Publisher;
  dkim: Dkim;
  dkimRotator: Rotator;
  mailDirectory: MailDirectory;
  mailQuestions: MailQuestions;
  certificates: Certificates;
  hooks: Hooks;
  mailServers: MailServersPart;
  jobs: Jobs;
  /** What is forgotten when it is old. */
  keepers: readonly Keeper[];
  faults: ZoneFaults;
  /** Secondary nameservers in trouble. */
  troubles: SecondaryTroubles;
  secondaries: Secondaries;
  secondaryZones: SecondaryZones;
  notifier: Notifier;
  catalog: Catalog;
  stale: StaleZones;
  formerHostnames: FormerHostnames;
  registrar: Registrar;
  scrub: Scrub;
  metrics: Metrics;
  queryHistory: QueryHistory;
  pool: SignPool;
  /** Reads the SSH host keys again, and publishes H's zone if that changes it. */
  refreshHost(actor: Actor): Promise<void>;
  /** Runs work that nobody waits for; what goes wrong is logged. */
  background(what: string, work: () => Promise<void>): Promise<void>;
}

/**
 * Puts the parts together, each group by a function of its own. What one needs of another that comes after it is given as a function: it
 * is called once all are there.
 */
export function connectParts(options: PartOptions): Parts {
  const { work, events, sealer, images, plane, clock, random, log } = options;
  const store: Store = { read: work.committed.rows(zoneRows) };
  const setup = createSetupSecrets({ clock, random });
  const tokens = createTokens({ work, clock, random, log, setup });
  const publication = connectPublication(options, store, {
    catalog: () => secondaryParts.catalog,
    jobs: () => jobs,
    onLive(change) {
      figures.metrics.changeLive(change);
      secondaryParts.notifier.changed(change.zones);
    },
  });
  const { publisher, stale, sources, faults, keys, pool } = publication;
  const secondaryParts = connectSecondaries(options, store, publication);
  const { catalog, secondaries, secondaryZones, notifier, tsigKeys } = secondaryParts;
  const mailServerParts = connectMailServers(options, store, { publisher, ...secondaryParts });
  const { dkim, dkimRotator, dkimKeys, mailServers, mailHistory, mailQueue, mailboxUsages } = mailServerParts;
  const certificateParts = connectCertificates(options, store, {
    ...publication,
    ...secondaryParts,
    onHookRun: (outcome) => figures.metrics.hookRun(outcome),
  });
  const { certificates, hooks, troubles } = certificateParts;
  const { mail, mailDirectory, mailQuestions, people, accountsOfDomains } = connectPeople(options, store, {
    setup,
    onLoginFailed: () => figures.metrics.loginFailed(),
  });
  const scrub = connectRepair(options, store, publication);
  const figures = connectFigures(options, store, {
    ...{ faults, scrub, catalog, secondaryZones },
    ...certificateParts,
  });

  const parts = [
    guardSecondaryZones(),
    ...[accountsOfDomains, dkim, webOfDomains, mailOfDomains(mail), mailDirectory],
    certificates,
  ];
  const domainTools = { work, store, publisher, stale, sources, parts, clock, random };
  const imported = { ...mail, sealer, log };
  const jobs = connectJobs(options, { ...publication, scrub, domainTools, imported });
  const updates = createUpdates({ store, publisher, sources, random, clock, log });
  plane.answerWith(async (question) => {
    switch (question.what) {
      case 'update':
        return updates.update(question);
      case 'difference':
        return secondaryParts.differences(question);
      case 'notify':
        return secondaryZones.notified(question);
    }
  });
  const iterator = createIterator({ clock, random, ...(options.roots ? { roots: options.roots } : {}) });
  const formerHostnames = createFormerHostnames({ work, publisher, iterator, events, clock, log });
  const registrar = createRegistrar({
    reads: store.read,
    work,
    iterator,
    clock,
    publish: (type, data) => events.publish(type, data),
    log,
  });
  const mailSettings = createMailSettings({ ...mail, sealer, hasWeb: options.webApi !== undefined });
  const firstMail = createFirstMail({ history: mailHistory, work });
  const condition = createCondition({
    ...{ store, plane, images, faults, scrub, troubles, registrar, formerHostnames, secondaryZones },
    ...{ mailServers, mailDirectory, mailSettings, firstMail },
    ...{ dkim: dkimKeys, hooks, boxCertificate: figures.boxCertificate },
    ...{ storage: options.storage, dns: options.dns, version: options.version, clock, log },
  });
  const services: ApiServices = {
    ...{ registrar, certificates, secondaries, secondaryZones, tsigKeys, formerHostnames, ...condition },
    ...{ mailServers, mailHistory, mailQueue, mailboxUsages, mailSettings, dkim: dkimKeys },
    ...{ tokens, people, events, jobs, metrics: figures.metrics, queryHistory: figures.queryHistory },
    box: createBoxService(domainTools),
    domains: createDomainService(domainTools),
    bulkDomains: createBulkDomains(work, jobs),
    records: createRecordService(domainTools),
    zones: {
      ...createZoneService(domainTools),
      rebuild: scrub.rebuild,
      ...createRebuildAll(work, jobs),
      import: createImport({ ...domainTools, resolve: addressesOf, networks: options.importNetworks }),
    },
    mailboxes: createMailboxes(mail),
    ownPassword: createOwnPassword(mail),
    appPasswords: createAppPasswords(mail),
    aliases: createAliases(mail),
    mailDomains: createMailDomains(mail),
    mailImports: createMailImports(imported, jobs),
    webSites: createWebSites(mail),
    audit: createAudit(work.committed.rows(auditRows)),
    idempotency: createIdempotency({ work, clock, sealer }),
  };
  return {
    ...{ services, tokens, publisher, dkim, dkimRotator, mailDirectory, mailQuestions, mailServers },
    ...{
      certificates,
      hooks,
      jobs,
      faults,
      troubles,
      secondaries,
      secondaryZones,
      notifier,
      catalog,
      stale,
      scrub,
      pool,
    },
    ...{ formerHostnames, registrar, metrics: figures.metrics, queryHistory: figures.queryHistory },
    keepers: keepersOf(store, keys, clock),
    refreshHost: (actor) => publication.refreshHost(actor),
    background: (what, run) => run().catch((error: unknown) => log.error({ err: error }, `failed: ${what}`)),
  };
}
