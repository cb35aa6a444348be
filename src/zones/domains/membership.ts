import type { Name } from '../../dns/wire/name.ts';
import { hosts } from '../box-names.ts';
import type { Domain } from '../model.ts';
import type { ZoneChange } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import type { Transaction } from '../store.ts';
import { homeOf, topmostHomes, zoneOf } from '../topology.ts';
import { ownersOfDomain } from './owners.ts';

/** Takes a local domain in: into the zone above it, or as a zone of its own, which the zones below it become part of. */
export function joinZones(change: ZoneChange, sources: RecordSources, domain: Domain): void {
  const { tx } = change;
  const zone = zoneOf(tx, domain.name);
  if (zone) {
    touchAround(change, sources, zone, domain.name, () => {
      tx.putDomain(domain);
      if (tx.domain(zone)) tx.putParentState(domain.name, tx.parentState(zone));
    });
    return;
  }
  for (const below of tx.activeZonesBelow(domain.name)) change.deactivate(below);
  tx.putDomain(domain);
  // What the parents of the zones below said was about those.
  tx.putParentState(domain.name, 'unknown');
  change.activate(domain.name);
}

/**
 * Lets a local domain go, with its own records; `update` removes it or makes it external. The domains below it stay: in the
 * zone above, or in zones of their own again.
 */
export function leaveZones(
  change: ZoneChange,
  sources: RecordSources,
  domain: Name,
  update: () => void,
): void {
  const { tx } = change;
  const zone = tx.zone(zoneOf(tx, domain)!)!;
  const box = change.box();
  const isHost = box.hostname.equals(domain);
  const stays = hosts(box).some(({ hostname }) => hostname.equals(domain));
  // H stays, and so does what stands at it and below.
  const records = isHost ? [] : ownRecords(tx, domain);
  const leave = (): void => {
    for (const record of records) tx.deleteRecord(zone.id, record);
    update();
  };
  if (!zone.name.equals(domain) || stays) touchAround(change, sources, zone.name, domain, leave);
  else {
    leave();
    tx.putParentState(domain, 'unknown');
    change.deactivate(zone);
    for (const home of topmostHomes(tx, domain)) change.activate(home);
  }
}

/** Publishes what hangs on the domain as it is before `update` and after. */
export function touchAround(
  change: ZoneChange,
  sources: RecordSources,
  zone: Name,
  domain: Name,
  update: () => void,
): void {
  const row = change.tx.zone(zone)!;
  const before = ownersOfDomain(change.tx, sources, row, domain);
  update();
  const after = ownersOfDomain(change.tx, sources, row, domain);
  change.touch(zone, {
    owners: before === 'all' || after === 'all' ? 'all' : [...before, ...after],
  });
}

/** The person's records whose nearest home is this domain. */
function ownRecords(tx: Transaction, domain: Name) {
  return tx.recordsBelow(domain).filter(({ owner }) => homeOf(tx, owner)?.equals(domain));
}
