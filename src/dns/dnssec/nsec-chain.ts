import { Type } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';
import type { Draft } from './draft.ts';

/**
 * Whether `owner` has an NSEC: it has RRsets and no cut above it. Empty non-terminals have none (RFC 4035 §2.3), delegation
 * points do.
 */
function hasNsec(draft: Draft, owner: Name): boolean {
  const content = draft.content(owner);
  return content !== undefined && content.length > 0 && !draft.isBelowCut(owner);
}

/** Owners with the next one that the NSEC of each names, at the same index; undefined for those that have no NSEC. */
export interface NsecLinks {
  owners: readonly Name[];
  next: readonly (Name | undefined)[];
}

/** The NSEC chain of a whole zone. `names` in canonical order. */
export function wholeNsecChain(draft: Draft, names: readonly Name[]): NsecLinks {
  const next = new Array<Name | undefined>(names.length);
  let following = draft.origin;
  for (let i = names.length - 1; i >= 0; i--) {
    const owner = names[i]!;
    if (!hasNsec(draft, owner)) continue;
    next[i] = following;
    following = owner;
  }
  return { owners: names, next };
}

/**
 * The links of the chain that changes of the `names` (in canonical order) reach: theirs, and those of the owners that come
 * before one that enters or leaves the chain.
 */
export function changedNsecLinks(draft: Draft, names: readonly Name[]): NsecLinks {
  const owners = [...names, ...predecessors(draft, names)].sort((a, b) => a.compare(b));
  const next = new Array<Name | undefined>(owners.length);
  // Names without NSEC, with the owner that follows them: so that a long run of removed names is walked once.
  const skip = new Map<string, Name>();
  for (let i = owners.length - 1; i >= 0; i--) {
    const owner = owners[i]!;
    let following = draft.next(owner);
    while (!hasNsec(draft, following)) following = skip.get(following.key) ?? draft.next(following);
    if (hasNsec(draft, owner)) next[i] = following;
    else skip.set(owner.key, following);
  }
  return { owners, next };
}

/** The owners of the served version, not among `names`, whose next name enters or leaves the chain. */
function predecessors(draft: Draft, names: readonly Name[]): Name[] {
  const { view } = draft;
  if (!view) return [];
  const given = new Set(names.map((name) => name.key));
  const found = new Map<string, Name>();
  const skip = new Map<string, Name>();
  for (const owner of names) {
    const had = view.node(owner)?.rrsets.some((rrset) => rrset.type === Type.NSEC) ?? false;
    const has = hasNsec(draft, owner);
    if (had && has) continue;
    let before = view.previous(owner).owner;
    while (!hasNsec(draft, before)) before = skip.get(before.key) ?? view.previous(before).owner;
    if (!has) skip.set(owner.key, before);
    if (had !== has && !given.has(before.key)) found.set(before.key, before);
  }
  return [...found.values()];
}
