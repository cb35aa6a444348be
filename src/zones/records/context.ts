import type { Steps } from '../../core/slices.ts';
import type { Name } from '../../dns/wire/name.ts';
import { compose } from '../compose.ts';
import { ENOUGH, growingContext, type GrowingContext } from '../custom/growing-context.ts';
import type { Box, CustomRecord, Domain } from '../model.ts';
import type { RecordSources } from '../publisher/sources.ts';
import { localDomains, zoneInput } from '../publisher/zone-input.ts';
import type { Reads, RecordPlace, ZoneRow } from '../store.ts';

/** By the key of a name, a record of the person's that leads to it. */
export type Pointers = ReadonlyMap<string, CustomRecord>;

/**
 * What records are checked against, read from the store as the checks ask for it: what is there now, and what is taken later. `pointers`
 * are those to the names that might lose their addresses or become aliases.
 */
export function recordContext(
  reads: Reads,
  sources: RecordSources,
  box: Box,
  zone: ZoneRow,
  pointers: Pointers = new Map(),
): GrowingContext {
  return growingContext({
    zone: zone.name,
    box,
    domains: { at: (name) => localDomain(reads, name), below: domainsBelow(reads) },
    customAt: (owner) => reads.recordsAt(owner),
    customBelow: (owner) => recordsBelow(reads, owner),
    derivedAt(owner) {
      if (!owner.isAtOrBelow(zone.name)) return [];
      const input = zoneInput(reads, sources, box, zone, 0, [owner]);
      return compose({ ...input, custom: [] }, new Set([owner.key]));
    },
    pointingAt(name) {
      const pointer = pointers.get(name.key);
      return pointer ? [pointer] : [];
    },
  });
}

function localDomain(reads: Reads, name: Name): Domain | undefined {
  const domain = reads.domain(name);
  return domain?.dns === 'local' ? domain : undefined;
}

/** One of the local domains at or below a name; of a batch, many may ask for the same one. */
function domainsBelow(reads: Reads): (name: Name) => Domain | undefined {
  const found = new Map<string, Domain | undefined>();
  return (name) => {
    if (!found.has(name.key)) found.set(name.key, localDomains(reads, name)[0]);
    return found.get(name.key);
  };
}

/** Below a name, not at it: as many as the checks want to see. */
export function recordsBelow(reads: Reads, owner: Name): CustomRecord[] {
  return reads.recordsBelow(owner, { after: endOf(owner), limit: ENOUGH });
}

/** Behind all records at an owner: types have 16 bits. */
function endOf(owner: Name): RecordPlace {
  return { owner, type: 0x1_0000, value: '', id: '' };
}

/** For each of the names, a record in the zone that leads to it. */
export function* pointersTo(reads: Reads, zone: Name, names: readonly Name[]): Steps<Pointers> {
  const found = new Map<string, CustomRecord>();
  for (const name of names) {
    const [record] = reads.recordsTo(name, zone, 1);
    if (record) found.set(name.key, record);
    yield;
  }
  return found;
}
