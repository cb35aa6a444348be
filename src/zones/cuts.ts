import { Type } from '../dns/type-codes.ts';
import type { CustomRecord } from './model.ts';
import { isCut, placementProblem, type Place } from './custom/placement.ts';
import { ancestry } from './owner-keys.ts';

/** Where the zone ends: owner keys of delegations (RFC 1034 §4.2) and of DNAMEs (RFC 6672 §2.4). */
export type Cuts = ReadonlyMap<string, 'delegation' | 'dname'>;

/** Where an owner stands to the highest cut at or above it. */
export type Standing = 'inside' | 'delegation' | 'below-delegation' | 'below-dname';

export function findCuts(custom: readonly CustomRecord[], place: Place): Cuts {
  const cuts = new Map<string, 'delegation' | 'dname'>();
  for (const record of custom) {
    if (!isCut(record.type) || placementProblem(record.type, record.owner, place)) continue;
    if (record.type === Type.NS) cuts.set(record.owner.key, 'delegation');
    else if (!cuts.has(record.owner.key)) cuts.set(record.owner.key, 'dname');
  }
  return cuts;
}

export function standing(key: string, cuts: Cuts): Standing {
  if (cuts.size === 0) return 'inside';
  let found: Standing = 'inside';
  for (const at of ancestry(key)) {
    const cut = cuts.get(at);
    if (cut === 'delegation') found = at === key ? 'delegation' : 'below-delegation';
    else if (cut === 'dname') found = at === key ? 'inside' : 'below-dname';
  }
  return found;
}
