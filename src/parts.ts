import { join } from 'node:path';
import { lookup } from 'node:dns/promises';
import { answerKeeper, createIdempotency } from './access/idempotency.ts';
import { createPeopleServices, type PeopleServices } from './access/people/service.ts';
import { sessionKeeper } from './access/people/sessions.ts';
import { createSetupSecrets } from './access/setup-secret.ts';
import { createTokens, type Tokens } from './access/tokens.ts';
import { createMetrics, type Metrics } from './api/metrics/metrics.ts';
import type { ApiServices } from './api/services.ts';
import { createAcmeClient } from './certs/acme/client.ts';
import { createTransport } from './certs/acme/transport.ts';
import { createSecondaries } from './certs/challenges/secondaries.ts';
import { createSecondaryTroubles, type SecondaryTroubles } from './certs/challenges/secondary-troubles.ts';
import type { HookFiles } from './certs/hooks/files.ts';
import { createHooks, type Hooks } from './certs/hooks/hooks.ts';
import type { InstalledCertificates } from './certs/installed/store.ts';
import type { AcmeSettings } from './certs/model.ts';
import { useKeeper } from './certs/order/limit-uses.ts';
import { certificateFacts } from './certs/published/facts.ts';
import { type Certificates, createCertificates } from './certs/service.ts';
import { certificateRows } from './certs/store.ts';
import type { Clock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { Network } from './core/network.ts';
import { programBeside } from './core/program.ts';
import type { Random } from './core/random.ts';
import type { Sealer } from './core/seal.ts';
import { createCondition } from './condition.ts';
import { createIterator } from './dns/client/resolve.ts';
import type { Nameserver } from './dns/client/root-hints.ts';
import { createSignPool, type SignPool } from './dns/dnssec/sign-pool.ts';
import { createQueryHistory, type QueryHistory } from './dns/server/query-history.ts';
import type { DataPlane } from './dns/server/data-plane.ts';
import { Name } from './dns/wire/name.ts';
import { boxPolicy, mtaStsPolicy, mtaStsPolicyId } from './mail/discovery/mta-sts.ts';
import { aliasImportJob, createMailImports, mailboxImportJob } from './mail/import.ts';
import { createMailSettings } from './mail/settings/service.ts';
import { mailSettingsRows } from './mail/settings/store.ts';
import { createWebSites, webOfDomains } from './mail/web/service.ts';
import { createMailQuestions, type MailQuestions } from './mail/questions.ts';
import { createSendLimits } from './mail/sending/limits.ts';
import { mailRows } from './mail/store.ts';
import { createAliases } from './mail/aliases/service.ts';
import { createDkim, type Dkim, keyChangeKeeper } from './mail/dkim/dkim.ts';
import { recordKeys } from './mail/dkim/keys.ts';
import { createFindLacking } from './mail/dkim/live.ts';
import { createRotator, type Rotator } from './mail/dkim/rotator.ts';
import { createDkimService } from './mail/dkim/service.ts';
import { thisMachine } from './mail/agent/machine.ts';
import { dkimRows } from './mail/dkim/store.ts';
import { createMailDirectory, directoryKeeper, type MailDirectory } from './mail/directory/directory.ts';
import { createMailDomains, mailOfDomains } from './mail/domains.ts';
import { createAppPasswords } from './mail/mailboxes/app-passwords.ts';
import { createOwnPassword } from './mail/mailboxes/own-password.ts';
import { createHashing } from './mail/mailboxes/hashing.ts';
import { checkPassword } from './mail/mailboxes/password.ts';
import { createMailboxLogins } from './mail/mailboxes/users.ts';
import { createMailboxes } from './mail/mailboxes/service.ts';
import { HISTORY, historyPassword } from './mail/drivers/redis/history.ts';
import { REDIS } from './mail/drivers/redis/redis.ts';
import { drivers } from './mail/drivers/registry.ts';
import { redisList, type ReadList } from './mail/history/redis-list.ts';
import { createMailHistory } from './mail/history/service.ts';
import { createMailQueue } from './mail/queue/service.ts';
import { agentAt } from './mail/servers/agent-client.ts';
import { createKeySync } from './mail/servers/keys.ts';
import { mailModelOf } from './mail/servers/model.ts';
import { keptSecret } from './mail/servers/kept-secret.ts';
import { createMailServers, type MailServersPart } from './mail/servers/service.ts';
import { createSigner } from './mail/servers/signer.ts';
import { shownKeys } from './mail/servers/shown-keys.ts';
import type { Storage } from './storage.ts';
import { crypt } from './native/crypt.ts';
import type { Actor } from './work/actor.ts';
import { auditKeeper, auditRows, createAudit } from './work/audit.ts';
import type { EventHub } from './work/events.ts';
import { createJobs, jobKeeper, type Jobs } from './work/job-runner.ts';
import type { Keeper } from './work/history.ts';
import type { Snapshot } from './work/rows.ts';
import type { Change, UnitOfWork } from './work/unit-of-work.ts';
import { createBoxService } from './zones/box/service.ts';
import { readSshFingerprints } from './zones/box/ssh-host-keys.ts';
import { type Catalog, createCatalog } from './zones/catalog/catalog.ts';
import { bulkDomainJob, createBulkDomains } from './zones/domains/bulk.ts';
import type { DomainPart } from './zones/domains/parts.ts';
import { createDomainService } from './zones/domains/service.ts';
import { createZoneFaults, type ZoneFaults } from './zones/faults.ts';
import { createZoneFigures } from './zones/figures.ts';
import { purgeKeeper } from './zones/history/purge.ts';
import { signatureKeeper, versionKeeper } from './zones/history/versions.ts';
import { createFormerHostnames, type FormerHostnames } from './zones/former/service.ts';
import { createImport } from './zones/import/service.ts';
import { createKeyRing } from './zones/keys/key-ring.ts';
import { defaultRetention } from './zones/model.ts';
import { zonePublisher } from './zones/publisher/publish-zone.ts';
import { createPublisher, type Publisher } from './zones/publisher/publisher.ts';
import type { ServedImages } from './zones/publisher/served-images.ts';
import type { RecordSources } from './zones/publisher/sources.ts';
import { createRecordService } from './zones/records/service.ts';
import { createRegistrar } from './zones/registrar/service.ts';
import { createRebuildAll, rebuildJob } from './zones/repair/job.ts';
import { createScrub, type Scrub } from './zones/repair/scrub.ts';
import { createRebuild } from './zones/repair/service.ts';
import { registrarRows } from './zones/registrar/store.ts';
import { createNotifier, type Notifier } from './zones/secondaries/notify.ts';
import { notifyTargets, soaOf } from './zones/secondaries/notify-targets.ts';
import { transferPolicy } from './zones/secondaries/policy.ts';
import { publishSecondaries } from './zones/secondaries/publish.ts';
import { createSecondaryService, type Secondaries } from './zones/secondaries/service.ts';
import { secondaryRows } from './zones/secondaries/store.ts';
import { createTsigKeys } from './zones/secondaries/tsig-keys.ts';
import { publishJob } from './zones/stale/job.ts';
import { createStaleZones, type StaleZones } from './zones/stale/service.ts';
import { createDifferences } from './zones/transfers/differences.ts';
import { type Store, zoneRows } from './zones/store.ts';
import { hostZone, zoneOf } from './zones/topology.ts';
import { createUpdates } from './zones/updates/service.ts';
import { createZoneService } from './zones/versions/service.ts';

export interface PartOptions {
  work: UnitOfWork;
  events: EventHub;
  sealer: Sealer;
  /** Says in /health why nothing can be changed, and what damage there is. */
  storage: Pick<
    Storage,
    'problem' | 'damage' | 'copies' | 'remakeNodes' | 'keysInCopies' | 'mailDirectory' | 'sent'
  >;
  images: ServedImages;
  plane: DataPlane;
  /** What is bound, for /health. */
  dns: string[];
  version: string;
  /** Where delegation checks start; undefined: the root servers of the internet. */
  roots: readonly Nameserver[] | undefined;
  /** Where certificates come from, and where they go. */
  acme: AcmeSettings;
  installed: InstalledCertificates;
  /** Where the operator's programs are, and where they find certificates. */
  hooks: { folder: string; env: Readonly<Record<string, string>>; files: HookFiles };
  /** Networks to import from although they are not public. */
  importNetworks: readonly Network[] | undefined;
  /** The data folder. */
  data: string;
  /** Socket of the agent that configures the mail servers. */
  mailAgent: string | undefined;
  /** Where webmail reaches the API; undefined: there is to be no webmail, and no web sites. */
  webApi: string | undefined;
  clock: Clock;
  random: Random;
  log: Log;
}

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
  notifier: Notifier;
  catalog: Catalog;
  stale: StaleZones;
  formerHostnames: FormerHostnames;
  scrub: Scrub;
  metrics: Metrics;
  queryHistory: QueryHistory;
  pool: SignPool;
  /** Reads the SSH host keys again, and publishes H's zone if that changes it. */
  refreshHost(actor: Actor): Promise<void>;
  /** Runs work that nobody waits for; what goes wrong is logged. */
  background(what: string, work: () => Promise<void>): Promise<void>;
}

const sshFolder = '/etc/ssh';
/** Where the agent listens when nothing else is said. */
const AGENT_SOCKET = '/run/signpost-agent.sock';

/** Puts the parts together. */
export function connectParts(options: PartOptions): Parts {
  const { work, events, sealer, images, plane, clock, random, log } = options;
  const store: Store = { read: work.committed.rows(zoneRows) };
  const pool = createSignPool({
    clock,
    program: programBeside(import.meta.url, 'native/sign-worker'),
    onSlow: (problem) => log.warn({ err: problem }, 'signing with node:crypto, which takes a quarter longer'),
  });
  const keys = createKeyRing(sealer, (keyId) => options.storage.keysInCopies(keyId));
  const setup = createSetupSecrets({ clock, random });
  const tokens = createTokens({ work, clock, random, log, setup });
  let sshFingerprints = readSshFingerprints(sshFolder);
  const background: Parts['background'] = (what, run) =>
    run().catch((error: unknown) => log.error({ err: error }, `failed: ${what}`));
  const sources: RecordSources = {
    dkimKeys: (state, domains) => recordKeys(state.rows(dkimRows), domains),
    sshFingerprints: () => sshFingerprints,
    certificates: certificateFacts({
      directory: options.acme.directory,
      policyId: (_domain, { hostname }) => mtaStsPolicyId(mtaStsPolicy(boxPolicy(hostname))),
    }),
    acmeChallenges: (state, zone, owners) => state.rows(certificateRows).challengesAt(zone, owners),
  };
  const publisher = createPublisher({
    work,
    publishZone: zonePublisher({ keys, sources, memory: images.zones.memory, pool, clock, random }),
    keys,
    images,
    dataPlane: plane,
    members: { publish: (...change) => catalog.publish(...change) },
    onLive(change) {
      metrics.changeLive(change);
      notifier.changed(change.zones);
    },
    onFailed: (zone, publish, error) => faults.failed(zone, publish, error),
    clock,
    log,
  });
  const faults = createZoneFaults({ events, clock, log });
  const troubles = createSecondaryTroubles({
    isSecondary: (name) => store.read.box()?.secondaries.some((one) => one.equals(name)) ?? false,
    events,
    clock,
    log,
  });
  const stale = createStaleZones({
    work,
    publisher,
    sources,
    faults,
    begin: (...job) => jobs.begin(...job),
    clock,
    log,
  });
  const secondaryReads = work.committed.rows(secondaryRows);
  const catalog = createCatalog({
    work,
    reads: store.read,
    zones: images.zones,
    onServed: (zone) => notifier.changed([zone]),
    clock,
    log,
  });
  const differences = createDifferences({ reads: store.read, zones: images.zones, catalog, clock });
  const isCatalog = (zone: Name): boolean => catalog.name()?.equals(zone) ?? false;
  let targets = notifyTargets(secondaryReads, sealer, log, isCatalog);
  const notifier = createNotifier({
    targets: () => targets,
    soaOf: (zone) => soaOf(images.view(zone)),
    clock,
    random,
    log,
  });
  const transfersChanged = (change: Change): void => {
    change.afterCommit(() => {
      targets = notifyTargets(secondaryReads, sealer, log, isCatalog);
      return plane.setTransfers(transferPolicy(secondaryReads, sealer, log));
    });
    catalog.secondariesChanged(change);
  };
  const secondaries = createSecondaryService({
    work,
    reads: store.read,
    setPublished: publishSecondaries(publisher, stale),
    changed: transfersChanged,
    catalog: () => catalog.name(),
    clock,
    random,
    onError: (error) => log.error({ err: error }, 'secondaries could not be looked at'),
  });
  const ask = agentAt(options.mailAgent ?? AGENT_SOCKET);
  const signer = createSigner({ work, ask });
  const keysChanged = (): void => mailServers.keysChanged();
  const dkimTools = { work, publisher, sealer, clock, random, log };
  const dkim = createDkim({
    ...dkimTools,
    onChanged: keysChanged,
    onFollowed: () => dkimRotator.kick(),
  });
  const dkimRotator = createRotator({
    ...dkimTools,
    findLacking: createFindLacking({
      published: () => store.read.box()?.secondaries ?? [],
      async placesOf(name) {
        const known = await secondaries.addressesOf(name);
        const port = secondaries.get(name)?.port ?? 53;
        const addresses = known.length > 0 ? known : await addressesOf(name.toText());
        return addresses.map((address) => ({ address, port }));
      },
      clock,
      random,
    }),
    signerHas: (change) => signer.has(change),
    onChanged: keysChanged,
    onTaken: () => dkim.refill(),
  });
  const dkimKeys = createDkimService({
    ...dkimTools,
    onChanged() {
      keysChanged();
      dkim.refill();
      dkimRotator.kick();
    },
  });
  const syncKeys = createKeySync({ committed: work.committed, sealer, ask, clock });
  const mailServers = createMailServers({
    model: () =>
      mailModelOf({
        ...{ committed: work.committed, sealer, data: options.data },
        dns: options.plane.addresses,
        certificate: (host) => options.installed.forName(host),
        redisPassword: () => keptSecret(options.data, 'redis.password', random),
        web: () =>
          options.webApi === undefined
            ? undefined
            : { api: options.webApi, sessionKey: keptSecret(options.data, 'webmail.key', random) },
      }),
    async syncKeys() {
      await syncKeys();
      await signer.given();
      dkimRotator.kick();
    },
    ask,
    drivers,
    wants: { web: options.webApi === undefined ? undefined : {} },
    machine: thisMachine(clock),
    events,
    clock,
    log,
  });
  const readHistory: ReadList = (...list) => {
    const password = historyPassword(keptSecret(options.data, 'redis.password', random));
    return redisList({ ...REDIS, user: HISTORY.user, password }, clock)(...list);
  };
  const hooks = createHooks({
    ...options,
    ...options.hooks,
    uid: process.getuid?.() ?? 0,
    onRun: (outcome) => metrics.hookRun(outcome),
  });
  const certificates = createCertificates({
    ...options,
    hooks,
    publisher,
    stale,
    secondaries: createSecondaries({
      box: () => store.read.box(),
      async resolve(host) {
        const known = await secondaries.addressesOf(Name.parse(host));
        return known.length > 0 ? known : addressesOf(host);
      },
      zoneOf: (name) => {
        const zone = zoneOf(store.read, name);
        return zone && store.read.zone(zone);
      },
      troubles,
      clock,
      random,
      log,
    }),
    shownKeys: (hostname) => shownKeys(hostname, clock),
    settings: options.acme,
    client: acmeClient(options),
  });
  const sendLimits = createSendLimits(
    {
      ...work.committed.rows(mailRows),
      settings: () => work.committed.rows(mailSettingsRows).settings(),
    },
    options.storage.sent,
    clock,
  );
  const mailDirectory = createMailDirectory({
    work,
    storage: options.storage.mailDirectory,
    events,
    clock,
    log,
  });
  let srs: string | undefined;
  const mailQuestions = createMailQuestions({
    folder: join(options.data, 'mail'),
    limits: sendLimits,
    sent: options.storage.sent,
    srsSecret: () => (srs ??= keptSecret(options.data, 'srs.secret', random)),
    hostname: () => store.read.box()?.hostname.canonical().toText(),
    clock,
    log,
  });
  const mail = {
    work,
    directory: mailDirectory,
    zones: (state: Snapshot) => state.rows(zoneRows),
    hashing: createHashing(random, crypt),
    limits: sendLimits,
    passwordReset: (change: Change, address: string) => people.accounts.mailboxReset(change, address),
    clock,
    random,
  };
  const people: PeopleServices = createPeopleServices({
    ...{ work, sealer, setup, clock, random, log },
    hashing: { ...mail.hashing, check: checkPassword },
    mailboxes: createMailboxLogins(mail),
    hasDomain: (name) => store.read.domain(name) !== undefined,
    onFailed: () => metrics.loginFailed(),
  });
  const accountsOfDomains: DomainPart = {
    domainChanged(change, before, after) {
      if (before && !after) people.accounts.domainRemoved(change, before.name);
    },
  };
  const domainParts = [
    accountsOfDomains,
    dkim,
    webOfDomains,
    mailOfDomains(mail),
    mailDirectory,
    certificates,
  ];
  const parts = { work, store, publisher, stale, sources, parts: domainParts, clock, random };
  const updates = createUpdates({ store, publisher, sources, random, clock, log });
  plane.answerWith((question) =>
    question.what === 'update' ? updates.update(question) : differences(question),
  );
  const { rebuild } = createRebuild({
    publisher,
    keys,
    remakeNodes: () => options.storage.remakeNodes(),
    onLost: (zones) => void scrub.checkAll(zones),
    clock,
  });
  const scrub = createScrub({ store, rebuild, keys, faults, events, clock, log });
  const imported = { ...mail, sealer, log };
  const kinds = [
    publishJob({ work, publisher, sources, faults, clock }),
    bulkDomainJob({ ...parts, log }),
    rebuildJob({ work, rebuild: scrub.rebuild, log }),
    mailboxImportJob(imported),
    aliasImportJob(imported),
  ];
  const jobs = createJobs({ work, kinds, clock, random, log });
  const boxCertificate = () => options.installed.forName(store.read.box()?.hostname.toText() ?? 'localhost');
  const counters = () => [...plane.counters(), plane.ownCounters()];
  const queryHistory = createQueryHistory(counters, clock);
  const metrics = createMetrics(
    {
      version: options.version,
      dns: counters,
      unreadableZones: () => plane.refused().length,
      secondariesInTrouble: () => troubles.list().map(({ reason }) => reason),
      zonesInTrouble: () => ({ publication: faults.list().length, damage: scrub.damaged().length }),
      zones: createZoneFigures({
        reads: store.read,
        served: images.zones,
        besides: () => (catalog.name() ? 1 : 0),
        clock,
      }),
      certificates: () => certificates.figures(),
      hooksInTrouble: () => hooks.troubles().length + hooks.refused().length,
      databaseCopiedAt: () => options.storage.copies()?.latest()?.at,
      boxCertificate,
    },
    clock,
  );
  const retention = () => store.read.box()?.retention ?? defaultRetention;
  const registrarPart = {
    zonePurged: (change: Change, zone: Name) => change.rows(registrarRows).delete(zone),
  };
  const keepers = [
    versionKeeper(retention, clock),
    signatureKeeper(clock),
    purgeKeeper({ retention, keys, parts: [registrarPart], clock }),
    auditKeeper(() => retention().audit, clock),
    jobKeeper(() => retention().jobs, clock),
    answerKeeper(clock),
    sessionKeeper(clock),
    useKeeper(clock),
    directoryKeeper,
    keyChangeKeeper,
  ];
  const iterator = createIterator({ clock, random, ...(options.roots ? { roots: options.roots } : {}) });
  const formerHostnames = createFormerHostnames({ work, publisher, iterator, events, clock, log });

  const registrar = createRegistrar({
    reads: store.read,
    work,
    iterator,
    clock,
    publish: (type, data) => events.publish(type, data),
  });
  const condition = createCondition({
    ...{
      store,
      plane,
      images,
      faults,
      scrub,
      troubles,
      registrar,
      formerHostnames,
      mailServers,
      mailDirectory,
    },
    ...{ dkim: dkimKeys, hooks, boxCertificate, storage: options.storage, dns: options.dns },
    ...{ version: options.version, clock, log },
  });

  const services: ApiServices = {
    box: createBoxService(parts),
    formerHostnames,
    domains: createDomainService(parts),
    records: createRecordService(parts),
    zones: {
      ...createZoneService(parts),
      rebuild: scrub.rebuild,
      ...createRebuildAll(work, jobs),
      import: createImport({ ...parts, resolve: addressesOf, networks: options.importNetworks }),
    },
    registrar,
    certificates,
    secondaries,
    tsigKeys: createTsigKeys({ work, sealer, clock, random, changed: transfersChanged }),
    mailboxes: createMailboxes(mail),
    ownPassword: createOwnPassword(mail),
    appPasswords: createAppPasswords(mail),
    aliases: createAliases(mail),
    mailDomains: createMailDomains(mail),
    mailImports: createMailImports(imported, jobs),
    mailServers,
    dkim: dkimKeys,
    mailSettings: createMailSettings({ ...mail, sealer }),
    webSites: createWebSites(mail),
    mailHistory: createMailHistory({ read: readHistory, clock }),
    mailQueue: createMailQueue({ work, ask }),
    metrics,
    queryHistory,
    ...condition,
    tokens,
    people,
    audit: createAudit(work.committed.rows(auditRows)),
    idempotency: createIdempotency({ work, clock, sealer }),
    events,
    jobs,
    bulkDomains: createBulkDomains(work, jobs),
  };
  return {
    services,
    tokens,
    publisher,
    dkim,
    dkimRotator,
    mailDirectory,
    mailQuestions,
    mailServers,
    certificates,
    hooks,
    jobs,
    keepers,
    faults,
    troubles,
    secondaries,
    notifier,
    catalog,
    stale,
    formerHostnames,
    scrub,
    metrics,
    queryHistory,
    pool,
    background,
    async refreshHost(actor) {
      sshFingerprints = readSshFingerprints(sshFolder);
      if (!store.read.box()) return;
      await publisher.change({ actor, cause: 'host keys read' }, (change) =>
        change.touch(hostZone(change.tx, change.box()), { owners: [change.box().hostname] }),
      );
    },
  };
}

function acmeClient({ acme, version, clock }: PartOptions) {
  const { directory, caBundle } = acme;
  if (directory === undefined) return undefined;
  const transport = createTransport({ roots: caBundle, userAgent: `signpost/${version}`, clock });
  return createAcmeClient({ directory, transport, clock });
}

/** As the system resolves names: a server to import from may be one of the local network. */
async function addressesOf(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}
