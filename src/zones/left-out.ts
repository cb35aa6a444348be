import { canonicalRdata } from '../dns/rdata/registry.ts';
import type { Name } from '../dns/wire/name.ts';
import type { ZoneView } from '../dns/zone/node.ts';
import { conflict } from './custom/conflicts.ts';
import type { RecordContext } from './custom/context.ts';
import { withoutRecord } from './custom/owner-records.ts';
import { placementProblem } from './custom/placement.ts';
import { resolveCustom } from './custom/resolve.ts';
import { readValue } from './custom/value.ts';
import type { Box, CustomRecord } from './model.ts';

/**
 * Tells which of the person's records the served version of a zone does not hold. Each was right when it came in, but the box took
 * its name since, or lost its last address of a family, or a newer version knows better: the zone stays whole, and
 * the person must be told. Each owner is looked at once.
 */
export function leftOutOf(served: ZoneView | undefined, box: Box): (record: CustomRecord) => boolean {
  const owners = new Map<string, Map<number, ReadonlySet<string>>>();
  const servedAt = (owner: Name): Map<number, ReadonlySet<string>> => {
    let rrsets = owners.get(owner.key);
    if (!rrsets) owners.set(owner.key, (rrsets = rdatasOf(served?.node(owner)?.rrsets)));
    return rrsets;
  };
  return (record) => {
    const rdatas = resolveCustom(record, box);
    const there = servedAt(record.owner).get(record.type);
    return rdatas.length === 0 || !rdatas.every((rdata) => there?.has(text(record.type, rdata)));
  };
}

type RRsets = readonly { type: number; rdatas: readonly Uint8Array[] }[];

function rdatasOf(rrsets: RRsets = []): Map<number, ReadonlySet<string>> {
  return new Map(
    rrsets.map(({ type, rdatas }) => [type, new Set(rdatas.map((rdata) => text(type, rdata)))] as const),
  );
}

/** Names in rdata are compared without case. */
function text(type: number, rdata: Uint8Array): string {
  return Buffer.from(canonicalRdata(type, rdata)).toString('latin1');
}

/** Why a record is left out, in a sentence. */
export function reasonLeftOut(record: CustomRecord, context: RecordContext): string {
  const others: RecordContext = {
    ...context,
    customAt(owner) {
      const there = context.customAt(owner);
      return owner.equals(record.owner) ? withoutRecord(there, record) : there;
    },
  };
  const value = readValue(record.type, record.value, context.box);
  if (!value.ok) return `${value.message}.`;
  const message =
    placementProblem(record.type, record.owner, others)?.message ??
    conflict(record.type, record.owner, others) ??
    'Another record says the same, or cannot stand beside this one';
  return `${message}.`;
}
