import type { Clock } from '../../core/clock.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Forgotten, Keeper } from '../../work/history.ts';
import type { Change } from '../../work/unit-of-work.ts';
import type { PurgePart } from '../domains/parts.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Retention } from '../model.ts';
import { type Transaction, zoneRows } from '../store.ts';
import { forgetRecordChanges } from './record-changes.ts';

/** Rows that go in one change: the large ones are versions. */
const ROWS = 200;
const VERSIONS = 10;

export interface PurgeOptions {
  retention: () => Retention;
  keys: Pick<KeyRing, 'forget'>;
  /** Parts that keep something of zones that are gone. */
  parts: readonly PurgePart[];
  clock: Clock;
}

/**
 * Deletes what is kept of zones that have not been served for long: first they lose their name, so that a domain which comes back
 * meanwhile begins anew, then their rows go, a few in each change. The serial stays (RFC 1982): it never goes back.
 */
export function purgeKeeper(options: PurgeOptions): Keeper {
  return {
    what: 'removed zones',
    forget(change) {
      const tx = change.rows(zoneRows);
      const purging = tx.purgingZone();
      if (purging !== undefined) return purgeSome(change, tx, purging, options);
      return begin(change, tx, options);
    },
  };
}

function begin(change: Change, tx: Transaction, { retention, parts, clock }: PurgeOptions): Forgotten {
  const { removedZones } = retention();
  if (removedZones === undefined) return { dropped: 0, more: false };
  const zone = tx.removedZone(toRfc3339(clock.now() - removedZones * 1000));
  if (!zone) return { dropped: 0, more: false };
  tx.beginPurge(zone);
  for (const part of parts) part.zonePurged(change, zone.name);
  change.audit('zone.purge', zone.name.toText(), {});
  return { dropped: 0, more: true };
}

function purgeSome(change: Change, tx: Transaction, zoneId: number, { keys }: PurgeOptions): Forgotten {
  const nodes = tx.purgeNodes(zoneId, ROWS);
  if (nodes > 0) return { dropped: nodes, more: true };
  const versions = tx.dropVersions(zoneId, { through: Number.MAX_SAFE_INTEGER, atLeast: 0, limit: VERSIONS });
  if (versions > 0) return { dropped: versions, more: true };
  const { dropped, more } = forgetRecordChanges(tx, zoneId);
  if (more) return { dropped, more };
  const ids = tx.keys(zoneId).map(({ id }) => id);
  tx.endPurge(zoneId);
  change.afterCommit(() => keys.forget(ids));
  // The zone itself.
  return { dropped: dropped + ids.length + 1, more: true };
}
