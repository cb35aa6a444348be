import type { Name } from '../wire/name.ts';
import { blockAt, IMAGE_HEADER, ImageField } from './image.ts';
import type { SlabMemory } from './slab-memory.ts';
import { octetOf, type Pages, type Slab, slabAt } from './slab.ts';

/**
 * The table of all zones: a hash table in shared memory, from origins to images. One thread writes it, all others read it without
 * locks. It is a block: a header, then slots of two words: the hash of an origin, and the address of its image.
 *
 * Why no reader ever sees a half-made entry: an image is whole before its address is stored, by an atomic store, and whoever loads the
 * address by an atomic load sees all that was written before it; an image is never written again, and its memory not used again before
 * every reader has passed a point at which it holds no address. The hash of a slot is written before the address, once: who reads 0 does not
 * see the zone yet. A slot is its origin's for as long as the table lives: when the zone goes the address becomes 0, and the hash
 * keeps the way to the slots behind it. A table that is full is replaced by another, which is whole before its address is stored.
 */
const TableField = {
  /** Slots less one; they are a power of two. */
  mask: 0,
  /** What hashes begin with, so that nobody can choose names that collide. */
  seed: 1,
  /** Labels of the highest origin that was ever there, and of the deepest. */
  highest: 2,
  deepest: 3,
} as const;
const TABLE_HEADER = 4;
const SLOT_WORDS = 2;
const FEWEST_SLOTS = 16;
/** RFC 1035 §2.3.4: 255 octets, and at least 2 for each label but the root. */
const MAX_LABELS = 127;

/** Words of the memory by which threads find everything else. */
export const RootField = {
  /** The address of the table. It is stored, atomically, after every change: who loads it sees all changes before. */
  table: 0,
  /** 1 while zones are announced: what is not in the table may be ours all the same. */
  announcing: 1,
} as const;
const ROOT_OCTETS = 8;

const FNV_PRIME = 0x01000193;

/** The hash of a sort key: goes on with that of its first `from` octets, up to octet `to`. */
export function hashKey(hash: number, key: Uint8Array, from: number, to: number): number {
  for (let at = from; at < to; at++) hash = Math.imul(hash ^ key[at]!, FNV_PRIME);
  return hash;
}

/** Spreads a hash over all its bits (the finalizer of MurmurHash3); 0 is for slots that are free. */
function slotHash(hash: number): number {
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return hash ^ (hash >>> 16) || 1;
}

/** A table as one thread reads it. */
export interface OpenTable {
  words: Uint32Array;
  /** The word at which it begins. */
  start: number;
  mask: number;
  seed: number;
  highest: number;
  deepest: number;
}

export function createOpenTable(): OpenTable {
  return { words: new Uint32Array(0), start: 0, mask: 0, seed: 0, highest: 0, deepest: 0 };
}

/** Opens the table that the root leads to; false while the address is in no slab that this thread has. */
export function openTable(table: OpenTable, pages: Pages, root: Uint32Array): boolean {
  const address = Atomics.load(root, RootField.table);
  const slab = slabAt(pages, address);
  if (!slab) return false;
  const { words } = slab;
  const start = octetOf(slab, address) / 4;
  table.words = words;
  table.start = start;
  table.mask = words[start + TableField.mask]!;
  table.seed = words[start + TableField.seed]! | 0;
  table.highest = words[start + TableField.highest]!;
  table.deepest = words[start + TableField.deepest]!;
  return true;
}

/**
 * The slot of the origin whose sort key is the first `length` octets of `key`, as the word of its address; -1 when it is not there, or gone.
 * `hash` is what {@link hashKey} made of it. `missing` is called for an address that is in no slab of `pages`, and gets it there.
 */
export function findSlot(
  table: OpenTable,
  pages: Pages,
  hash: number,
  key: Uint8Array,
  length: number,
  missing: (address: number) => void,
): number {
  const { words, mask } = table;
  const wanted = slotHash(hash);
  const first = table.start + TABLE_HEADER;
  for (let i = wanted & mask; ; i = (i + 1) & mask) {
    const slot = first + SLOT_WORDS * i;
    const here = words[slot]! | 0;
    if (here === 0) return -1;
    if (here !== wanted) continue;
    const address = Atomics.load(words, slot + 1);
    if (address === 0) continue;
    const slab = slabAt(pages, address);
    if (!slab) missing(address);
    if (isOrigin(slab ?? slabAt(pages, address)!, address, key, length)) return slot + 1;
  }
}

function isOrigin(slab: Slab, address: number, key: Uint8Array, length: number): boolean {
  const { bytes, words } = slab;
  const octet = octetOf(slab, address);
  if ((words[octet / 4 + ImageField.origin]! & 0xffff) !== length) return false;
  const origin = octet + 4 * IMAGE_HEADER;
  for (let i = 0; i < length; i++) if (bytes[origin + i] !== key[i]) return false;
  return true;
}

/** The table as its only writer has it. */
export interface ZoneTable {
  readonly root: SharedArrayBuffer;
  readonly size: number;
  /** Whether zones of ours may be missing; false at first. */
  announcing: boolean;
  /** The address of the image of an origin; 0 is none. */
  get(origin: Name): number;
  /** From now on readers find this image. Gives the address of the one before; 0 is none. */
  put(origin: Name, address: number): number;
  /** The same, with nothing. */
  remove(origin: Name): number;
  /** All images. One that comes or goes meanwhile may be left out, or come twice. */
  addresses(): Iterable<number>;
}

/** `onReplaced` is told the address of a table that nobody is led to any more. */
export function createZoneTable(
  memory: SlabMemory,
  seed: number,
  onReplaced: (address: number) => void,
): ZoneTable {
  const root = new SharedArrayBuffer(ROOT_OCTETS);
  const rootWords = new Uint32Array(root);
  const { pages } = memory;
  const table = createOpenTable();
  let size = 0;
  /** Slots that have a hash, those of zones that went included. */
  let taken = 0;

  const slotsOf = (): number => table.mask + 1;
  const lead = (address: number): void => {
    Atomics.store(rootWords, RootField.table, address);
    openTable(table, pages, rootWords);
  };
  const changed = (): void => lead(rootWords[RootField.table]!);
  const addTable = (slots: number, highest: number, deepest: number): number => {
    const octets = 4 * (TABLE_HEADER + SLOT_WORDS * slots);
    const address = memory.take(octets);
    const { words, word } = blockAt(pages, address);
    words.fill(0, word, word + octets / 4);
    words[word + TableField.mask] = slots - 1;
    words[word + TableField.seed] = seed;
    words[word + TableField.highest] = highest;
    words[word + TableField.deepest] = deepest;
    return address;
  };
  /** A new table, a third full. */
  const rebuild = (): void => {
    let slots = FEWEST_SLOTS;
    while (slots < 3 * (size + 1)) slots *= 2;
    const old = rootWords[RootField.table]!;
    const address = addTable(slots, table.highest, table.deepest);
    const { words, word } = blockAt(pages, address);
    const first = table.start + TABLE_HEADER;
    for (let slot = first; slot < first + SLOT_WORDS * slotsOf(); slot += SLOT_WORDS) {
      if (table.words[slot + 1] === 0) continue;
      const free = freeSlot(words, word, table.words[slot]!);
      words[free] = table.words[slot]!;
      words[free + 1] = table.words[slot + 1]!;
    }
    taken = size;
    lead(address);
    onReplaced(old);
  };
  const hashOf = (key: Uint8Array): number => hashKey(seed | 0, key, 0, key.length);
  const find = (origin: Name): number => {
    const { sortKey } = origin;
    return findSlot(table, pages, hashOf(sortKey), sortKey, sortKey.length, noSlab);
  };
  lead(addTable(FEWEST_SLOTS, MAX_LABELS, 0));

  return {
    root,
    get size() {
      return size;
    },
    get announcing() {
      return rootWords[RootField.announcing] === 1;
    },
    set announcing(value) {
      Atomics.store(rootWords, RootField.announcing, Number(value));
    },
    get(origin) {
      const slot = find(origin);
      return slot < 0 ? 0 : table.words[slot]!;
    },
    put(origin, address) {
      const slot = find(origin);
      const before = slot < 0 ? 0 : table.words[slot]!;
      if (slot >= 0) Atomics.store(table.words, slot, address);
      else {
        if ((taken + 1) * 3 > slotsOf() * 2) rebuild();
        widen(table, origin.labelCount);
        const hash = slotHash(hashOf(origin.sortKey));
        const free = freeSlot(table.words, table.start, hash);
        table.words[free] = hash;
        Atomics.store(table.words, free + 1, address);
        taken++;
        size++;
      }
      changed();
      return before;
    },
    remove(origin) {
      const slot = find(origin);
      if (slot < 0) return 0;
      const before = table.words[slot]!;
      Atomics.store(table.words, slot, 0);
      size--;
      changed();
      return before;
    },
    *addresses() {
      let at = table.start;
      for (let i = 0; i < slotsOf(); i++) {
        // Another table has other places: from the beginning.
        if (at !== table.start) {
          at = table.start;
          i = 0;
        }
        const address = table.words[at + TABLE_HEADER + SLOT_WORDS * i + 1]!;
        if (address !== 0) yield address;
      }
    },
  };
}

function noSlab(address: number): never {
  throw new Error(`no slab has the address ${address}`);
}

/** Before the origin is there: who finds it looks at names of as many labels. */
function widen(table: OpenTable, labels: number): void {
  const { words, start } = table;
  words[start + TableField.highest] = Math.min(table.highest, labels);
  words[start + TableField.deepest] = Math.max(table.deepest, labels);
}

/** The word of the first slot for this hash that never had one. */
function freeSlot(words: Uint32Array, table: number, hash: number): number {
  const mask = words[table + TableField.mask]!;
  let i = hash & mask;
  while (words[table + TABLE_HEADER + SLOT_WORDS * i] !== 0) i = (i + 1) & mask;
  return table + TABLE_HEADER + SLOT_WORDS * i;
}
