import { Name } from '../wire/name.ts';
import { placeIn } from './image-index.ts';
import { nodeOwner } from './node-owner.ts';
import type { SlabMemory } from './slab-memory.ts';
import { octetOf, type Pages, slabAt } from './slab.ts';

/**
 * One version of one zone in shared memory, as a handle: nothing of a version is kept elsewhere. At `address` is a block with a header
 * (the words of {@link ImageField}), the apex (its sort key, and its wire form in lower case), and the index: an entry for each node (see `image-index.ts`) in canonical order, then
 * for each NSEC3 node by hash. Places are octets from `arena` on. A small zone has its nodes in the same block, in order, and is
 * copied as a whole for its next version; a large one has them in an arena of their own, which its versions share, and only the
 * index is copied. A version that was made is never changed.
 */
export interface ZoneImage {
  readonly memory: SlabMemory;
  readonly address: number;
}

/** Words at the start of a block. */
export const ImageField = {
  /** One of {@link ImageState}. */
  state: 0,
  /** Octets of the apex's sort key, its labels (from bit 16 on), and the octets of its wire form (from bit 24 on). */
  origin: 1,
  /** The address of the arena: that of this block, or of one of its own. */
  arena: 2,
  /** Number of names, empty non-terminals included. */
  names: 3,
  nsec3: 4,
  /** Number of names with NS, the apex included. */
  ns: 5,
  dnames: 6,
  wildcards: 7,
  /** Octets of the nodes that this version reaches. */
  live: 8,
  /** A `Denial`, and whether a name other than the apex has NS (bit 8). */
  traits: 9,
  /** The place of the SOA RRset of the apex; 0 is none. */
  soa: 10,
  /** TTL of negative answers: min(TTL of the SOA, its MINIMUM), seconds (RFC 2308 §3). */
  negativeTtl: 11,
  /** The place of the NSEC3PARAM RRset of the apex; 0 is none. */
  nsec3Param: 12,
  /**
   * What `searchNsec3` says of the apex and of the wildcard below it: every proof that a name below the apex does not exist
   * needs both, and made-up names are what floods are made of.
   */
  nsec3Apex: 13,
  nsec3Wildcard: 14,
  /** Set by the first worker that is asked for a zone that is not loaded: the only word that workers write. */
  wanted: 15,
  /** Tells versions apart that had the same memory, for views of the control plane; 0 when the version is gone. */
  stamp: 16,
  /** 1: no zone of ours below this one is missing in the table, though others may be. Read while zones are announced. */
  settled: 17,
  /** 1: it is for those who may transfer it, and nobody else is answered from it. */
  withheld: 18,
  /** What the zone is counted under, in all its versions (see `zone-numbers.ts`); 0 is nothing. */
  number: 19,
  /**
   * Of a zone with NSEC and no wildcard below its apex: the place of the node that proves that, and of its NSEC RRset; 0 is none. Every name that is made up needs it, too, and
   * behind all other RRsets of an apex it is far to find.
   */
  nsecWildcard: 20,
  nsecWildcardRRset: 21,
} as const;
export const IMAGE_HEADER = 22;

/** How it stands with a zone; anything else than `ready` has no nodes. */
export const ImageState = {
  ready: 1,
  /** It is ours, and will be read from the database. */
  notLoaded: 2,
  /** What is stored of it cannot be read, or is too old. */
  damaged: 3,
} as const;
export type ImageState = (typeof ImageState)[keyof typeof ImageState];

/** Where a block is, as its header is read and written. */
export interface Block {
  bytes: Uint8Array;
  words: Uint32Array;
  /** Its first octet and its first word. */
  octet: number;
  word: number;
}

/** @throws Error when no slab has the address. */
export function blockAt(pages: Pages, address: number): Block {
  const slab = slabAt(pages, address);
  if (!slab) throw new Error(`no slab has the address ${address}`);
  const octet = octetOf(slab, address);
  return { bytes: slab.bytes, words: slab.words, octet, word: octet / 4 };
}

export function imageField({ memory, address }: ZoneImage, field: number): number {
  const { words, word } = blockAt(memory.pages, address);
  return words[word + field]!;
}

/** Says of an image, which may be served already, that no zone below it is missing in the table. */
export function settleImage({ memory, address }: ZoneImage): void {
  const { words, word } = blockAt(memory.pages, address);
  Atomics.store(words, word + ImageField.settled, 1);
}

/** Says of an image, before it is served, that it is for those who may transfer it alone. */
export function withholdImage({ memory, address }: ZoneImage): void {
  const { words, word } = blockAt(memory.pages, address);
  words[word + ImageField.withheld] = 1;
}

/** Gives an image, before it is served, the number of its zone. */
export function numberImage({ memory, address }: ZoneImage, number: number): void {
  const { words, word } = blockAt(memory.pages, address);
  words[word + ImageField.number] = number;
}

export function imageState(image: ZoneImage): ImageState {
  return imageField(image, ImageField.state) as ImageState;
}

/** The apex: with its case, where there are nodes. */
export function imageOrigin({ memory, address }: ZoneImage): Name {
  const { bytes, words, octet, word } = blockAt(memory.pages, address);
  const apex = octet + 4 * IMAGE_HEADER + (words[word + ImageField.origin]! & 0xffff);
  const canonical = bytes.slice(apex, apex + (words[word + ImageField.origin]! >>> 24));
  if (words[word + ImageField.names] === 0) return Name.trusted(canonical);
  const arena = blockAt(memory.pages, words[word + ImageField.arena]!);
  const first = placeIn(words, word + indexStart(Name.trusted(canonical)), 0);
  return Name.trusted(nodeOwner(arena.bytes, arena.octet + first, canonical));
}

/** The word of a block, from its first one, at which its index begins. */
export function indexStart(origin: Name): number {
  return IMAGE_HEADER + Math.ceil((origin.sortKey.length + origin.wire.length) / 4);
}

/** Takes a block for so many words of index and octets behind it, with the state and the apex; all other words of the header are 0. */
export function takeImage(
  memory: SlabMemory,
  origin: Name,
  state: ImageState,
  indexWords = 0,
  nodeOctets = 0,
): ZoneImage {
  const start = indexStart(origin);
  const address = memory.take(4 * (start + indexWords) + nodeOctets);
  const { bytes, words, octet, word } = blockAt(memory.pages, address);
  words.fill(0, word, word + start);
  words[word + ImageField.state] = state;
  words[word + ImageField.origin] =
    origin.sortKey.length | (origin.labelCount << 16) | (origin.wire.length << 24);
  words[word + ImageField.arena] = address;
  words[word + ImageField.stamp] = nextStamp();
  const apex = octet + 4 * IMAGE_HEADER;
  bytes.set(origin.sortKey, apex);
  bytes.set(origin.canonical().wire, apex + origin.sortKey.length);
  return { memory, address };
}

/** Stands for a zone that has no version to serve. */
export function emptyImage(memory: SlabMemory, origin: Name, state: ImageState): ZoneImage {
  return takeImage(memory, origin, state);
}

/** Whether the nodes are in an arena that versions share. */
export function hasOwnArena(image: ZoneImage): boolean {
  return imageField(image, ImageField.arena) !== image.address;
}

let stamp = 0;
function nextStamp(): number {
  stamp = (stamp + 1) >>> 0 || 1;
  return stamp;
}

/** Gives back all memory of a version, its arena included. */
export function giveImage(image: ZoneImage): void {
  if (hasOwnArena(image)) image.memory.give(imageField(image, ImageField.arena));
  giveIndex(image);
}

/** Gives back the block of a version whose arena others have as well. */
export function giveIndex({ memory, address }: ZoneImage): void {
  const { words, word } = blockAt(memory.pages, address);
  words[word + ImageField.stamp] = 0;
  memory.give(address);
}
