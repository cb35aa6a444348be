/**
 * Blocks of memory out of one range of shared words, by two-level segregated fit (Masmano et al., TLSF, 2004): free blocks hang in
 * lists by size class, two bitmaps say which lists have any, and neighbours that are both free become one at once. Taking and giving
 * back cost constant time, whatever the number of blocks. All state lies in the range itself: a pool costs no memory elsewhere.
 *
 * Sizes and places count by granules of 16 octets. A block is known by its handle: the granule at which its octets begin. The two words
 * before them are its header: its size with a bit for "taken", and the handle of the block before it. In a free block two words follow:
 * the next and the previous one in its list; 0 is none.
 */

/** Octets of a granule. */
export const GRANULE = 16;
/** Words of a granule. */
const WORDS = GRANULE / 4;
/** Octets of a block's header. */
export const BLOCK_HEADER = 8;

/** Classes between two powers of two, as a power of two: a block that is found is at most a 16th larger than it must be. */
const SECOND_BITS = 4;
const SECOND = 1 << SECOND_BITS;
/** Powers of two: sizes are below 2^28 granules, 4 GiB. */
const FIRST = 26;
/** Free blocks of a size's own class that are looked at, as one of them may fit better than one of the next class. */
const LOOK = 8;

/** Words of the state at the start of a pool. */
const Field = { granules: 0, used: 1, firstMap: 2, secondMaps: 3, heads: 3 + FIRST } as const;
const STATE_GRANULES = Math.ceil((Field.heads + FIRST * SECOND + 2) / WORDS);
const FIRST_BLOCK = STATE_GRANULES;

/** Octets of a pool that are for its state, and of its only block's header. */
export const POOL_OVERHEAD = FIRST_BLOCK * GRANULE + BLOCK_HEADER;

/** Granules of a block for so many octets. */
function blockSize(octets: number): number {
  return Math.max(1, Math.ceil((octets + BLOCK_HEADER) / GRANULE));
}

/** Octets that a block for so many octets takes, header and rounding included. */
export function blockOctets(octets: number): number {
  return blockSize(octets) * GRANULE;
}

/** Makes one free block of a range of words: `octets` from the word `base` on, rounded down to whole granules. */
export function createPool(words: Uint32Array, base: number, octets: number): void {
  const granules = Math.floor(octets / GRANULE);
  words.fill(0, base, base + FIRST_BLOCK * WORDS);
  words[base + Field.granules] = granules;
  // The end is a block that is always taken, so that nothing ever joins what is behind the pool.
  setHeader(words, base, granules, 0, true, FIRST_BLOCK);
  setHeader(words, base, FIRST_BLOCK, granules - FIRST_BLOCK, false, 0);
  link(words, base, FIRST_BLOCK);
}

/**
 * Makes a pool larger, to so many octets: all handles stay. A pool may be copied to other memory before, as it is: nothing in it says
 * where it is.
 */
export function growPool(words: Uint32Array, base: number, octets: number): void {
  const end = words[base + Field.granules]!;
  const granules = Math.floor(octets / GRANULE);
  words[base + Field.granules] = granules;
  // The end becomes a block that is given back, and joins the one before it if that is free.
  setHeader(words, base, end, granules - end, true, beforeOf(words, base, end));
  setHeader(words, base, granules, 0, true, end);
  words[base + Field.used]! += granules - end;
  giveBlock(words, base, end);
}

/** Octets of a pool. */
export function poolOctets(words: Uint32Array, base: number): number {
  return words[base + Field.granules]! * GRANULE;
}

/** The handle of a block that holds so many octets, with what was there before; 0 when the pool has none. */
export function takeBlock(words: Uint32Array, base: number, octets: number): number {
  const size = blockSize(octets);
  const block = findFree(words, base, size);
  if (block === 0) return 0;
  unlink(words, base, block);
  const left = sizeOf(words, base, block) - size;
  if (left > 0) {
    const rest = block + size;
    setHeader(words, base, rest, left, false, block);
    setBefore(words, base, rest + left, rest);
    link(words, base, rest);
  }
  setHeader(words, base, block, size, true, beforeOf(words, base, block));
  words[base + Field.used]! += size;
  return block;
}

/** Gives a block back. @throws Error when the handle is that of no taken block, as far as its header tells */
export function giveBlock(words: Uint32Array, base: number, block: number): void {
  if (!isTaken(words, base, block)) throw new Error(`no block is taken at granule ${block}`);
  let start = block;
  let size = sizeOf(words, base, block);
  words[base + Field.used]! -= size;
  const before = beforeOf(words, base, block);
  if (before !== 0 && !isTaken(words, base, before)) {
    unlink(words, base, before);
    size += sizeOf(words, base, before);
    start = before;
  }
  const after = start + size;
  if (!isTaken(words, base, after)) {
    unlink(words, base, after);
    size += sizeOf(words, base, after);
  }
  setHeader(words, base, start, size, false, beforeOf(words, base, start));
  setBefore(words, base, start + size, start);
  link(words, base, start);
}

/** Octets that a taken block holds: at least as many as were asked for. */
export function capacityOf(words: Uint32Array, base: number, block: number): number {
  return sizeOf(words, base, block) * GRANULE - BLOCK_HEADER;
}

/** Octets of all taken blocks, headers and rounding included. */
export function poolUsed(words: Uint32Array, base: number): number {
  return words[base + Field.used]! * GRANULE;
}

function sizeOf(words: Uint32Array, base: number, block: number): number {
  return words[base + block * WORDS - 2]! >>> 1;
}

function isTaken(words: Uint32Array, base: number, block: number): boolean {
  return (words[base + block * WORDS - 2]! & 1) === 1;
}

function beforeOf(words: Uint32Array, base: number, block: number): number {
  return words[base + block * WORDS - 1]!;
}

function setBefore(words: Uint32Array, base: number, block: number, before: number): void {
  words[base + block * WORDS - 1] = before;
}

function setHeader(
  words: Uint32Array,
  base: number,
  block: number,
  size: number,
  taken: boolean,
  before: number,
): void {
  words[base + block * WORDS - 2] = (size << 1) | Number(taken);
  words[base + block * WORDS - 1] = before;
}

/** The class of a size: its list is `heads[class]`. */
function classOf(size: number): number {
  if (size < SECOND) return size;
  const power = 31 - Math.clz32(size) - SECOND_BITS;
  return ((power + 1) << SECOND_BITS) + ((size >>> power) - SECOND);
}

/** The smallest class of which every block has this size at least. */
function classAbove(size: number): number {
  if (size < SECOND) return size;
  const power = 31 - Math.clz32(size) - SECOND_BITS;
  return classOf(size + (1 << power) - 1);
}

function findFree(words: Uint32Array, base: number, size: number): number {
  let best = 0;
  let block = words[base + Field.heads + classOf(size)]!;
  for (let looked = 0; block !== 0 && looked < LOOK; looked++) {
    const has = sizeOf(words, base, block);
    if (has === size) return block;
    if (has > size && (best === 0 || has < sizeOf(words, base, best))) best = block;
    block = words[base + block * WORDS]!;
  }
  return best === 0 ? firstFrom(words, base, classAbove(size)) : best;
}

/** The first block of the first list from this class on that has one. */
function firstFrom(words: Uint32Array, base: number, from: number): number {
  let first = from >>> SECOND_BITS;
  if (first >= FIRST) return 0;
  let map = words[base + Field.secondMaps + first]! & (-1 << (from & (SECOND - 1)));
  if (map === 0) {
    const firsts = words[base + Field.firstMap]! & (-1 << (first + 1));
    if (firsts === 0) return 0;
    first = lowestBit(firsts);
    map = words[base + Field.secondMaps + first]!;
  }
  return words[base + Field.heads + (first << SECOND_BITS) + lowestBit(map)]!;
}

function lowestBit(map: number): number {
  return 31 - Math.clz32(map & -map);
}

function link(words: Uint32Array, base: number, block: number): void {
  const kind = classOf(sizeOf(words, base, block));
  const head = base + Field.heads + kind;
  const next = words[head]!;
  words[base + block * WORDS] = next;
  words[base + block * WORDS + 1] = 0;
  if (next !== 0) words[base + next * WORDS + 1] = block;
  words[head] = block;
  words[base + Field.secondMaps + (kind >>> SECOND_BITS)]! |= 1 << (kind & (SECOND - 1));
  words[base + Field.firstMap]! |= 1 << (kind >>> SECOND_BITS);
}

function unlink(words: Uint32Array, base: number, block: number): void {
  const next = words[base + block * WORDS]!;
  const previous = words[base + block * WORDS + 1]!;
  if (next !== 0) words[base + next * WORDS + 1] = previous;
  if (previous !== 0) {
    words[base + previous * WORDS] = next;
    return;
  }
  const kind = classOf(sizeOf(words, base, block));
  words[base + Field.heads + kind] = next;
  if (next !== 0) return;
  const second = base + Field.secondMaps + (kind >>> SECOND_BITS);
  words[second]! &= ~(1 << (kind & (SECOND - 1)));
  if (words[second] === 0) words[base + Field.firstMap]! &= ~(1 << (kind >>> SECOND_BITS));
}
