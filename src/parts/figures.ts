import { createMetrics } from '../api/metrics/metrics.ts';
import { createQueryHistory } from '../dns/server/query-history.ts';
import { createZoneFigures } from '../zones/figures.ts';
import type { Store } from '../zones/store.ts';
import type { connectCertificates } from './certificates.ts';
import type { connectRepair } from './jobs.ts';
import type { PartOptions } from './options.ts';
import type { Publication } from './publication.ts';
import type { SecondaryParts } from './secondaries.ts';

export interface Measured
  extends
    Pick<Publication, 'faults'>,
    Pick<SecondaryParts, 'catalog' | 'secondaryZones'>,
    ReturnType<typeof connectCertificates> {
  scrub: ReturnType<typeof connectRepair>;
}

/** What is counted, for `/metrics` and for the panel. */
export function connectFigures(options: PartOptions, store: Store, measured: Measured) {
  const { plane, installed, images, storage, version, clock } = options;
  const { faults, scrub, troubles, catalog, secondaryZones, certificates, hooks } = measured;
  const followed = (): number =>
    Object.values(secondaryZones.figures()).reduce((sum, count) => sum + count, 0);
  const counters = () => [...plane.counters(), plane.ownCounters()];
  const boxCertificate = () => installed.forName(store.read.box()?.hostname.toText() ?? 'localhost');
  const metrics = createMetrics(
    {
      version,
      dns: counters,
      unreadableZones: () => plane.refused().length,
      secondaryZones: () => secondaryZones.figures(),
      secondariesInTrouble: () => troubles.list().map(({ reason }) => reason),
      zonesInTrouble: () => ({ publication: faults.list().length, damage: scrub.damaged().length }),
      zones: createZoneFigures({
        reads: store.read,
        served: images.zones,
        besides: () => (catalog.name() ? 1 : 0) + followed(),
        clock,
      }),
      certificates: () => certificates.figures(),
      hooksInTrouble: () => hooks.troubles().length + hooks.refused().length,
      databaseCopiedAt: () => storage.copies()?.latest()?.at,
      boxCertificate,
    },
    clock,
  );
  return {
    metrics,
    queryHistory: createQueryHistory(counters, () => plane.zoneCounts(), clock),
    boxCertificate,
  };
}
