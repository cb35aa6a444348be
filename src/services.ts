import { lookup } from 'node:dns/promises';
import type { Clock } from './core/clock.ts';
import type { Log } from './core/log.ts';
import type { Random } from './core/random.ts';
import { createMetrics, type Metrics } from './api/metrics/metrics.ts';
import { createAcmeClient } from './certs/acme/client.ts';
import { createTransport } from './certs/acme/transport.ts';
import { createSecondaries } from './certs/challenges/secondaries.ts';
import { createFacts, type Facts } from './certs/facts.ts';
import type { InstalledCertificates } from './certs/installed/store.ts';
import type { AcmeSettings } from './certs/model.ts';
import { type Certificates, createCertificates } from './certs/service.ts';
import { accessRepository } from './db/access-repository.ts';
import { certsRepository } from './db/certs-repository.ts';
import { dkimReads, dkimRepository, dkimTransaction } from './db/dkim-repository.ts';
import { registrarRepository } from './db/registrar-repository.ts';
import { connectionOf } from './db/zone-store.ts';
import type { Nameserver } from './dns/client/root-hints.ts';
import { createIterator } from './dns/client/resolve.ts';
import { createSignPool, type SignPool } from './dns/dnssec/sign-pool.ts';
import type { DataPlane } from './dns/server/data-plane.ts';
import type { RefusedZone } from './dns/zone/served-zones.ts';
import { createDkim, type Dkim } from './mail/dkim/dkim.ts';
import { recordKeys } from './mail/dkim/keys.ts';
import { boxPolicy, mtaStsPolicy, mtaStsPolicyId } from './mail/discovery/mta-sts.ts';
import type { Storage } from './storage.ts';
import { createAudit } from './zones/access/audit.ts';
import { createEvents } from './zones/access/events.ts';
import { createIdempotency } from './zones/access/idempotency.ts';
import { createTokens, type Tokens } from './zones/access/tokens.ts';
import { toRfc3339 } from './zones/access/time.ts';
import { createBoxService } from './zones/box/service.ts';
import { readSshFingerprints } from './zones/box/ssh-host-keys.ts';
import { createDomainService } from './zones/domains/service.ts';
import { createZoneFigures } from './zones/figures.ts';
import { ownersOfDomain } from './zones/domains/owners.ts';
import { hostZone, zoneOf } from './zones/domains/topology.ts';
import { createImport } from './zones/import/service.ts';
import { createKeyRing } from './zones/keys/key-ring.ts';
import { zonePublisher } from './zones/publisher/publish-zone.ts';
import { createPublisher, type Publisher } from './zones/publisher/publisher.ts';
import type { ServedImages } from './zones/publisher/served-images.ts';
import type { RecordSources } from './zones/publisher/sources.ts';
import { createRecordService } from './zones/records/service.ts';
import { createRegistrar } from './zones/registrar/service.ts';
import type { Actor, Services } from './zones/services.ts';
import { createZoneService } from './zones/versions/service.ts';

export interface ServiceOptions {
  storage: Storage;
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
  clock: Clock;
  random: Random;
  log: Log;
}

/** The services, and the parts that are started and stopped. */
export interface Parts {
  services: Services;
  tokens: Tokens;
  publisher: Publisher;
  dkim: Dkim;
  certificates: Certificates;
  /** What zones say about certificates. */
  facts: Facts;
  metrics: Metrics;
  pool: SignPool;
  /** Reads the SSH host keys again, and publishes H's zone if that changes it. */
  refreshHost(actor: Actor): Promise<void>;
  /** Runs work that nobody waits for; what goes wrong is logged. */
  background(what: string, work: () => Promise<void>): Promise<void>;
}

const dkimActor: Actor = { kind: 'system', id: 'dkim', name: 'DKIM keys', address: undefined };
const sshFolder = '/etc/ssh';

/** Puts the services together. */
export function connectServices(options: ServiceOptions): Parts {
  const { storage, images, plane, clock, random, log } = options;
  const { database, store, sealer } = storage;
  const events = createEvents({ clock, log });
  const pool = createSignPool({
    clock,
    program: new URL('./native/sign-worker.ts', import.meta.url),
    onSlow: (problem) => log.warn({ err: problem }, 'signing with node:crypto, which takes a quarter longer'),
  });
  const keys = createKeyRing(sealer);
  const access = accessRepository(database);
  const tokens = createTokens({ store: access, clock, random, log });
  let sshFingerprints = readSshFingerprints(sshFolder);

  const background: Parts['background'] = (what, work) =>
    work().catch((error: unknown) => log.error({ err: error }, `failed: ${what}`));
  const dkim = createDkim({
    store: dkimRepository(database),
    sealer,
    clock,
    log,
    onKeysChanged: (domain) =>
      void background('publishing DKIM keys', async () => {
        const why = { actor: dkimActor, cause: `DKIM key of ${domain.toText()} made` };
        await publisher.change(why, (change) => {
          const zone = zoneOf(change.tx, domain);
          const row = zone && change.tx.zone(zone);
          if (row) change.touch(row.name, { owners: ownersOfDomain(change.tx, sources, row, domain) });
        });
      }),
  });
  const certs = certsRepository(database);
  const facts = createFacts({
    box: () => store.read.box(),
    policyId: (_domain, { hostname }) => mtaStsPolicyId(mtaStsPolicy(boxPolicy(hostname))),
  });
  const sources: RecordSources = {
    mailKeys: {
      keysFor: (reads, domains) => recordKeys(dkimReadsOf(reads), domains),
      addDomain: (tx, domain) => dkim.addDomain(dkimTransaction(connectionOf(tx)), domain),
      removeDomain: (tx, domain) => dkim.removeDomain(dkimTransaction(connectionOf(tx)), domain),
    },
    sshFingerprints: () => sshFingerprints,
    certificates: () => facts.current(),
    acmeChallenges: (reads, zone, owners) => certs.readsOf(reads).challengesAt(zone, owners),
  };
  const { memory } = images.zones;
  const publishZone = zonePublisher({ keys, sources, memory, pool, clock, random });
  const publisher = createPublisher({
    store,
    publishZone,
    keys,
    images,
    dataPlane: plane,
    events,
    onLive: (change) => metrics.changeLive(change),
    clock,
    log,
  });
  const parts = { store, publisher, sources, clock, random };
  const certificates = createCertificates({
    ...options,
    store: certs,
    zones: store,
    publisher,
    facts,
    sealer,
    secondaries: createSecondaries({ box: () => store.read.box(), resolve: addressesOf, clock, random, log }),
    settings: options.acme,
    client: acmeClient(options),
    events,
  });
  const metrics = createMetrics(
    {
      version: options.version,
      dns: () => plane.counters(),
      unreadableZones: () => plane.refused().length,
      zones: createZoneFigures({ reads: store.read, served: images.zones, clock }),
      certificates: () => certificates.figures(),
      boxCertificate: () => options.installed.forName(store.read.box()?.hostname.toText() ?? 'localhost'),
    },
    clock,
  );
  const startedAt = toRfc3339(clock.now());

  const services: Services = {
    box: createBoxService(parts),
    domains: createDomainService(parts),
    records: createRecordService(parts),
    zones: { ...createZoneService(parts), import: createImport({ ...parts, resolve: addressesOf }) },
    registrar: createRegistrar({
      reads: store.read,
      store: registrarRepository(database),
      iterator: createIterator({ clock, random, ...(options.roots ? { roots: options.roots } : {}) }),
      clock,
      publish: (type, data) => events.publish(type, data),
    }),
    tokens,
    audit: createAudit(access),
    idempotency: createIdempotency({ store: access, clock }),
    events,
    health() {
      const problems = store.read.box() ? [] : ['The box has no hostname yet: set it with PUT /api/v1/box.'];
      const { dns, version } = options;
      const ready = problems.length === 0;
      const zoneProblems = plane.refused().map(refusedSentence);
      const zones = store.read.activeZoneCount();
      return { ready, problems, zoneProblems, zones, dns, version, startedAt };
    },
  };
  return {
    services,
    tokens,
    publisher,
    dkim,
    certificates,
    facts,
    metrics,
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

function refusedSentence({ zone, reason }: RefusedZone): string {
  return `The newest version of the zone ${zone.toText()} cannot be read and is not served (${reason}): any change of its records publishes it anew.`;
}

function acmeClient({ acme, version, clock }: ServiceOptions) {
  const { directory, caBundle } = acme;
  if (directory === undefined) return undefined;
  const transport = createTransport({ roots: caBundle, userAgent: `signpost/${version}`, clock });
  return createAcmeClient({ directory, transport, clock });
}

/** One set of prepared statements for each connection. */
const dkimReadsByConnection = new WeakMap<object, ReturnType<typeof dkimReads>>();

function dkimReadsOf(reads: Parameters<typeof connectionOf>[0]): ReturnType<typeof dkimReads> {
  const connection = connectionOf(reads);
  let found = dkimReadsByConnection.get(connection);
  if (!found) dkimReadsByConnection.set(connection, (found = dkimReads(connection)));
  return found;
}

/** As the system resolves names: a server to import from may be one of the local network. */
async function addressesOf(hostname: string): Promise<string[]> {
  const found = await lookup(hostname, { all: true });
  return found.map(({ address }) => address);
}
