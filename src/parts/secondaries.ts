import type { Name } from '../dns/wire/name.ts';
import type { Change } from '../work/unit-of-work.ts';
import { createCatalog } from '../zones/catalog/catalog.ts';
import { createNotifier } from '../zones/secondaries/notify.ts';
import { notifyTargets, soaOf } from '../zones/secondaries/notify-targets.ts';
import { transferPolicy } from '../zones/secondaries/policy.ts';
import { publishSecondaries } from '../zones/secondaries/publish.ts';
import { createSecondaryService } from '../zones/secondaries/service.ts';
import { secondaryRows } from '../zones/secondaries/store.ts';
import { createTsigKeys, openTsigKey } from '../zones/secondaries/tsig-keys.ts';
import { createSecondaryZones } from '../zones/secondary-zones/service.ts';
import { secondaryZoneRows } from '../zones/secondary-zones/store.ts';
import type { Store } from '../zones/store.ts';
import { createDifferences } from '../zones/transfers/differences.ts';
import { addressesOf } from './addresses-of.ts';
import type { PartOptions } from './options.ts';
import type { Publication } from './publication.ts';

export type SecondaryParts = ReturnType<typeof connectSecondaries>;

/** Who else serves the zones: what they may transfer, what they are told, and the catalog that they follow. */
export function connectSecondaries(
  options: PartOptions,
  store: Store,
  { publisher, stale }: Pick<Publication, 'publisher' | 'stale'>,
) {
  const { work, sealer, images, plane, clock, random, log } = options;
  const reads = work.committed.rows(secondaryRows);
  const zoneReads = work.committed.rows(secondaryZoneRows);
  const catalog = createCatalog({
    work,
    reads: store.read,
    zones: images.zones,
    onServed: (zone) => notifier.changed([zone]),
    clock,
    log,
  });
  const isCatalog = (zone: Name): boolean => catalog.name()?.equals(zone) ?? false;
  let targets = notifyTargets(reads, sealer, log, isCatalog);
  const notifier = createNotifier({
    targets: () => targets,
    soaOf: (zone) => soaOf(images.view(zone)),
    clock,
    random,
    log,
  });
  const policyChanged = (change: Change): void =>
    change.afterCommit(() =>
      plane.setTransfers(transferPolicy(reads, zoneReads.primaryAddresses(), sealer, log)),
    );
  const changed = (change: Change): void => {
    change.afterCommit(() => void (targets = notifyTargets(reads, sealer, log, isCatalog)));
    policyChanged(change);
    catalog.secondariesChanged(change);
  };
  const secondaries = createSecondaryService({
    work,
    reads: store.read,
    setPublished: publishSecondaries(publisher, stale),
    changed,
    catalog: () => catalog.name(),
    clock,
    random,
    onError: (error) => log.error({ err: error }, 'secondaries could not be looked at'),
  });
  /** Those of a secondary: as it was given, else as its name resolves. */
  async function addressesOfSecondary(name: Name): Promise<readonly string[]> {
    const known = await secondaries.addressesOf(name);
    return known.length > 0 ? known : addressesOf(name.toText());
  }
  const secondaryZones = createSecondaryZones({
    ...{ work, reads: zoneReads, zones: images.zones, clock, random, log },
    key(name) {
      const row = reads.key(name);
      if (!row) throw new Error(`there is no TSIG key ${name.toText()} any more`);
      return openTsigKey(sealer, row);
    },
    // Those who take them from here are told as of the zones of the box.
    onServed: (zone) => notifier.changed([zone]),
    networks: options.importNetworks ?? [],
    catalog: () => catalog.name(),
    changed: policyChanged,
  });
  return {
    catalog,
    notifier,
    secondaries,
    secondaryZones,
    addressesOfSecondary,
    differences: createDifferences({ reads: store.read, zones: images.zones, catalog, clock }),
    tsigKeys: createTsigKeys({
      ...{ work, sealer, clock, random, changed },
      zoneWith: (change, key) => change.rows(secondaryZoneRows).signedWith(key),
    }),
  };
}
