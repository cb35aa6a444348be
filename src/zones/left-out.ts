import { canonicalRdata } from '../dns/rdata/registry.ts';
import type { ZoneView } from '../dns/zone/node.ts';
import { conflict } from './custom/conflicts.ts';
import type { RecordContext } from './custom/context.ts';
import { placementProblem } from './custom/placement.ts';
import { resolveCustom } from './custom/resolve.ts';
import { readValue } from './custom/value.ts';
import type { Box, CustomRecord } from './model.ts';

/**
 * The person's records that the served version of a zone does not hold. Each was right when it came in, but the box took
 * its name since, or lost its last address of a family, or a newer version knows better: the zone stays whole, and
 * the person must be told.
 */
export function leftOut(
  records: readonly CustomRecord[],
  served: ZoneView | undefined,
  box: Box,
): CustomRecord[] {
  const rrsets = new Map<string, ReadonlySet<string>>();
  const servedAt = ({ owner, type }: CustomRecord): ReadonlySet<string> => {
    const key = `${type} ${owner.key}`;
    let found = rrsets.get(key);
    if (!found) rrsets.set(key, (found = rdatasOf(type, served?.node(owner)?.rrsets)));
    return found;
  };
  return records.filter((record) => {
    const rdatas = resolveCustom(record, box);
    return rdatas.length === 0 || !rdatas.every((rdata) => servedAt(record).has(text(record.type, rdata)));
  });
}

type RRsets = readonly { type: number; rdatas: readonly Uint8Array[] }[];

function rdatasOf(type: number, rrsets: RRsets = []): ReadonlySet<string> {
  const rrset = rrsets.find((one) => one.type === type);
  return new Set(rrset?.rdatas.map((rdata) => text(type, rdata)));
}

/** Names in rdata are compared without case. */
function text(type: number, rdata: Uint8Array): string {
  return Buffer.from(canonicalRdata(type, rdata)).toString('latin1');
}

/** Why a record is left out, in a sentence. */
export function reasonLeftOut(record: CustomRecord, context: RecordContext): string {
  const others: RecordContext = {
    ...context,
    customAt: (owner) => context.customAt(owner).filter(({ id }) => id !== record.id),
  };
  const value = readValue(record.type, record.value, context.box);
  if (!value.ok) return `${value.message}.`;
  const message =
    placementProblem(record.type, record.owner, others)?.message ??
    conflict(record.type, record.owner, others) ??
    'Another record says the same, or cannot stand beside this one';
  return `${message}.`;
}
