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
    Pick<SecondaryParts, 'catalog'>,
    ReturnType<typeof connectCertificates> {
  scrub: ReturnType<typeof connectRepair>;
}

/** What is counted, for `/metrics` and for the panel. */
export function connectFigures(options: PartOptions, store: Store, measured: Measured) {
  const { plane, installed, images, storage, version, clock } = options;
  const { faults, scrub, troubles, catalog, certificates, hooks } = measured;
  const counters = () => [...plane.counters(), plane.ownCounters()];
  const boxCertificate = () => installed.forName(store.read.box()?.hostname.toText() ?? 'localhost');
  const metrics = createMetrics(
    {
      version,
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
