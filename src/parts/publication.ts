import { certificateFacts } from '../certs/published/facts.ts';
import { certificateRows } from '../certs/store.ts';
import { programBeside } from '../core/program.ts';
import { createSignPool } from '../dns/dnssec/sign-pool.ts';
import { boxPolicy, mtaStsPolicy, mtaStsPolicyId } from '../mail/discovery/mta-sts.ts';
import { recordKeys } from '../mail/dkim/keys.ts';
import { dkimRows } from '../mail/dkim/store.ts';
import type { Actor } from '../work/actor.ts';
import type { Jobs } from '../work/job-runner.ts';
import { readSshFingerprints } from '../zones/box/ssh-host-keys.ts';
import type { Catalog } from '../zones/catalog/catalog.ts';
import { createZoneFaults } from '../zones/faults.ts';
import { createKeyRing } from '../zones/keys/key-ring.ts';
import { zonePublisher } from '../zones/publisher/publish-zone.ts';
import { createPublisher, type LiveChange } from '../zones/publisher/publisher.ts';
import type { RecordSources } from '../zones/publisher/sources.ts';
import { createStaleZones } from '../zones/stale/service.ts';
import type { Store } from '../zones/store.ts';
import { hostZone } from '../zones/topology.ts';
import type { PartOptions } from './options.ts';

/** What publishing needs of parts that are connected after it. */
export interface PublicationLinks {
  catalog(): Pick<Catalog, 'publish'>;
  jobs(): Pick<Jobs, 'begin'>;
  onLive(change: LiveChange): void;
}

export type Publication = ReturnType<typeof connectPublication>;

const sshFolder = '/etc/ssh';

/** What makes versions of zones of a change, and sees to those that could not be made. */
export function connectPublication(options: PartOptions, store: Store, links: PublicationLinks) {
  const { work, events, sealer, images, plane, clock, random, log } = options;
  const pool = createSignPool({
    clock,
    program: programBeside(import.meta.url, '../native/sign-worker'),
    onSlow: (problem) => log.warn({ err: problem }, 'signing with node:crypto, which takes a quarter longer'),
  });
  const keys = createKeyRing(sealer, (keyId) => options.storage.keysInCopies(keyId));
  let sshFingerprints = readSshFingerprints(sshFolder);
  const sources: RecordSources = {
    dkimKeys: (state, domains) => recordKeys(state.rows(dkimRows), domains),
    sshFingerprints: () => sshFingerprints,
    certificates: certificateFacts({
      directory: options.acme.directory,
      policyId: (_domain, { hostname }) => mtaStsPolicyId(mtaStsPolicy(boxPolicy(hostname))),
    }),
    acmeChallenges: (state, zone, owners) => state.rows(certificateRows).challengesAt(zone, owners),
  };
  const faults = createZoneFaults({ events, clock, log });
  const publisher = createPublisher({
    work,
    publishZone: zonePublisher({ keys, sources, memory: images.zones.memory, pool, clock, random }),
    keys,
    images,
    dataPlane: plane,
    members: { publish: (...change) => links.catalog().publish(...change) },
    onLive: (change) => links.onLive(change),
    onFailed: (zone, publish, error) => faults.failed(zone, publish, error),
    clock,
    log,
  });
  const stale = createStaleZones({
    work,
    publisher,
    sources,
    faults,
    begin: (...job) => links.jobs().begin(...job),
    clock,
    log,
  });
  /** Reads the SSH host keys again, and publishes H's zone if that changes it. */
  async function refreshHost(actor: Actor): Promise<void> {
    sshFingerprints = readSshFingerprints(sshFolder);
    if (!store.read.box()) return;
    await publisher.change({ actor, cause: 'host keys read' }, (change) =>
      change.touch(hostZone(change.tx, change.box()), { owners: [change.box().hostname] }),
    );
  }
  return { pool, keys, sources, faults, publisher, stale, refreshHost };
}
