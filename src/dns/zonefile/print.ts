import { atOnce, sorted, type Steps } from '../../core/slices.ts';
import { printRdata, typeName } from '../rdata/registry.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';

export interface PrintOptions {
  /** Written as $ORIGIN; owners below it are relative to it. Without it every owner is absolute. */
  origin?: Name;
  /** A comment for the end of a record's line. */
  comments?: (record: ResourceRecord) => string | undefined;
}

/** Longer owners push their own line out instead of widening the column for all. */
const MAX_OWNER_COLUMN = 40;

/** One record in one line without the newline: absolute owner, TTL, class, type, rdata. */
export function printRecord(record: ResourceRecord): string {
  return `${record.owner.toString()} ${record.ttl} IN ${typeName(record.type)} ${printRdata(record.type, record.rdata)}`;
}

/**
 * A zone file that reads back as the same records: $ORIGIN and $TTL, the SOA first, then canonical order
 * (RFC 4034 §6), columns aligned, one record a line.
 */
export function printZoneFile(records: readonly ResourceRecord[], options: PrintOptions = {}): string {
  return atOnce(printing(records, options));
}

/** The same in steps. */
export function* printing(records: readonly ResourceRecord[], options: PrintOptions = {}): Steps<string> {
  const { origin, comments } = options;
  const order = yield* sorted(records, compareRecords);
  const ttl = commonTtl(records);
  const ttlText = (record: ResourceRecord): string => (record.ttl === ttl ? '' : String(record.ttl));
  const widths = { owner: 0, ttl: 0, type: 0 };
  const owners: string[] = [];
  for (const record of order) {
    const owner = printOwner(record.owner, origin);
    owners.push(owner);
    if (owner.length <= MAX_OWNER_COLUMN) widths.owner = Math.max(widths.owner, owner.length);
    widths.ttl = Math.max(widths.ttl, ttlText(record).length);
    widths.type = Math.max(widths.type, typeName(record.type).length);
    yield;
  }
  const lines = [
    ...(origin ? [`$ORIGIN ${origin.toString()}`] : []),
    ...(ttl === undefined ? [] : [`$TTL ${ttl}`]),
  ];
  for (const [index, record] of order.entries()) {
    const comment = comments?.(record);
    const columns = [
      owners[index]!.padEnd(widths.owner),
      ...(widths.ttl > 0 ? [ttlText(record).padStart(widths.ttl)] : []),
      'IN',
      typeName(record.type).padEnd(widths.type),
      printRdata(record.type, record.rdata),
      ...(comment ? [`; ${comment.replace(/\s+/g, ' ')}`] : []),
    ];
    lines.push(columns.join(' '));
    yield;
  }
  return [...lines, ''].join('\n');
}

/** The SOA, then by owner, type (RRSIGs after what they cover would split an RRset: plain numbers), rdata. */
function compareRecords(a: ResourceRecord, b: ResourceRecord): number {
  return (
    Number(b.type === Type.SOA) - Number(a.type === Type.SOA) ||
    a.owner.compare(b.owner) ||
    a.type - b.type ||
    Buffer.compare(a.rdata, b.rdata)
  );
}

/** The TTL most records have. */
function commonTtl(records: readonly ResourceRecord[]): number | undefined {
  const counts = new Map<number, number>();
  for (const { ttl } of records) counts.set(ttl, (counts.get(ttl) ?? 0) + 1);
  let common: number | undefined;
  for (const [ttl, count] of counts) if (count > (counts.get(common ?? -1) ?? 0)) common = ttl;
  return common;
}

/** Relative to the origin where that loses nothing: a different case in the shared part keeps the owner absolute. */
function printOwner(owner: Name, origin: Name | undefined): string {
  const text = owner.toString();
  if (!origin || origin.isRoot || !owner.isAtOrBelow(origin)) return text;
  const suffix = owner.wire.subarray(owner.wire.length - origin.wire.length);
  if (Buffer.compare(suffix, origin.wire) !== 0) return text;
  if (owner.wire.length === origin.wire.length) return '@';
  return text.slice(0, text.length - origin.toString().length - 1);
}
