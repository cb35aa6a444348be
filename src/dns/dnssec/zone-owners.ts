import { eachStep, sorted, type Steps } from '../../core/slices.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import type { NodeChange, ZoneNode, ZoneView } from '../zone/node.ts';
import type { OwnerRecords } from './zone-digest.ts';

/** The owners of a version with changes laid over it, in canonical order, NSEC3 among the names. */
export function* ownersOf(
  view: ZoneView | undefined,
  changes: readonly NodeChange[],
): Steps<Iterable<OwnerRecords>> {
  const names = yield* changed('name', changes);
  const hashed = yield* changed('nsec3', changes);
  return together(
    laidOver(view?.nodes() ?? [], names),
    // Hashes in base32hex are in the order of what they are of, so these are in canonical order, too.
    laidOver(view?.nsec3Nodes() ?? [], hashed),
  );
}

/** The owners of records in any order. */
export function* ownersOfRecords(records: readonly ResourceRecord[]): Steps<OwnerRecords[]> {
  const owners = new Map<string, { owner: ResourceRecord['owner']; records: ResourceRecord[] }>();
  yield* eachStep(records, (record) => {
    const there = owners.get(record.owner.key);
    if (there) there.records.push(record);
    else owners.set(record.owner.key, { owner: record.owner, records: [record] });
  });
  return yield* sorted([...owners.values()], (a, b) => a.owner.compare(b.owner));
}

interface Changed {
  keys: ReadonlySet<string>;
  /** Those that there are, in canonical order. */
  nodes: readonly ZoneNode[];
}

function* changed(kind: NodeChange['kind'], changes: readonly NodeChange[]): Steps<Changed> {
  const keys = new Set<string>();
  const nodes: ZoneNode[] = [];
  yield* eachStep(changes, (change) => {
    if (change.kind !== kind) return;
    keys.add(change.owner.key);
    if (change.node) nodes.push(change.node);
  });
  return { keys, nodes: yield* sorted(nodes, (a, b) => a.owner.compare(b.owner)) };
}

function* laidOver(served: Iterable<ZoneNode>, { keys, nodes }: Changed): Iterable<ZoneNode> {
  let at = 0;
  for (const node of served) {
    if (keys.has(node.owner.key)) continue;
    while (at < nodes.length && nodes[at]!.owner.compare(node.owner) < 0) yield nodes[at++]!;
    yield node;
  }
  while (at < nodes.length) yield nodes[at++]!;
}

function* together(names: Iterable<ZoneNode>, hashed: Iterable<ZoneNode>): Iterable<OwnerRecords> {
  const others = hashed[Symbol.iterator]();
  let other = others.next();
  for (const node of names) {
    for (; !other.done && other.value.owner.compare(node.owner) < 0; other = others.next())
      yield recordsOf(other.value);
    if (!other.done && other.value.owner.equals(node.owner)) {
      yield recordsOf({ owner: node.owner, rrsets: [...node.rrsets, ...other.value.rrsets] });
      other = others.next();
    } else yield recordsOf(node);
  }
  for (; !other.done; other = others.next()) yield recordsOf(other.value);
}

function recordsOf({ owner, rrsets }: ZoneNode): OwnerRecords {
  const records: { type: number; ttl: number; rdata: Uint8Array }[] = [];
  for (const { type, ttl, rdatas, signatures } of rrsets) {
    for (const rdata of rdatas) records.push({ type, ttl, rdata });
    for (const rdata of signatures) records.push({ type: Type.RRSIG, ttl, rdata });
  }
  return { owner, records };
}
