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
  const { origin, comments } = options;
  const sorted = records.toSorted(compareRecords);
  const ttl = commonTtl(records);
  const owners = sorted.map((record) => printOwner(record.owner, origin));
  const ownerWidth = columnWidth(owners, MAX_OWNER_COLUMN);
  const ttlWidth = columnWidth(sorted.map((record) => (record.ttl === ttl ? '' : String(record.ttl))));
  const typeWidth = columnWidth(sorted.map((record) => typeName(record.type)));
  const lines = sorted.map((record, index) => {
    const comment = comments?.(record);
    const columns = [
      owners[index]!.padEnd(ownerWidth),
      ...(ttlWidth > 0 ? [(record.ttl === ttl ? '' : String(record.ttl)).padStart(ttlWidth)] : []),
      'IN',
      typeName(record.type).padEnd(typeWidth),
      printRdata(record.type, record.rdata),
      ...(comment ? [`; ${comment.replace(/\s+/g, ' ')}`] : []),
    ];
    return columns.join(' ');
  });
  const head = [
    ...(origin ? [`$ORIGIN ${origin.toString()}`] : []),
    ...(ttl === undefined ? [] : [`$TTL ${ttl}`]),
  ];
  return [...head, ...lines, ''].join('\n');
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

function columnWidth(texts: readonly string[], limit = Infinity): number {
  return texts.reduce((width, text) => (text.length <= limit ? Math.max(width, text.length) : width), 0);
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
