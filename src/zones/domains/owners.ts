import type { Name } from '../../dns/wire/name.ts';
import { compose } from '../compose.ts';
import { isCut } from '../custom/placement.ts';
import { configuredBox } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import { zoneInput } from '../publisher/zone-input.ts';
import type { Reads, ZoneRow } from '../store.ts';

/**
 * The owners in a zone whose records can hang on what a domain is: those that it has now, at and below its name. Asked before
 * and after a change, the two together are what is to be published.
 */
export function ownersOfDomain(
  reads: Reads,
  sources: RecordSources,
  zone: ZoneRow,
  domain: Name,
): Name[] | 'all' {
  const input = zoneInput(reads, sources, configuredBox(reads), zone, 0, [domain]);
  // The domain keeps a cut of the person's above it from counting, so that it decides about names beside its own too.
  if (input.custom.some((record) => isCut(record.type))) return 'all';
  const composed = compose({ ...input, custom: reads.recordsBelow(domain) });
  const owners = new Map(composed.map(({ owner }) => [owner.key, owner]));
  return [...owners.values()].filter((owner) => owner.isAtOrBelow(domain));
}
