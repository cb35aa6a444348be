import { eachStep, type Steps } from '../../core/slices.ts';
import type { Difference } from '../../dns/client/transfer-differences.ts';
import type { ResourceRecord } from '../../dns/rr.ts';

/**
 * A version with differences laid over it (RFC 1995 §4), the SOA first; undefined when they do not fit: what is removed must be there and what
 * is added must not, or the version here is not what the primary takes it for. Then the whole zone is transferred.
 */
export function* applyDifferences(
  records: readonly ResourceRecord[],
  differences: readonly Difference[],
): Steps<ResourceRecord[] | undefined> {
  const zone = new Map<string, ResourceRecord>();
  yield* eachStep(records, (record) => zone.set(identity(record), record));
  for (const { removed, added } of differences) {
    for (const record of removed) {
      if (!zone.delete(identity(record))) return undefined;
      yield;
    }
    for (const record of added) {
      if (zone.has(identity(record))) return undefined;
      zone.set(identity(record), record);
      yield;
    }
  }
  const soa = differences.at(-1)!.added[0]!;
  zone.delete(identity(soa));
  return [soa, ...zone.values()];
}

/** A TTL is no part of it: all records of an RRset have one (RFC 2181 §5.2). */
function identity({ owner, type, rdata }: ResourceRecord): string {
  return `${owner.key}/${type}/${Buffer.from(rdata).toString('latin1')}`;
}
