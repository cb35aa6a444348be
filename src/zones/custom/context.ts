import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { CustomRecord, SourcedRecord } from '../model.ts';
import type { RecordsAt } from './owner-records.ts';
import type { Place } from './placement.ts';
import { resolveCustom } from './resolve.ts';
import { targetOf } from './targets.ts';

const ADDRESSES: readonly number[] = [Type.A, Type.AAAA];

/**
 * What a record is checked against. When a record replaces others, leave those out; in a batch, put in what was
 * accepted before.
 */
export interface RecordContext extends Place {
  /** The person's records at an owner. */
  customAt(owner: Name): RecordsAt;
  /** The person's records below an owner, not at it; any one hundred of them are enough. */
  customBelow(owner: Name): readonly CustomRecord[];
  /** What is derived at an owner when the person has no records there. */
  derivedAt(owner: Name): readonly SourcedRecord[];
  /** The person's MX, NS and SRV records in the zone that lead to a name; more than those do no harm. */
  pointingAt(name: Name): readonly CustomRecord[];
}

/** Of `pointingAt`, those that really lead to the name. */
export function leadingTo(context: RecordContext, name: Name): CustomRecord[] {
  return context
    .pointingAt(name)
    .filter((record) =>
      resolveCustom(record, context.box).some((rdata) => targetOf(record.type, rdata)?.equals(name)),
    );
}

/** Whether a name of the zone has an address of its own. */
export function hasAddress(context: RecordContext, name: Name): boolean {
  const custom = context.customAt(name);
  if (ADDRESSES.some((type) => custom.has(type))) return true;
  return !custom.has(Type.CNAME) && context.derivedAt(name).some(({ type }) => isAddress(type));
}

export function isAddress(type: number): boolean {
  return ADDRESSES.includes(type);
}

/** The names above `owner`, up to the zone's apex, the apex left out: where a cut could stand. */
export function* above(owner: Name, zone: Name): Generator<Name> {
  if (owner.equals(zone)) return;
  for (let at = owner.parent(); !at.equals(zone) && at.isAtOrBelow(zone); at = at.parent()) yield at;
}
