import { sorted, type Steps } from '../../core/slices.ts';
import { Type } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';
import type { ZoneView } from '../zone/node.ts';
import type { Draft } from './draft.ts';

/**
 * Whether `owner` has an NSEC: it has RRsets and no cut above it. Empty non-terminals have none (RFC 4035 §2.3), delegation
 * points do.
 */
function hasNsec(draft: Draft, owner: Name): boolean {
  const content = draft.content(owner);
  return content !== undefined && content.length > 0 && !draft.cutAbove(owner);
}

/** Owners with the next one that the NSEC of each names, at the same index; undefined for those that have no NSEC. */
export interface NsecLinks {
  owners: readonly Name[];
  next: readonly (Name | undefined)[];
}

/** The NSEC chain of a whole zone. `names` in canonical order. */
export function* wholeNsecChain(draft: Draft, names: readonly Name[]): Steps<NsecLinks> {
  const next = new Array<Name | undefined>(names.length);
  let following = draft.origin;
  for (let i = names.length - 1; i >= 0; i--) {
    const owner = names[i]!;
    yield;
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
export function* changedNsecLinks(draft: Draft, names: readonly Name[]): Steps<NsecLinks> {
  const found = yield* predecessors(draft, names);
  const owners = yield* sorted([...names, ...found], (a, b) => a.compare(b));
  const next = new Array<Name | undefined>(owners.length);
  // Names without NSEC, with the owner that follows them: so that a long run of removed names is walked once.
  const skip = new Map<string, Name>();
  for (let i = owners.length - 1; i >= 0; i--) {
    const owner = owners[i]!;
    let following = draft.next(owner);
    while (!hasNsec(draft, following)) following = skip.get(following.key) ?? nextCandidate(draft, following);
    if (hasNsec(draft, owner)) next[i] = following;
    else skip.set(owner.key, following);
    yield;
  }
  return { owners, next };
}

/** The name to try after one without NSEC: of the glue below a cut, of which there may be very much, none has one. */
function nextCandidate(draft: Draft, name: Name): Name {
  const cut = draft.cutAbove(name);
  return cut ? draft.nextBeyond(cut) : draft.next(name);
}

/** The owners of the served version, not among `names`, whose next name enters or leaves the chain. */
function* predecessors(draft: Draft, names: readonly Name[]): Steps<Name[]> {
  const { view } = draft;
  if (!view) return [];
  const given = new Set(names.map((name) => name.key));
  const found = new Map<string, Name>();
  const skip = new Map<string, Name>();
  for (const owner of names) {
    yield;
    const had = view.node(owner)?.rrsets.some((rrset) => rrset.type === Type.NSEC) ?? false;
    const has = hasNsec(draft, owner);
    if (had && has) continue;
    let before = view.previous(owner).owner;
    while (!hasNsec(draft, before)) before = skip.get(before.key) ?? previousCandidate(draft, view, before);
    if (!has) skip.set(owner.key, before);
    if (had !== has && !given.has(before.key)) found.set(before.key, before);
  }
  return [...found.values()];
}

/** The name to try before one without NSEC: before the glue below a cut stands the cut, as it is written in the zone. */
function previousCandidate(draft: Draft, view: ZoneView, name: Name): Name {
  const cut = draft.cutAbove(name);
  return cut ? (view.node(cut)?.owner ?? cut) : view.previous(name).owner;
}
