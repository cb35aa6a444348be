import type { Name } from '../../dns/wire/name.ts';
import type { CustomRecord, SourcedRecord } from '../model.ts';
import { above, isAddress, type RecordContext } from './context.ts';
import { OwnerRecords } from './owner-records.ts';
import type { Place } from './placement.ts';
import { resolveCustom } from './resolve.ts';
import { pointsToHost, targetOf } from './targets.ts';

/** Of the records below a name, or leading to one, as many as the checks want to see. */
export const ENOUGH = 100;

/** What is there before anything is taken. */
export interface Before extends Place {
  customAt(owner: Name): readonly CustomRecord[];
  customBelow(owner: Name): readonly CustomRecord[];
  pointingAt(name: Name): readonly CustomRecord[];
  derivedAt(owner: Name): readonly SourcedRecord[];
}

/** A context that grows with every record taken: all look-ups are by key, so that the cost is that of the records looked at. */
export interface GrowingContext extends RecordContext {
  customAt(owner: Name): OwnerRecords;
  take(record: CustomRecord): void;
}

export function growingContext(before: Before): GrowingContext {
  const { zone, box } = before;
  const owners = new Map<string, OwnerRecords>();
  const derived = new Map<string, readonly SourcedRecord[]>();
  const belowBefore = new Map<string, readonly CustomRecord[]>();
  const below = new Map<string, CustomRecord[]>();
  const pointing = new Map<string, CustomRecord[]>();
  const customAt = (owner: Name): OwnerRecords =>
    known(owners, owner, () => new OwnerRecords(box, before.customAt(owner)));

  return {
    zone,
    box,
    domains: before.domains,
    customAt,
    customBelow: (owner) => [
      ...known(belowBefore, owner, () => before.customBelow(owner)),
      ...(below.get(owner.key) ?? []),
    ],
    pointingAt: (name) => [...before.pointingAt(name), ...(pointing.get(name.key) ?? [])],
    derivedAt: (owner) => known(derived, owner, () => before.derivedAt(owner)),
    take(record) {
      customAt(record.owner).take(record);
      for (const name of above(record.owner, zone)) note(known(below, name, none), record);
      if (!pointsToHost(record.type)) return;
      for (const rdata of resolveCustom(record, box)) {
        const target = targetOf(record.type, rdata);
        if (target) note(known(pointing, target, none), record);
      }
    },
  };
}

function known<T>(found: Map<string, T>, name: Name, find: () => T): T {
  let value = found.get(name.key);
  if (value === undefined) found.set(name.key, (value = find()));
  return value;
}

function none(): CustomRecord[] {
  return [];
}

/** Addresses do the least harm: when there are enough of them, they give way to others. */
function note(list: CustomRecord[], record: CustomRecord): void {
  if (list.length < ENOUGH) list.push(record);
  else if (!isAddress(record.type)) list[0] = record;
}
