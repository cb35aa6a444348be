import { fromWire } from '../rdata/registry.ts';
import { soa } from '../rdata/soa.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';
import { isLaterSerial } from '../wire/serial.ts';
import type { TransferFailure } from './transfer.ts';

export interface TransferredZone {
  kind: 'zone';
  /** The SOA first, and not again at the end. */
  records: ResourceRecord[];
  /** Records outside the zone, which no secondary takes. */
  skipped: number;
}

/** The server has nothing later than what is here. */
export interface CurrentZone {
  kind: 'current';
  /** Of its version. */
  serial: number;
}

/** Takes the records of a transfer, one after the other. */
export interface Collector<T> {
  /** What is wrong with the transfer, once something is. */
  take(record: ResourceRecord): TransferFailure | undefined;
  /** What it came to, once that is known. */
  readonly result: T | undefined;
}

/**
 * RFC 5936 §2.2: the SOA is the first record and, once more, the last. With the SOA of the version that is here, the first one settles it when it is
 * no later.
 */
export function wholeZone(zone: Name, limit: number): Collector<TransferredZone>;
export function wholeZone(
  zone: Name,
  limit: number,
  since: ResourceRecord,
): Collector<TransferredZone | CurrentZone>;
export function wholeZone(
  zone: Name,
  limit: number,
  since?: ResourceRecord,
): Collector<TransferredZone | CurrentZone> {
  const records: ResourceRecord[] = [];
  let skipped = 0;
  let result: TransferredZone | CurrentZone | undefined;
  return {
    get result() {
      return result;
    },
    take(record) {
      // The server goes on with what nobody wants.
      if (result?.kind === 'current') return undefined;
      if (result) return malformed('records follow the SOA that ends the zone');
      const isSoa = isSoaOf(record, zone);
      const [first] = records;
      if (!first) {
        if (!isSoa) return malformed('the first record is not the SOA of the zone');
        if (since && !isLaterSerial(serialOf(record), serialOf(since))) {
          result = { kind: 'current', serial: serialOf(record) };
          return undefined;
        }
      } else if (isSoa) {
        result = { kind: 'zone', records, skipped };
        return Buffer.compare(first.rdata, record.rdata) === 0
          ? undefined
          : malformed('the SOA at the end is not that of the beginning: the zone changed meanwhile');
      }
      if (!record.owner.isAtOrBelow(zone)) skipped++;
      else if (records.length >= limit) return tooLarge(zone, limit, 'records');
      else records.push(plain(record));
      return undefined;
    },
  };
}

/** Without its class. */
export function plain({ owner, type, ttl, rdata }: ResourceRecord): ResourceRecord {
  return { owner, type, ttl, rdata };
}

export function isSoaOf({ type, owner }: ResourceRecord, zone: Name): boolean {
  return type === Type.SOA && owner.equals(zone);
}

export function serialOf({ rdata }: ResourceRecord): number {
  return fromWire(soa, rdata).serial;
}

export function tooLarge(zone: Name, limit: number, what: string): TransferFailure {
  return { kind: 'too-large', message: `${zone.toText()} has more than ${limit} ${what}` };
}

export function malformed(message: string): TransferFailure {
  return { kind: 'malformed', message };
}
