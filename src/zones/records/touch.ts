import type { Name } from '../../dns/wire/name.ts';
import { nameservers } from '../box-names.ts';
import { affectedOwners, compose } from '../compose.ts';
import { below } from '../derive/rule.ts';
import type { CustomRecord } from '../model.ts';
import type { ZoneChange } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import { zoneInput } from '../publisher/zone-input.ts';
import type { ZoneRow } from '../store.ts';

/** Publishes what hangs on a record that came or went. */
export function touchRecord(
  change: ZoneChange,
  sources: RecordSources,
  zone: ZoneRow,
  { owner, type }: CustomRecord,
): void {
  const affected = affectedOwners(owner, [type]);
  const owners = affected === 'all' ? ownersBelow(change, sources, zone, owner) : affected;
  change.touch(zone.name, {
    owners: owners === 'all' ? 'all' : owners.filter((name) => name.isAtOrBelow(zone.name)),
  });
}

/** The owners at and below a cut, whether it hides them or not: those of the person's records, and those that the box derives. */
function ownersBelow(
  change: ZoneChange,
  sources: RecordSources,
  zone: ZoneRow,
  cut: Name,
): readonly Name[] | 'all' {
  const { tx } = change;
  const box = change.box();
  // There the box vouches for other domains: for how many is not to be asked here.
  const vouching = [box.hostname, ...nameservers(box)];
  if (vouching.some((name) => name.isAtOrBelow(cut) || cut.isAtOrBelow(name))) return 'all';
  const acmeChallenges = sources.acmeChallenges(tx, zone.name, undefined);
  const input = { ...zoneInput(tx, sources, box, zone, 0, [cut]), acmeChallenges, custom: [] };
  const derived = compose(input).map(({ owner }) => owner);
  const custom = tx.recordsBelow(cut).map(({ owner }) => owner);
  const owners = new Map([cut, ...derived, ...custom].map((name) => [name.key, name]));
  // Addresses without mail have a DMARC policy below them.
  for (const name of [...owners.values()]) {
    const policy = below('_dmarc', name);
    if (policy) owners.set(policy.key, policy);
  }
  return [...owners.values()].filter((name) => name.isAtOrBelow(cut));
}
