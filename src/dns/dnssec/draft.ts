import { eachStep, sorted, type Steps } from '../../core/slices.ts';
import type { RRset } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { endOfSubtree } from '../wire/end-of-subtree.ts';
import type { Name } from '../wire/name.ts';
import type { ZoneNode, ZoneView } from '../zone/node.ts';

/** The unsigned content of one owner: complete, without RRSIG, NSEC and NSEC3; an empty list removes it. */
export interface ContentChange {
  owner: Name;
  rrsets: readonly RRset[];
}

/** The next version of a zone: the served one with changes laid over it. */
export interface Draft {
  readonly origin: Name;
  readonly view: ZoneView | undefined;
  /** Every name that a change may have touched: the changed owners, their ancestors, what cuts that came or went hide. */
  touched(): Steps<Name[]>;
  /** RRsets without NSEC in ascending order of type; empty for an empty non-terminal; undefined for no such name. */
  content(owner: Name): readonly RRset[] | undefined;
  /** Whether `owner` is a delegation point: it has NS and is not the apex (RFC 2181 §6). */
  isCut(owner: Name): boolean;
  /** The highest delegation above `owner`, which so is glue; undefined when there is none. */
  cutAbove(owner: Name): Name | undefined;
  /** The name after `owner` in canonical order; wraps to the apex. It may be one that the changes remove. */
  next(owner: Name): Name;
  /** The same after `owner` and all names below it. */
  nextBeyond(owner: Name): Name;
  /** All names that there will be, and those that the changes remove, in canonical order. */
  names(): Steps<Name[]>;
}

interface Entry {
  owner: Name;
  rrsets: readonly RRset[];
  exists: boolean;
}

/** @throws Error when a change is outside the zone. */
export function* createDraft(
  origin: Name,
  view: ZoneView | undefined,
  changes: readonly ContentChange[],
): Steps<Draft> {
  const entries = yield* collectEntries(origin, view, changes);
  const ordered = yield* sorted([...entries.values()], (a, b) => a.owner.compare(b.owner));
  yield* decideExistence(ordered, entries, view);
  const added: Name[] = [];
  yield* eachStep(ordered, ({ exists, owner }) => {
    if (exists && !view?.node(owner)) added.push(owner);
  });

  const content = (owner: Name): readonly RRset[] | undefined => {
    const entry = entries.get(owner.key);
    if (entry) return entry.exists ? entry.rrsets : undefined;
    return contentOf(view?.node(owner));
  };
  // Asked for every name below: a node may be large, and is decoded each time.
  const cuts = new Map<string, boolean>();
  const isCut = (owner: Name): boolean => {
    let found = cuts.get(owner.key);
    if (found === undefined) cuts.set(owner.key, (found = isDelegation(content(owner), owner, origin)));
    return found;
  };
  const next = (owner: Name): Name => nextName(owner, view, added, origin);
  return {
    origin,
    view,
    touched: () => touchedNames(ordered, view, origin),
    content,
    isCut,
    cutAbove(owner) {
      let cut: Name | undefined;
      for (let name = owner; isDeep(name, origin);) {
        name = name.parent();
        if (isCut(name)) cut = name;
      }
      return cut;
    },
    next,
    nextBeyond(owner) {
      const end = endOfSubtree(owner);
      if (end) return content(end) ? end : next(end);
      let following = next(owner);
      while (following.isAtOrBelow(owner)) following = next(following);
      return following;
    },
    *names() {
      const names: Name[] = [];
      yield* eachStep(view?.nodes() ?? [], ({ owner }) => {
        if (!entries.has(owner.key)) names.push(owner);
      });
      yield* eachStep(ordered, ({ exists, owner }) => {
        if (exists || view?.node(owner)) names.push(owner);
      });
      return yield* sorted(names, (a, b) => a.compare(b));
    },
  };
}

/** Whether there is a name between `owner` and the apex. */
function isDeep(owner: Name, origin: Name): boolean {
  return owner.wire.length - 1 - owner.wire[0]! > origin.wire.length;
}

function contentOf(node: ZoneNode | undefined): readonly RRset[] | undefined {
  return node?.rrsets.filter((rrset) => rrset.type !== Type.NSEC);
}

/** Whether content makes its owner a delegation point: it has NS and is not the apex. */
export function isDelegation(rrsets: readonly RRset[] | undefined, owner: Name, origin: Name): boolean {
  return owner.wire.length > origin.wire.length && rrsets?.some((rrset) => rrset.type === Type.NS) === true;
}

/** The changed owners and all their ancestors below the apex. */
function* collectEntries(
  origin: Name,
  view: ZoneView | undefined,
  changes: readonly ContentChange[],
): Steps<Map<string, Entry>> {
  const entries = new Map<string, Entry>();
  const add = (owner: Name, rrsets: readonly RRset[]): void => {
    entries.set(owner.key, { owner, rrsets, exists: false });
  };
  for (const { owner, rrsets } of changes) {
    if (!owner.isAtOrBelow(origin)) throw new Error(`${owner.toString()} is not in ${origin.toString()}`);
    add(owner, rrsets.length > 1 ? [...rrsets].sort((a, b) => a.type - b.type) : rrsets);
    yield;
  }
  for (const { owner } of changes) {
    for (let name = owner; isDeep(name, origin);) {
      name = name.parent();
      if (entries.has(name.key)) break;
      const node = view?.node(name);
      add(node?.owner ?? name, contentOf(node) ?? []);
    }
    yield;
  }
  return entries;
}

/**
 * A name exists when it has RRsets or a descendant that exists (RFC 4592 §2.2.2). Descendants come after their ancestor,
 * so that going backwards decides them first.
 */
function* decideExistence(
  ordered: readonly Entry[],
  entries: ReadonlyMap<string, Entry>,
  view: ZoneView | undefined,
): Steps<void> {
  const parents = new Set<string>();
  for (const entry of ordered.toReversed()) {
    entry.exists =
      entry.rrsets.length > 0 ||
      parents.has(entry.owner.key) ||
      hasUntouchedDescendant(entry.owner, entries, view);
    if (entry.exists) parents.add(entry.owner.key.slice(entry.owner.wire[0]! + 1));
    // Nothing ever shows the case of an empty non-terminal: one form, however it came about.
    if (entry.rrsets.length === 0) entry.owner = entry.owner.canonical();
    yield;
  }
}

function hasUntouchedDescendant(
  owner: Name,
  entries: ReadonlyMap<string, Entry>,
  view: ZoneView | undefined,
): boolean {
  if (!view?.node(owner)) return false;
  for (const node of view.nodes(owner)) if (!entries.has(node.owner.key)) return true;
  return false;
}

/** A cut that comes or goes turns everything below it into glue or back. */
function* touchedNames(ordered: readonly Entry[], view: ZoneView | undefined, origin: Name): Steps<Name[]> {
  const touched = new Map<string, Name>();
  yield* eachStep(ordered, ({ owner }) => touched.set(owner.key, owner));
  for (const { owner, rrsets } of ordered) {
    yield;
    const before = view?.node(owner);
    if (!view || !before) continue;
    if (isDelegation(before.rrsets, owner, origin) === isDelegation(rrsets, owner, origin)) continue;
    yield* eachStep(view.nodes(owner), (node) => {
      if (!touched.has(node.owner.key)) touched.set(node.owner.key, node.owner);
    });
  }
  return yield* sorted([...touched.values()], (a, b) => a.compare(b));
}

function nextName(owner: Name, view: ZoneView | undefined, added: readonly Name[], origin: Name): Name {
  const candidate = added[firstAfter(added, owner)];
  const served = view?.next(owner).owner;
  // What is not after `owner` is the apex: the view has wrapped around.
  if (!served || served.compare(owner) <= 0) return candidate ?? origin;
  return candidate && candidate.compare(served) < 0 ? candidate : served;
}

/** Index of the first of `names` (sorted) that comes after `owner`. */
function firstAfter(names: readonly Name[], owner: Name): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (names[middle]!.compare(owner) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}
