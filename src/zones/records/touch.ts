import type { Steps } from '../../core/slices.ts';
import type { Name } from '../../dns/wire/name.ts';
import { hosts, namesOf, nameservers } from '../box-names.ts';
import { affectedOwners, compose } from '../compose.ts';
import { below } from '../derive/rule.ts';
import type { Box, CustomRecord } from '../model.ts';
import { ancestry } from '../owner-keys.ts';
import type { ZoneChange } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import { zoneInput } from '../publisher/zone-input.ts';
import type { ZoneRow } from '../store.ts';

/** Cuts that are looked below in one step. */
const CUTS = 50;

/** Publishes what hangs on records that came or went. To be called when all of them have: it looks at what there is then. */
export function* touchRecords(
  change: ZoneChange,
  sources: RecordSources,
  zone: ZoneRow,
  records: Iterable<Pick<CustomRecord, 'owner' | 'type'>>,
): Steps<void> {
  const cuts: Name[] = [];
  for (const { owner, types } of typesByOwner(records)) {
    const owners = affectedOwners(owner, types);
    if (owners === 'all') cuts.push(owner);
    else change.touch(zone.name, { owners: owners.filter((name) => name.isAtOrBelow(zone.name)) });
    yield;
  }
  if (cuts.some((cut) => isVouching(change.box(), cut))) {
    change.touch(zone.name, { owners: 'all' });
    return;
  }
  for (let at = 0; at < cuts.length; at += CUTS) {
    change.touch(zone.name, { owners: ownersBelow(change, sources, zone, cuts.slice(at, at + CUTS)) });
    yield;
  }
}

function typesByOwner(
  records: Iterable<Pick<CustomRecord, 'owner' | 'type'>>,
): { owner: Name; types: number[] }[] {
  const owners = new Map<string, { owner: Name; types: Set<number> }>();
  for (const { owner, type } of records) {
    const known = owners.get(owner.key);
    if (known) known.types.add(type);
    else owners.set(owner.key, { owner, types: new Set([type]) });
  }
  return [...owners.values()].map(({ owner, types }) => ({ owner, types: [...types] }));
}

/** Whether the box vouches for other domains above or below: for how many is not to be asked here. */
function isVouching(box: Box, cut: Name): boolean {
  return [...hosts(box).flatMap(namesOf), ...nameservers(box)].some(
    (name) => name.isAtOrBelow(cut) || cut.isAtOrBelow(name),
  );
}

/** The owners at and below cuts, whether they hide them or not: those of the person's records, and those that the box derives. */
function ownersBelow(
  change: ZoneChange,
  sources: RecordSources,
  zone: ZoneRow,
  cuts: readonly Name[],
): Name[] {
  const { tx } = change;
  const acmeChallenges = sources.acmeChallenges(tx, zone.name, undefined);
  const input = { ...zoneInput(tx, sources, change.box(), zone, 0, cuts), acmeChallenges, custom: [] };
  const wanted = new Set(cuts.map(({ key }) => key));
  const derived = compose(input)
    .map(({ owner }) => owner)
    .filter(({ key }) => ancestry(key).some((above) => wanted.has(above)));
  const custom = cuts.flatMap((cut) => tx.recordsBelow(cut)).map(({ owner }) => owner);
  const owners = new Map([...cuts, ...derived, ...custom].map((name) => [name.key, name]));
  // Addresses without mail have a DMARC policy below them.
  for (const name of [...owners.values()]) {
    const policy = below('_dmarc', name);
    if (policy) owners.set(policy.key, policy);
  }
  return [...owners.values()];
}
