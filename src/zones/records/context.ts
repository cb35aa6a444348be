import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { compose } from '../compose.ts';
import type { RecordContext } from '../custom/context.ts';
import { pointsToHost } from '../custom/targets.ts';
import type { Box, Domain } from '../model.ts';
import type { RecordSources } from '../publisher/sources.ts';
import { localDomains, zoneInput } from '../publisher/zone-input.ts';
import type { Reads, ZoneRow } from '../store.ts';

/** Of the records below a name, as many as the checks want to see. */
const BELOW = 100;
const FEW = 20;
const POINTING = Object.values(Type).filter(pointsToHost);

/** What records at `owners` are checked against, read from the store as the checks ask for it. */
export function recordContext(
  reads: Reads,
  sources: RecordSources,
  box: Box,
  zone: ZoneRow,
  owners: readonly Name[],
): RecordContext {
  const domains = new Map<string, Domain>();
  // Around a few owners, or around all of a batch at once.
  const places = owners.length > FEW ? [zone.name] : owners.filter((name) => name.isAtOrBelow(zone.name));
  for (const owner of places)
    for (const domain of localDomains(reads, owner)) domains.set(domain.name.key, domain);
  return {
    zone: zone.name,
    box,
    domains: [...domains.values()],
    customAt: (owner) => reads.recordsAt(owner),
    customBelow: (owner) =>
      reads
        .recordsBelow(owner, { after: undefined, limit: BELOW + reads.recordsAt(owner).length })
        .filter((record) => !record.owner.equals(owner)),
    derivedAt(owner) {
      if (!owner.isAtOrBelow(zone.name)) return [];
      const input = zoneInput(reads, sources, box, zone, 0, [owner]);
      return compose({ ...input, custom: [] }, new Set([owner.key]));
    },
    pointingAt: () => reads.recordsOfTypes(zone.name, POINTING),
  };
}
