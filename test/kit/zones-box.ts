import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { type Random, systemRandom } from '../../src/core/random.ts';
import { createSealer } from '../../src/core/seal.ts';
import { openDatabase } from '../../src/db/database.ts';
import { openRows } from '../../src/db/storage.ts';
import { createSignPool } from '../../src/dns/dnssec/sign-pool.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { imageView } from '../../src/dns/zone/image-view.ts';
import { imageOrigin, type ZoneImage } from '../../src/dns/zone/image.ts';
import type { ZoneView } from '../../src/dns/zone/node.ts';
import { createServedZones } from '../../src/dns/zone/served-zones.ts';
import { recordKeys } from '../../src/mail/dkim/keys.ts';
import { dkimRows } from '../../src/mail/dkim/store.ts';
import type { Actor } from '../../src/work/actor.ts';
import { createEvents } from '../../src/work/events.ts';
import { createJobs } from '../../src/work/job-runner.ts';
import { jobRows, type JobView } from '../../src/work/jobs.ts';
import { createUnitOfWork } from '../../src/work/unit-of-work.ts';
import { createBoxService } from '../../src/zones/box/service.ts';
import { createCatalog } from '../../src/zones/catalog/catalog.ts';
import type { DomainPart } from '../../src/zones/domains/parts.ts';
import { createDomainService } from '../../src/zones/domains/service.ts';
import { createZoneFaults } from '../../src/zones/faults.ts';
import { createKeyRing } from '../../src/zones/keys/key-ring.ts';
import type { Box } from '../../src/zones/model.ts';
import { zonePublisher } from '../../src/zones/publisher/publish-zone.ts';
import { createPublisher, type DataPlane } from '../../src/zones/publisher/publisher.ts';
import { createServedImages } from '../../src/zones/publisher/served-images.ts';
import type { RecordSources } from '../../src/zones/publisher/sources.ts';
import { createRecordService } from '../../src/zones/records/service.ts';
import { createScrub } from '../../src/zones/repair/scrub.ts';
import { createRebuild } from '../../src/zones/repair/service.ts';
import { publishJob } from '../../src/zones/stale/job.ts';
import { createStaleZones } from '../../src/zones/stale/service.ts';
import { zoneRows } from '../../src/zones/store.ts';
import { createZoneService } from '../../src/zones/versions/service.ts';

export const person: Actor = { kind: 'token', id: 'test', name: 'test', address: undefined };

export const name = (text: string): Name => Name.parse(text);

/** The services of zones over a real database, without sockets: what is served is kept by origin. */
export type ZonesBox = Awaited<ReturnType<typeof openZones>>;

export interface ZonesBoxOptions {
  data?: string;
  clock?: Clock;
  random?: Random;
  sources?: Partial<RecordSources>;
  /** Take part when domains come and go. */
  parts?: readonly DomainPart[];
  /** Serves it, too. */
  dataPlane?: DataPlane;
  /** Told of stored zones that cannot be read; else it does not open. */
  onUnreadable?: (zone: Name) => void;
}

function refuse(_zone: Name, reason: Error): never {
  throw reason;
}

const sealKey = Buffer.alloc(32, 7);

export function openZones(options: ZonesBoxOptions = {}) {
  const clock = options.clock ?? systemClock;
  const random = options.random ?? systemRandom;
  const log = createLog({ level: 'silent' });
  const data = options.data ?? mkdtempSync(join(tmpdir(), 'signpost-zones-'));
  const database = openDatabase(join(data, 'signpost.sqlite'));
  const events = createEvents({ clock, log });
  const work = createUnitOfWork({ storage: openRows(database), events, clock, log });
  const store = { read: work.committed.rows(zoneRows) };
  const served = new Map<string, ZoneImage>();
  const memory: DataPlane = {
    async apply({ set, remove }) {
      await options.dataPlane?.apply({ set, remove });
      for (const image of set) served.set(imageOrigin(image).key, image);
      for (const { key } of remove) served.delete(key);
    },
  };
  const keys = createKeyRing(createSealer(sealKey, random));
  const pool = createSignPool({ threads: 0 });
  const sources: RecordSources = {
    dkimKeys: (state, domains) => recordKeys(state.rows(dkimRows), domains),
    sshFingerprints: () => [],
    certificates: () => undefined,
    acmeChallenges: () => [],
    ...options.sources,
  };
  // Nobody collects its garbage: versions that were served stay as they are.
  const zones = createServedZones();
  const publishZone = zonePublisher({ keys, sources, memory: zones.memory, pool, clock, random });
  const images = createServedImages({
    reads: store.read,
    zones,
    clock,
    onUnreadable: options.onUnreadable ?? refuse,
  });
  // A few are known at once.
  void images.announce();
  for (const image of zones.all()) {
    const origin = imageOrigin(image);
    if (images.view(origin)) served.set(origin.key, zones.get(origin)!);
  }
  /** Catalogs that were served for the first time. */
  const catalogs: string[] = [];
  const catalog = createCatalog({
    ...{ work, reads: store.read, zones, clock, log },
    onServed: (zone) => void catalogs.push(zone.toText()),
  });
  const publisher = createPublisher({
    work,
    publishZone,
    keys,
    images,
    members: catalog,
    dataPlane: memory,
    onFailed: (zone, publish, error) => faults.failed(zone, publish, error),
    clock,
    log,
  });
  /** Keys go with their domain; these tests make their own. */
  const dkim: DomainPart = {
    domainChanged(change, before, after) {
      if (before && !after) change.rows(dkimRows).deleteKeys(before.name);
    },
  };
  const domainParts = [dkim, ...(options.parts ?? [])];
  const faults = createZoneFaults({ events, clock, log });
  const stale = createStaleZones({
    work,
    publisher,
    sources,
    faults,
    begin: (...job) => jobs.begin(...job),
    clock,
    log,
  });
  const parts = { work, store, publisher, stale, sources, parts: domainParts, clock, random };
  const kinds = [publishJob({ work, publisher, sources, faults, clock })];
  const jobs = createJobs({ work, kinds, clock, random, log });
  const box = createBoxService(parts);
  /** Resolves when the job has ended; jobs run from then on. */
  async function jobEnded(id: string): Promise<JobView> {
    jobs.start();
    for (;;) {
      const job = jobs.get(id)!;
      if (job.state !== 'running') return job;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
  const { rebuild } = createRebuild({
    publisher,
    keys,
    remakeNodes: () => Promise.resolve(undefined),
    onLost: () => undefined,
    clock,
  });
  return {
    data,
    database,
    work,
    store,
    publisher,
    sources,
    parts: domainParts,
    faults,
    events,
    images,
    catalog,
    catalogs,
    keys,
    repair: createScrub({ store, rebuild, keys, faults, events, clock, log }),
    clock,
    log,
    jobs,
    jobEnded,
    jobsRun: () => work.committed.rows(jobRows).running().length > 0,
    stale,
    box: {
      ...box,
      /** Resolves when all zones are as the box now is. */
      async put(...given: Parameters<typeof box.put>): Promise<Box> {
        const { box: saved, job } = await box.put(...given);
        if (job !== undefined) await jobEnded(job);
        return saved;
      },
      /** Resolves while other zones wait yet, for `jobEnded`. */
      begin: (...given: Parameters<typeof box.put>) => box.put(...given),
    },
    domains: createDomainService(parts),
    records: createRecordService(parts),
    zones: createZoneService(parts),
    /** Origins of what is served. */
    origins: () => [...served.values()].map((image) => imageOrigin(image).toText()).sort(),
    served(origin: string): ZoneView | undefined {
      const image = served.get(name(origin).key);
      return image && imageView(image);
    },
    /** Puts something else in the place of a zone's sealed key, and forgets the one that is open. */
    async damageKey(origin: string, sealed: Uint8Array): Promise<void> {
      const { id } = store.read.zone(name(origin))!;
      await database.write(({ sqlite }) =>
        sqlite.prepare('UPDATE zone_keys SET private_key = ? WHERE zone_id = ?').run(sealed, id),
      );
      keys.forget();
    },
    async close(): Promise<void> {
      await jobs.stop();
      await pool.close();
      await database.close();
      if (options.data === undefined) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** A box with a hostname. */
export async function startZones(options: ZonesBoxOptions & { hostname?: string } = {}): Promise<ZonesBox> {
  const zones = openZones(options);
  await zones.box.put(person, {
    hostname: name(options.hostname ?? 'box.example.net'),
    ipv4: ['192.0.2.1'],
    ipv6: ['2001:db8::1'],
    adminEmail: undefined,
    ttl: 3600,
    secondaries: [],
    caaIssuer: 'letsencrypt.org',
  });
  return zones;
}

export function domain(
  text: string,
  more: Partial<{ mail: boolean; web: boolean; dns: 'local' | 'external' }> = {},
) {
  return { name: name(text), dns: 'local' as const, mail: true, web: true, ...more };
}
