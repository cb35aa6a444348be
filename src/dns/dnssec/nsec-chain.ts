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

/** The NSEC chain of a whole zone: each owner's next one, by key of the owner. `names` in canonical order. */
export function wholeNsecChain(draft: Draft, names: readonly Name[]): Map<string, Name> {
  const next = new Map<string, Name>();
  let following = draft.origin;
  for (const owner of names.toReversed()) {
    if (!hasNsec(draft, owner)) continue;
    next.set(owner.key, following);
    following = owner;
  }
  return next;
}

/**
 * The links of the chain that changes of the `names` (in canonical order) reach: theirs, and those of the owners that come
 * before one that enters or leaves the chain. Each owner's next one, by key; `owners` are those that were not in `names`.
 */
export function changedNsecLinks(
  draft: Draft,
  names: readonly Name[],
): { next: Map<string, Name>; owners: Name[] } {
  const owners = predecessors(draft, names);
  const all = [...names, ...owners].sort((a, b) => a.compare(b));
  const next = new Map<string, Name>();
  // Names without NSEC, with the owner that follows them: so that a long run of removed names is walked once.
  const skip = new Map<string, Name>();
  for (const owner of all.toReversed()) {
    let following = draft.next(owner);
    while (!hasNsec(draft, following)) following = skip.get(following.key) ?? draft.next(following);
    (hasNsec(draft, owner) ? next : skip).set(owner.key, following);
  }
  return { next, owners };
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
