import { IMAGE_HEADER, ImageField, type ZoneImage } from './image.ts';
import { ENTRY_WORDS, keyHead, placeIn } from './image-index.ts';
import { NODE_HEADER, RRSET_HEADER, SIGNER_LEFT_OUT } from './node-layout.ts';
import { octetOf, slabAt, type Pages, type Slab } from './slab.ts';

/**
 * What the hot path reads an image through: whole slabs and numbers, in an object that is used again for another zone, and functions
 * that make no garbage. A node is an offset into `data`, and so is an RRset; -1 is none.
 */
export interface ImageReader {
  /** The address of the arena with the nodes: what is kept while they are read for longer than a moment. */
  arena: number;
  /** The slab with the nodes, and where their places count from. */
  data: Uint8Array;
  view: DataView;
  base: number;
  /** The slab with the index, and the words at which its two lists begin. */
  index: Uint32Array;
  names: number;
  nameCount: number;
  nsec3: number;
  nsec3Count: number;
  originLabels: number;
  /** Octets that the sort keys of all names share: the key of the apex, which nodes leave out. */
  apexKeyLength: number;
  /** The apex in wire form, in lower case: where it stands, and its octets. */
  origin: Uint8Array;
  originView: DataView;
  originAt: number;
  originLength: number;
  apex: number;
  /** SOA RRset of the apex. */
  soa: number;
  /** TTL of negative answers, seconds. */
  negativeTtl: number;
  /** Whether a name other than the apex has NS. */
  hasCuts: boolean;
  hasDnames: boolean;
  hasWildcards: boolean;
  denial: Denial;
  /** NSEC3PARAM RRset of the apex. */
  nsec3Param: number;
  /** What `searchNsec3` says of the apex, and of the wildcard below it. */
  nsec3Apex: number;
  nsec3Wildcard: number;
  /** The node whose NSEC proves that the apex has no wildcard below it, and that RRset, -1 where there is none. */
  nsecWildcard: number;
  nsecWildcardRRset: number;
  /** Whether it is for those who may transfer it alone. */
  withheld: boolean;
  /** What the zone is counted under; 0 is nothing. */
  number: number;
}

/** How a zone proves what does not exist. */
export const Denial = { none: 0, nsec: 1, nsec3: 2 } as const;
export type Denial = (typeof Denial)[keyof typeof Denial];

/** A reader that reads nothing yet. */
export function createReader(): ImageReader {
  return {
    arena: 0,
    data: new Uint8Array(0),
    view: new DataView(new ArrayBuffer(0)),
    base: 0,
    index: new Uint32Array(0),
    names: 0,
    nameCount: 0,
    nsec3: 0,
    nsec3Count: 0,
    originLabels: 0,
    apexKeyLength: 0,
    origin: new Uint8Array(1),
    originView: new DataView(new ArrayBuffer(1)),
    originAt: 0,
    originLength: 1,
    apex: -1,
    soa: -1,
    negativeTtl: 0,
    hasCuts: false,
    hasDnames: false,
    hasWildcards: false,
    denial: Denial.none,
    nsec3Param: -1,
    nsec3Apex: -1,
    nsec3Wildcard: -1,
    nsecWildcard: -1,
    nsecWildcardRRset: -1,
    withheld: false,
    number: 0,
  };
}

/** @throws Error when the apex has no SOA. */
export function openImage(image: ZoneImage): ImageReader {
  const reader = readerOf(image);
  if (reader.soa < 0) throw new Error('a zone image without SOA cannot be served');
  return reader;
}

/** A reader of an image that may not be whole. */
export function readerOf({ memory, address }: ZoneImage): ImageReader {
  const reader = createReader();
  const slab = slabAt(memory.pages, address);
  if (!slab) throw new Error(`no slab has the address ${address}`);
  setReader(reader, memory.pages, slab, octetOf(slab, address) / 4);
  return reader;
}

/** Has the reader read the image whose header begins at a word of a slab. @throws Error when its nodes are in no slab of `pages` */
export function setReader(reader: ImageReader, pages: Pages, home: Slab, head: number): void {
  const index = home.words;
  const arena = index[head + ImageField.arena]!;
  const slab = slabAt(pages, arena);
  if (!slab) throw new Error(`no slab has the address ${arena}`);
  const origin = index[head + ImageField.origin]!;
  const traits = index[head + ImageField.traits]!;
  const base = octetOf(slab, arena);
  reader.arena = arena;
  reader.data = slab.bytes;
  reader.view = slab.view;
  reader.base = base;
  reader.index = index;
  const keyLength = origin & 0xffff;
  const originLength = origin >>> 24;
  reader.names = head + IMAGE_HEADER + ((keyLength + originLength + 3) >>> 2);
  reader.nameCount = index[head + ImageField.names]!;
  reader.nsec3 = reader.names + ENTRY_WORDS * reader.nameCount;
  reader.nsec3Count = index[head + ImageField.nsec3]!;
  reader.originLabels = (origin >>> 16) & 0xff;
  reader.apexKeyLength = keyLength;
  reader.origin = home.bytes;
  reader.originView = home.view;
  reader.originAt = 4 * (head + IMAGE_HEADER) + keyLength;
  reader.originLength = originLength;
  reader.apex = base + placeIn(index, reader.names, 0);
  reader.soa = placeOf(base, index[head + ImageField.soa]!);
  reader.negativeTtl = index[head + ImageField.negativeTtl]!;
  reader.hasCuts = (traits & HAS_CUTS) !== 0;
  reader.hasDnames = index[head + ImageField.dnames]! > 0;
  reader.hasWildcards = index[head + ImageField.wildcards]! > 0;
  reader.denial = (traits & 0xff) as Denial;
  reader.nsec3Param = placeOf(base, index[head + ImageField.nsec3Param]!);
  reader.nsec3Apex = index[head + ImageField.nsec3Apex]! | 0;
  reader.nsec3Wildcard = index[head + ImageField.nsec3Wildcard]! | 0;
  reader.nsecWildcard = base + index[head + ImageField.nsecWildcard]!;
  reader.nsecWildcardRRset = placeOf(base, index[head + ImageField.nsecWildcardRRset]!);
  reader.withheld = index[head + ImageField.withheld] === 1;
  reader.number = index[head + ImageField.number]!;
}

/** A bit of the traits of an image. */
export const HAS_CUTS = 0x100;

function placeOf(base: number, place: number): number {
  return place === 0 ? -1 : base + place;
}

/** The node at a position of the names. */
export function nameAt(reader: ImageReader, position: number): number {
  return reader.base + placeIn(reader.index, reader.names, position);
}

/** The node at a position of the NSEC3 nodes. */
export function nsec3At(reader: ImageReader, position: number): number {
  return reader.base + placeIn(reader.index, reader.nsec3, position);
}

export function nodeFlags(data: Uint8Array, node: number): number {
  return data[node + 7]!;
}

/** The first RRset of a node; with `rrsetCount` and `rrsetEnd` for walking all of them. */
export function firstRRset(view: DataView, node: number): number {
  return node + NODE_HEADER + view.getUint16(node + 4) + view.getUint8(node + 6);
}

export function rrsetCount(view: DataView, node: number): number {
  return view.getUint16(node + 8);
}

export function rrsetType(view: DataView, rrset: number): number {
  return view.getUint16(rrset);
}

/** How many records it has, without RRSIGs. */
export function recordCount(view: DataView, rrset: number): number {
  return view.getUint16(rrset + 2);
}

export function rrsetTtl(view: DataView, rrset: number): number {
  return view.getUint32(rrset + 4);
}

export function rrsetSignatureCount(view: DataView, rrset: number): number {
  return view.getUint16(rrset + 8) & ~SIGNER_LEFT_OUT;
}

/** Whether its RRSIGs lack the signer's name: it is that of the zone. */
export function leavesSignerOut(view: DataView, rrset: number): boolean {
  return (view.getUint16(rrset + 8) & SIGNER_LEFT_OUT) !== 0;
}

/** Where the RRSIGs of an RRset start. */
export function rrsetSignatures(view: DataView, rrset: number): number {
  return rrset + RRSET_HEADER + view.getUint32(rrset + 10);
}

/** Where an RRset ends, and the next one of the node starts. */
export function rrsetEnd(view: DataView, rrset: number): number {
  return rrset + RRSET_HEADER + view.getUint32(rrset + 10) + view.getUint32(rrset + 14);
}

/** The RRset of this type at a node, or -1. */
export function findRRset(view: DataView, node: number, type: number): number {
  let at = firstRRset(view, node);
  for (let left = rrsetCount(view, node); left > 0; left--) {
    const here = rrsetType(view, at);
    if (here === type) return at;
    if (here > type) return -1;
    at = rrsetEnd(view, at);
  }
  return -1;
}

/**
 * Position of the node with this key in a list of `count` entries that begins at a word of the index; when there is none, the
 * complement (~) of where it would stand. Nodes leave out the first `skip` octets, which they all share.
 */
export function search(
  { data, view, base, index }: ImageReader,
  list: number,
  count: number,
  key: Uint8Array,
  keyLength: number,
  skip: number,
): number {
  const wanted = keyHead(key, skip, keyLength - skip);
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const entry = list + ENTRY_WORDS * middle;
    const head = index[entry]!;
    const order =
      head === wanted
        ? compareKey(data, view, base + index[entry + 1]!, key, keyLength, skip)
        : head < wanted
          ? -1
          : 1;
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return ~low;
}

/** Order of a node's key against `key`. */
function compareKey(
  data: Uint8Array,
  view: DataView,
  node: number,
  key: Uint8Array,
  keyLength: number,
  skip: number,
) {
  const length = view.getUint16(node + 4) + skip;
  const common = length < keyLength ? length : keyLength;
  const start = node + NODE_HEADER - skip;
  for (let i = skip; i < common; i++) {
    const difference = data[start + i]! - key[i]!;
    if (difference !== 0) return difference;
  }
  return length - keyLength;
}

/** Position of a name of the zone by its sort key (which must be at or below the apex), or ~insertion point. */
export function searchName(reader: ImageReader, key: Uint8Array, keyLength: number): number {
  return search(reader, reader.names, reader.nameCount, key, keyLength, reader.apexKeyLength);
}

/** Position of the NSEC3 node of this hash, or ~insertion point. */
export function searchNsec3(reader: ImageReader, hash: Uint8Array): number {
  return search(reader, reader.nsec3, reader.nsec3Count, hash, hash.length, 0);
}
