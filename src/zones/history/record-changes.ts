import type { Name } from '../../dns/wire/name.ts';
import type { Transaction } from '../store.ts';

/** Rows that are looked at in one change. */
const ROWS = 200;

/**
 * Forgets the changes of the person's records that no version of a zone needs any more: those up to the oldest version that is kept.
 * Zones split and join, so another zone above the owner may still need one, and has it from now on: it sees to it when its own versions go.
 * @returns rows that were seen to; as many as there may be in one change when there are more
 */
export function forgetRecordChanges(tx: Transaction, zoneId: number): { dropped: number; more: boolean } {
  const rows = tx.recordChangesOf(zoneId, neededSince(tx, zoneId), ROWS);
  const since = new Map<string, { id: number; since: number } | undefined>();
  const zoneAt = (name: Name): { id: number; since: number } | undefined => {
    if (!since.has(name.key)) {
      const zone = tx.zone(name);
      since.set(name.key, zone && { id: zone.id, since: neededSince(tx, zone.id) });
    }
    return since.get(name.key);
  };
  let dropped = 0;
  for (const { id, owner } of rows) {
    const heir = zonesAbove(owner, zoneAt).find((zone) => zone.id !== zoneId && zone.since < id);
    if (heir) tx.giveRecordChange(id, heir.id);
    else {
      tx.deleteRecordChange(id);
      dropped++;
    }
  }
  return { dropped, more: rows.length === ROWS };
}

/** Changes after this one are needed for the way back to the versions of a zone; none without versions. */
function neededSince(tx: Transaction, zoneId: number): number {
  return tx.oldestVersion(zoneId)?.changeId ?? Number.MAX_SAFE_INTEGER;
}

function zonesAbove<T>(owner: Name, zoneAt: (name: Name) => T | undefined): T[] {
  const zones: T[] = [];
  for (let at = owner; !at.isRoot; at = at.parent()) {
    const zone = zoneAt(at);
    if (zone) zones.push(zone);
  }
  return zones;
}
