import type { ResourceRecord } from '../rr.ts';
import type { Name } from '../wire/name.ts';
import { isLaterSerial } from '../wire/serial.ts';
import type { TransferFailure } from './transfer.ts';
import {
  type Collector,
  type CurrentZone,
  isSoaOf,
  malformed,
  plain,
  serialOf,
  tooLarge,
  type TransferredZone,
  wholeZone,
} from './transfer-whole.ts';

/** What leads from one version of a zone to the next: in both lists the SOA stands first. */
export interface Difference {
  removed: ResourceRecord[];
  added: ResourceRecord[];
}

export interface TransferredDifferences {
  kind: 'differences';
  /** Each begins where the one before ends; the oldest first. */
  differences: Difference[];
}

/**
 * The answer to IXFR (RFC 1995 §4), by its first two records: the SOA alone, when there is nothing later; then the SOA of the version that is here,
 * and differences; else the whole zone.
 */
export function zoneDifferences(
  zone: Name,
  limit: number,
  since: ResourceRecord,
): Collector<TransferredZone | TransferredDifferences | CurrentZone> {
  let newest: ResourceRecord | undefined;
  let current: CurrentZone | undefined;
  let following: Collector<TransferredZone | TransferredDifferences> | undefined;
  return {
    get result() {
      return current ?? following?.result;
    },
    take(record) {
      if (current) return undefined;
      if (following) return following.take(record);
      if (!newest) {
        if (!isSoaOf(record, zone)) return malformed('the first record is not the SOA of the zone');
        newest = plain(record);
        const serial = serialOf(record);
        if (!isLaterSerial(serial, serialOf(since))) current = { kind: 'current', serial };
        return undefined;
      }
      if (isSoaOf(record, zone) && serialOf(record) === serialOf(since))
        following = chain(zone, limit, newest);
      else {
        following = wholeZone(zone, limit);
        following.take(newest);
      }
      return following.take(record);
    },
  };
}

/** Differences one after the other: old SOA, what is removed, new SOA, what is added; behind the last one its SOA once more. */
function chain(zone: Name, limit: number, newest: ResourceRecord): Collector<TransferredDifferences> {
  const differences: Difference[] = [];
  let adding = false;
  let count = 0;
  let result: TransferredDifferences | undefined;
  const takeSoa = (record: ResourceRecord): TransferFailure | undefined => {
    const last = differences.at(-1);
    if (last && !adding) {
      if (!isLaterSerial(serialOf(record), serialOf(last.removed[0]!)))
        return malformed('a difference leads to an earlier version');
      last.added.push(plain(record));
      adding = true;
      return undefined;
    }
    const before = last?.added[0];
    if (before && Buffer.compare(before.rdata, newest.rdata) === 0) {
      result = { kind: 'differences', differences };
      return Buffer.compare(record.rdata, newest.rdata) === 0
        ? undefined
        : malformed('the SOA at the end is not that of the beginning');
    }
    if (before && serialOf(before) !== serialOf(record))
      return malformed('a difference does not begin where the one before ends');
    differences.push({ removed: [plain(record)], added: [] });
    adding = false;
    return undefined;
  };
  return {
    get result() {
      return result;
    },
    take(record) {
      if (result) return malformed('records follow the SOA that ends the differences');
      if (++count > limit) return tooLarge(zone, limit, 'changes');
      if (isSoaOf(record, zone)) return takeSoa(record);
      if (!record.owner.isAtOrBelow(zone)) return undefined;
      differences.at(-1)![adding ? 'added' : 'removed'].push(plain(record));
      return undefined;
    },
  };
}
