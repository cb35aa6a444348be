import type { Name } from '../wire/name.ts';
import { NodeFlag, type StoredNode } from './node-codec.ts';

/**
 * One immutable version of one zone in flat shared memory: a worker gets it by a message that copies nothing but this
 * object. Later versions may share the arena `data` (they append behind `used`), never the index.
 */
export interface ZoneImage {
  /** The apex in wire form. */
  originWire: Uint8Array;
  /** The arena: encoded nodes, in no order; its first word is where the next node may go. */
  data: SharedArrayBuffer;
  /** Octets of the arena up to the end of this version. */
  used: number;
  /** 32-bit words: the header below, the offsets of the nodes in canonical order, those of the NSEC3 nodes by hash. */
  index: SharedArrayBuffer;
}

/** Words at the start of an index. */
export const IndexField = {
  /** Number of names, empty non-terminals included. */
  names: 0,
  nsec3: 1,
  /** Number of names with NS, the apex included. */
  ns: 2,
  dnames: 3,
  wildcards: 4,
  /** Octets of the nodes that this version reaches; the rest of the arena is garbage or belongs to other versions. */
  live: 5,
} as const;
export const INDEX_HEADER = 6;

/** Octets before the first node of an arena. */
export const ARENA_HEADER = 4;

/** From this size on (octets) an arena gets room for later versions; copying a smaller one is cheaper than its slack. */
const SLACK_FROM = 64 * 1024;
/** Offsets are 32 bits. */
const MAX_ARENA = 0xffff_ffff;

/** Octets to reserve for nodes of `live` octets in all. */
export function arenaSize(live: number): number {
  const size = ARENA_HEADER + live + (live < SLACK_FROM ? 0 : Math.ceil(live / 4));
  if (size > MAX_ARENA) throw new Error('the zone is larger than 4 GiB');
  return size;
}

/** The word of an arena that says where the next node may go. */
export function arenaTail(data: SharedArrayBuffer): Uint32Array {
  return new Uint32Array(data, 0, 1);
}

/**
 * Builds the image of stored nodes, which must come in ascending order of key within each kind and contain the apex.
 * @throws Error when they do not, or one of them is cut short.
 */
export function buildImage(origin: Name, nodes: Iterable<StoredNode>): ZoneImage {
  const list = Array.isArray(nodes) ? (nodes as StoredNode[]) : [...nodes];
  let live = 0;
  let names = 0;
  for (const { kind, node } of list) {
    live += node.length;
    if (kind === 'name') names++;
  }
  const data = new SharedArrayBuffer(arenaSize(live));
  const bytes = new Uint8Array(data);
  const sizes = new DataView(data);
  const index = newIndex(names, list.length - names, live);
  const last: Record<StoredNode['kind'], Uint8Array | undefined> = { name: undefined, nsec3: undefined };
  const next = { name: INDEX_HEADER, nsec3: INDEX_HEADER + names };
  let at = ARENA_HEADER;
  for (const { kind, key, node } of list) {
    const before = last[kind];
    if (before && Buffer.compare(before, key) >= 0) throw new Error('the nodes of an image must be sorted');
    last[kind] = key;
    bytes.set(node, at);
    if (sizes.getUint32(at) !== node.length) throw new Error('a node of an image must be whole');
    index[next[kind]++] = at;
    if (kind === 'name') countNode(index, node[7]!, 1);
    at += node.length;
  }
  arenaTail(data)[0] = at;
  const apex = index[INDEX_HEADER];
  if (names === 0 || Buffer.compare(keyAt(bytes, apex!), origin.sortKey) !== 0)
    throw new Error(`the first node of the image of ${origin.toString()} must be its apex`);
  return { originWire: origin.wire.slice(), data, used: at, index: index.buffer };
}

/** Stands for the version of a zone whose nodes cannot be read: no reader opens it. */
export function unreadableImage(origin: Name): ZoneImage {
  const data = new SharedArrayBuffer(ARENA_HEADER);
  arenaTail(data)[0] = ARENA_HEADER;
  return { originWire: origin.wire.slice(), data, used: ARENA_HEADER, index: newIndex(0, 0, 0).buffer };
}

/** An index for so many nodes, its header filled but for the counts of {@link countNode}. */
export function newIndex(names: number, nsec3: number, live: number): Uint32Array<SharedArrayBuffer> {
  const index = new Uint32Array(new SharedArrayBuffer(4 * (INDEX_HEADER + names + nsec3)));
  index[IndexField.names] = names;
  index[IndexField.nsec3] = nsec3;
  index[IndexField.live] = live;
  return index;
}

/** Adds (or with -1 takes away) a name of these flags to the counts of an index. */
export function countNode(index: Uint32Array, flags: number, by: 1 | -1): void {
  if (flags & NodeFlag.ns) index[IndexField.ns]! += by;
  if (flags & NodeFlag.dname) index[IndexField.dnames]! += by;
  if (flags & NodeFlag.wildcard) index[IndexField.wildcards]! += by;
}

/** The key of the node at `offset`. */
export function keyAt(bytes: Uint8Array, offset: number): Uint8Array {
  return bytes.subarray(offset + 10, offset + 10 + ((bytes[offset + 4]! << 8) | bytes[offset + 5]!));
}

/** The owner of the node at `offset`, in wire form. */
export function ownerAt(bytes: Uint8Array, offset: number): Uint8Array {
  const start = offset + 10 + ((bytes[offset + 4]! << 8) | bytes[offset + 5]!);
  return bytes.subarray(start, start + bytes[offset + 6]!);
}
