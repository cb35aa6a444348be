import { eachStep, sorted, type Steps } from '../../core/slices.ts';
import { parseBase32Hex } from '../rdata/base32hex.ts';
import type { Name } from '../wire/name.ts';
import type { ZoneNode, ZoneView } from '../zone/node.ts';
import type { Draft } from './draft.ts';
import { authoritativeTypes } from './nsec.ts';
import { HASH_LENGTH, nextHashed, nsec3Hash, nsec3Rdata, withNextHashed } from './nsec3.ts';

/** One NSEC3 as it will be; `rdata` undefined removes it. */
export interface Nsec3Change {
  hash: Uint8Array;
  rdata: Uint8Array | undefined;
}

/** An NSEC3 that stays or comes: its rdata lacks the right next hash. */
interface Link {
  hash: Uint8Array;
  rdata: Uint8Array;
}

const NOWHERE = new Uint8Array(HASH_LENGTH);

/** Hashes as Map keys. */
function keyOf(hash: Uint8Array): string {
  return Buffer.from(hash.buffer, hash.byteOffset, hash.length).toString('latin1');
}

/**
 * The NSEC3 of a name, without its next hash; undefined below cuts. Empty non-terminals have one, with no types
 * (RFC 5155 §7.1), and so have insecure delegations, as opt-out is off.
 */
function linkOf(draft: Draft, owner: Name): Link | undefined {
  const content = draft.content(owner);
  if (!content || draft.cutAbove(owner)) return undefined;
  const delegation = draft.isCut(owner);
  return {
    hash: nsec3Hash(owner),
    rdata: nsec3Rdata(NOWHERE, authoritativeTypes(content, delegation), delegation),
  };
}

/** The NSEC3 chain of a whole zone, and the removal of all that does not belong to it. */
export function* wholeNsec3Chain(draft: Draft, names: readonly Name[]): Steps<Nsec3Change[]> {
  const found: Link[] = [];
  yield* eachStep(names, (owner) => {
    const link = linkOf(draft, owner);
    if (link) found.push(link);
  });
  const links = yield* sorted(found, (a, b) => Buffer.compare(a.hash, b.hash));
  const changes: Nsec3Change[] = links.map(({ hash, rdata }, i) => ({
    hash,
    rdata: withNextHashed(rdata, links[(i + 1) % links.length]!.hash),
  }));
  return [...changes, ...(yield* removals(draft.view, new Set(links.map((link) => keyOf(link.hash)))))];
}

/** Removal of every served NSEC3 whose hash is not among `kept`. */
export function* removals(view: ZoneView | undefined, kept: ReadonlySet<string>): Steps<Nsec3Change[]> {
  const removed: Nsec3Change[] = [];
  yield* eachStep(view?.nsec3Nodes() ?? [], (node) => {
    const hash = hashOf(node);
    if (!kept.has(keyOf(hash))) removed.push({ hash, rdata: undefined });
  });
  return removed;
}

/** The NSEC3s that changes of the `names` reach: theirs, and those that come before one that enters or leaves the chain. */
export function* changedNsec3s(draft: Draft, view: ZoneView, names: readonly Name[]): Steps<Nsec3Change[]> {
  const links = new Map<string, Link>();
  const added: Uint8Array[] = [];
  const removed = new Map<string, Uint8Array>();
  for (const owner of names) {
    const link = linkOf(draft, owner);
    const hash = link?.hash ?? nsec3Hash(owner);
    const had = view.nsec3Node(hash) !== undefined;
    if (link) links.set(keyOf(hash), link);
    if (link && !had) added.push(hash);
    if (!link && had) removed.set(keyOf(hash), hash);
    yield;
  }
  for (const hash of [...added, ...removed.values()]) {
    const before = keptBefore(view, hash, removed);
    if (!links.has(keyOf(before.hash))) links.set(keyOf(before.hash), before);
    yield;
  }
  added.sort((a, b) => Buffer.compare(a, b));
  const changes: Nsec3Change[] = [];
  yield* eachStep(links.values(), ({ hash, rdata }) =>
    changes.push({ hash, rdata: withNextHashed(rdata, nextOf(view, hash, added, removed)) }),
  );
  return [...changes, ...[...removed.values()].map((hash) => ({ hash, rdata: undefined }))];
}

/** The served NSEC3 before `hash` that stays: there is always one, that of the apex. */
function keptBefore(view: ZoneView, hash: Uint8Array, removed: ReadonlyMap<string, Uint8Array>): Link {
  let node = view.previousNsec3(hash)!;
  while (removed.has(keyOf(hashOf(node)))) node = view.previousNsec3(hashOf(node))!;
  return { hash: hashOf(node), rdata: rdataOf(node) };
}

/** The hash that will follow `hash`: the next one of the served chain that stays, or an added one that is nearer. */
function nextOf(
  view: ZoneView,
  hash: Uint8Array,
  added: readonly Uint8Array[],
  removed: ReadonlyMap<string, Uint8Array>,
): Uint8Array {
  const start = view.nsec3Node(hash) ?? view.previousNsec3(hash)!;
  let next = nextHashed(rdataOf(start));
  while (removed.has(keyOf(next))) next = nextHashed(rdataOf(view.nsec3Node(next)!));
  const candidate = added[firstAfter(added, hash) % added.length];
  return candidate && isNearer(candidate, next, hash) ? candidate : next;
}

/** Whether `a` comes before `b` when one goes round the ring of hashes from just after `start`. */
function isNearer(a: Uint8Array, b: Uint8Array, start: Uint8Array): boolean {
  const [aWraps, bWraps] = [Buffer.compare(a, start) <= 0, Buffer.compare(b, start) <= 0];
  return aWraps === bWraps ? Buffer.compare(a, b) < 0 : bWraps;
}

/** Index of the first of `hashes` (sorted) after `hash`; their number when there is none. */
function firstAfter(hashes: readonly Uint8Array[], hash: Uint8Array): number {
  let low = 0;
  let high = hashes.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (Buffer.compare(hashes[middle]!, hash) <= 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

function rdataOf(node: ZoneNode): Uint8Array {
  return node.rrsets[0]!.rdatas[0]!;
}

function hashOf(node: ZoneNode): Uint8Array {
  const hash = parseBase32Hex(Buffer.from(node.owner.labels()[0]!).toString('latin1'));
  if (!hash) throw new Error(`${node.owner.toString()} is no NSEC3 owner`);
  return hash;
}
