import { AppError } from '../../core/errors.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { DomainPart } from '../domains/parts.ts';
import { type Reads, zoneRows } from '../store.ts';
import { homeOf, topmostHomes, zoneOf } from '../topology.ts';
import { allSecondaryZones, type SecondaryZoneReads, secondaryZoneRows } from './store.ts';

type Topology = Pick<Reads, 'box' | 'domain' | 'domainsBelow'>;

/**
 * What keeps the box from being a secondary for a zone. A zone below one of its own is served as what it is, and so is one above; but what the box
 * has at its name, or below it in a zone of its own from above, would never be answered.
 */
export function collisionOf(reads: Topology, zone: Name): string | undefined {
  const text = zone.toText();
  if (homeOf(reads, zone)?.equals(zone))
    return `${text} is a domain of the box, or its own name; remove it first, or import the zone instead.`;
  const above = zoneOf(reads, zone);
  const [below] = above ? topmostHomes(reads, zone) : [];
  if (!above || !below) return undefined;
  return `${below.toText()} is in the zone ${above.toText()} of the box, and would not be found below a secondary zone ${text}; remove it first.`;
}

/** A domain must not come to where a secondary zone is. Its name may be that of one while its own DNS is elsewhere. */
export function guardSecondaryZones(): DomainPart {
  return {
    domainChanged(change, before, after) {
      if (after?.dns !== 'local' || before?.dns === 'local') return;
      refuse(change.rows(zoneRows), change.rows(secondaryZoneRows), after.name);
    },
    boxChanged(change, _before, { hostname }) {
      refuse(change.rows(zoneRows), change.rows(secondaryZoneRows), hostname);
    },
  };
}

/** @throws AppError in-use */
function refuse(reads: Topology, rows: SecondaryZoneReads, name: Name): void {
  const zone = secondaryZoneInTheWay(reads, rows, name);
  if (!zone) return;
  throw new AppError(
    'in-use',
    `${name.toText()} cannot be here beside the secondary zone ${zone.toText()}, which would answer in its place; remove that first.`,
  );
}

/** The secondary zone that would hide a new home, or one that comes into its zone. */
function secondaryZoneInTheWay(reads: Topology, rows: SecondaryZoneReads, name: Name): Name | undefined {
  if (rows.zone(name)) return name;
  const above = zoneOf(reads, name);
  if (above && !above.equals(name)) {
    for (let at = name.parent(); !at.equals(above); at = at.parent()) if (rows.zone(at)) return at;
    return undefined;
  }
  // It becomes a zone, and those below become part of it.
  if (topmostHomes(reads, name).length === 0) return undefined;
  for (const { name: zone } of allSecondaryZones(rows))
    if (zone.isAtOrBelow(name) && topmostHomes(reads, zone).length > 0) return zone;
  return undefined;
}
