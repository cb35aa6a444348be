import { ImageField, blockAt, hasOwnArena, imageField, type ZoneImage } from './image.ts';
import {
  BLOCK_HEADER,
  GRANULE,
  POOL_OVERHEAD,
  capacityOf,
  createPool,
  giveBlock,
  growPool,
  poolOctets,
  poolUsed,
  takeBlock,
} from './pool.ts';
import type { SlabMemory } from './slab-memory.ts';

/** The nodes of a large zone, each a block of a pool: what a version does not need any more, later ones use again. */
export interface Arena {
  readonly address: number;
  /** Octets of its nodes, headers included. */
  readonly used: number;
  /** Writes a node; gives its place, or 0 when there is no room. */
  put(node: Uint8Array): number;
  /** Gives back a node, which nobody may read any more. */
  give(place: number): void;
}

/** From this size on (octets) an arena has a slab of its own: the machine gives the memory when it is written. */
const RESERVED_FROM = 16 * 1024 * 1024;
/** Places are 32 bits. */
const MAX_ARENA = 0xffff_fff0;

/**
 * Makes an arena with room for so many nodes of `live` octets in all, and for more.
 * @throws Error when they are more than 4 GiB, RangeError when the machine has not as much memory
 */
export function createArena(memory: SlabMemory, live: number, nodes: number): Arena {
  // Each node has a header and is rounded up.
  const { address, octets } = takeRoom(memory, POOL_OVERHEAD + live + nodes * (BLOCK_HEADER + GRANULE - 1));
  const { words, word } = blockAt(memory.pages, address);
  createPool(words, word, octets);
  return openArena(memory, address);
}

/**
 * A copy of an arena, with room for so many octets more: all places are the same.
 * @throws Error when they are more than 4 GiB, RangeError when the machine has not as much memory
 */
export function growArena(memory: SlabMemory, { address: from }: Arena, more: number): Arena {
  const old = blockAt(memory.pages, from);
  const size = poolOctets(old.words, old.word);
  const { address, octets } = takeRoom(memory, size + more + BLOCK_HEADER + GRANULE);
  const { bytes, words, octet, word } = blockAt(memory.pages, address);
  bytes.set(old.bytes.subarray(old.octet, old.octet + size), octet);
  growPool(words, word, octets);
  return openArena(memory, address);
}

/** Memory for an arena of so many octets at least. */
function takeRoom(memory: SlabMemory, least: number): { address: number; octets: number } {
  if (least > MAX_ARENA) throw new Error('the zone is larger than 4 GiB');
  const some = Math.min(Math.ceil(least * 1.25), MAX_ARENA);
  return least < RESERVED_FROM ? takeArena(memory, some) : reserve(memory, least, some);
}

function takeArena(memory: SlabMemory, octets: number) {
  return { address: memory.take(octets), octets };
}

/** Four times as much as is needed, as it costs nothing before it is used; or less where there is no room for it. */
function reserve(memory: SlabMemory, least: number, some: number) {
  try {
    return takeArena(memory, Math.min(4 * least, MAX_ARENA));
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    return takeArena(memory, some);
  }
}

export function openArena(memory: SlabMemory, address: number): Arena {
  const { bytes, words, octet, word } = blockAt(memory.pages, address);
  return {
    address,
    get used() {
      return poolUsed(words, word);
    },
    put(node) {
      const block = takeBlock(words, word, node.length);
      if (block !== 0) bytes.set(node, octet + block * GRANULE);
      return block * GRANULE;
    },
    give(place) {
      const from = octet + place;
      memory.spoil(bytes, from, from + capacityOf(words, word, place / GRANULE));
      giveBlock(words, word, place / GRANULE);
    },
  };
}

/** Octets of memory that a version takes, without what its arena has in reserve. */
export function imageSize(image: ZoneImage): number {
  const { memory, address } = image;
  const arena = hasOwnArena(image) ? openArena(memory, imageField(image, ImageField.arena)).used : 0;
  return memory.capacity(address) + arena;
}
