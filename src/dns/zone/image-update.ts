import {
  ARENA_HEADER,
  INDEX_HEADER,
  IndexField,
  arenaSize,
  arenaTail,
  buildImage,
  countNode,
  newIndex,
  type ZoneImage,
} from './image.ts';
import { search, u32 } from './image-reader.ts';
import { encodeNode, nodeKey, type NodeKind, type StoredNode } from './node-codec.ts';
import type { Name } from '../wire/name.ts';
import type { NodeChange } from './node.ts';

/** A row to store: a node as the next version has it, or null where there is none any more. */
export interface NodeRow {
  kind: NodeKind;
  key: Uint8Array;
  node: Uint8Array | null;
}

/** A row with its place in the old list of its kind: the position of its node, or ~where it goes. */
interface Edit extends NodeRow {
  position: number;
}

/**
 * The next version of a zone, and the rows to store for it. Costs time for the changes and one memory copy of the index
 * (4 octets a name). Of two changes to one owner the later counts; removing what is not there changes nothing.
 */
export function updateImage(
  image: ZoneImage,
  changes: readonly NodeChange[],
): { image: ZoneImage; nodes: NodeRow[] } {
  const rows = encodeChanges(changes);
  const added = rows.reduce((sum, row) => sum + (row.node?.length ?? 0), 0);
  const base = hasRoom(image, added) ? image : compactImage(image, added);
  const bytes = new Uint8Array(base.data);
  const old = indexLists(base.index);
  const names = planEdits(bytes, old.names, rows, 'name');
  const nsec3 = planEdits(bytes, old.nsec3, rows, 'nsec3');
  const index = newIndex(old.names.length + growth(names), old.nsec3.length + growth(nsec3), 0);
  for (const field of [IndexField.ns, IndexField.dnames, IndexField.wildcards, IndexField.live])
    index[field] = old.header[field]!;
  const middle = INDEX_HEADER + index[IndexField.names]!;
  const tail = arenaTail(base.data);
  let used = mergeList(bytes, tail[0]!, index, INDEX_HEADER, old.names, names);
  used = mergeList(bytes, used, index, middle, old.nsec3, nsec3);
  tail[0] = used;
  return { image: { ...base, used, index: index.buffer }, nodes: rows };
}

/** The first version of a zone. @throws Error when no change makes the apex */
export function createImage(
  origin: Name,
  changes: readonly NodeChange[],
): { image: ZoneImage; nodes: NodeRow[] } {
  const nodes = encodeChanges(changes).sort((a, b) => Buffer.compare(a.key, b.key));
  const stored = nodes.filter((row): row is StoredNode => row.node !== null);
  return { image: buildImage(origin, stored), nodes: stored };
}

/** One row for each owner and kind, in the order of first mention. */
function encodeChanges(changes: readonly NodeChange[]): NodeRow[] {
  const rows = new Map<string, NodeRow>();
  for (const { kind, owner, node } of changes) {
    const row = { kind, key: nodeKey(kind, owner), node: node ? encodeNode(node, kind) : null };
    rows.set(`${kind} ${owner.key}`, row);
  }
  return [...rows.values()];
}

function indexLists(index: SharedArrayBuffer) {
  const words = new Uint32Array(index);
  const middle = INDEX_HEADER + words[IndexField.names]!;
  return {
    header: words.subarray(0, INDEX_HEADER),
    names: words.subarray(INDEX_HEADER, middle),
    nsec3: words.subarray(middle),
  };
}

/**
 * Whether the arena takes `added` octets more behind everything written to it (another version may have been made of
 * the same one), and is not mostly garbage.
 */
function hasRoom(image: ZoneImage, added: number): boolean {
  const tail = arenaTail(image.data)[0]!;
  const live = new Uint32Array(image.index, 0, INDEX_HEADER)[IndexField.live]!;
  return tail + added <= image.data.byteLength && tail - ARENA_HEADER <= 2 * live;
}

/** The same version in an arena of its own, with room for `added` octets more. */
function compactImage(image: ZoneImage, added: number): ZoneImage {
  const from = new Uint8Array(image.data);
  const source = new Uint32Array(image.index);
  const data = new SharedArrayBuffer(arenaSize(source[IndexField.live]! + added));
  const bytes = new Uint8Array(data);
  const index = new Uint32Array(new SharedArrayBuffer(image.index.byteLength));
  index.set(source.subarray(0, INDEX_HEADER));
  let at = ARENA_HEADER;
  for (let i = INDEX_HEADER; i < source.length; i++) {
    const start = source[i]!;
    const size = u32(from, start);
    bytes.set(from.subarray(start, start + size), at);
    index[i] = at;
    at += size;
  }
  arenaTail(data)[0] = at;
  return { originWire: image.originWire, data, used: at, index: index.buffer };
}

/** The rows of one kind that change something, in the order of the list. */
function planEdits(bytes: Uint8Array, list: Uint32Array, rows: readonly NodeRow[], kind: NodeKind): Edit[] {
  return rows
    .filter((row) => row.kind === kind)
    .map((row) => ({ ...row, position: search(bytes, list, row.key, row.key.length, 0) }))
    .filter((edit) => edit.node !== null || edit.position >= 0)
    .sort((a, b) => Buffer.compare(a.key, b.key));
}

/** By how much the edits make a list longer (or, below 0, shorter). */
function growth(edits: readonly Edit[]): number {
  return edits.reduce((sum, { node, position }) => sum + (node ? Number(position < 0) : -1), 0);
}

/**
 * Writes the list of the next version to `index` from word `to` on: runs of old offsets between the edits, whose nodes go
 * into the arena at `at`. Keeps the counts of the index. Returns the new end of the arena.
 */
function mergeList(
  bytes: Uint8Array,
  at: number,
  index: Uint32Array,
  to: number,
  old: Uint32Array,
  edits: readonly Edit[],
): number {
  let from = 0;
  for (const { kind, node, position } of edits) {
    const place = position < 0 ? ~position : position;
    index.set(old.subarray(from, place), to);
    to += place - from;
    from = place;
    if (position >= 0) {
      count(index, kind, bytes[old[from]! + 7]!, -1, u32(bytes, old[from]!));
      from++;
    }
    if (!node) continue;
    bytes.set(node, at);
    index[to++] = at;
    at += node.length;
    count(index, kind, node[7]!, 1, node.length);
  }
  index.set(old.subarray(from), to);
  return at;
}

function count(index: Uint32Array, kind: NodeKind, flags: number, by: 1 | -1, octets: number): void {
  index[IndexField.live]! += by * octets;
  if (kind === 'name') countNode(index, flags, by);
}
