import {
  blockOctets,
  capacityOf,
  createPool,
  giveBlock,
  POOL_OVERHEAD,
  poolUsed,
  takeBlock,
} from './pool.ts';
import {
  dropSlab,
  MAX_PAGES,
  octetOf,
  openSlab,
  PAGE,
  type Pages,
  putSlab,
  type SharedSlab,
  type Slab,
  slabAt,
} from './slab.ts';

/** Blocks of shared memory. Only one thread, the control plane, takes and gives them; all others read. */
export interface SlabMemory {
  readonly pages: Pages;
  /** The address of a block of so many octets, with what was there before. @throws RangeError when the machine has no more memory */
  take(octets: number): number;
  /** Gives a block back. Nobody may read it any more. */
  give(address: number): void;
  /** Octets that a block holds: at least as many as were asked for. */
  capacity(address: number): number;
  /** Lets tests see who reads what is gone: fills the octets with 0xff, when the memory was made so. */
  spoil(bytes: Uint8Array, from: number, to: number): void;
  /** All slabs. */
  slabs(): SharedSlab[];
  /** Octets of all slabs, and of all blocks that are taken: the machine gives the memory when it is first written. */
  figures(): { slabs: number; octets: number; used: number };
  /**
   * Pages of slabs that went since the last call. Other threads may know them still: when none does, `reusePages` lets new
   * slabs have them.
   */
  takeGone(): number[];
  reusePages(pages: readonly number[]): void;
}

export interface SlabMemoryOptions {
  /** Told of each new slab before anything is in it. */
  onSlab?: (slab: SharedSlab) => void;
  /** Told of the memory of a new slab before anything is written there. */
  onMemory?: (memory: SharedArrayBuffer) => void;
  /** Whether blocks that are given back are filled with 0xff. */
  spoils?: boolean;
  /** Octets of the largest slab for many blocks; a block of more than a quarter of it has a slab of its own. */
  largestSlab?: number;
}

const LARGEST_SLAB = 64 * 1024 * 1024;

/** Makes a memory without slabs: the first is small (1 MiB), each later one as large as all before it, up to the largest. */
export function createSlabMemory(options: SlabMemoryOptions = {}): SlabMemory {
  const { onSlab, onMemory, spoils = false, largestSlab = LARGEST_SLAB } = options;
  const pages: Pages = [];
  /** In order of page: blocks come from the first that has one, so that the last ones can go when there is less. */
  let slabs: Slab[] = [];
  /** Those made for one large block: nothing else goes there, so that they can go with it. */
  const own = new Set<Slab>();
  let gone: number[] = [];
  /** Pages that went and that other threads may know still. */
  const leaving = new Set<number>();
  let octets = 0;

  const addSlab = (least: number): Slab => {
    const size = Math.ceil(least / PAGE) * PAGE;
    const shared = { page: freePages(pages, leaving, size / PAGE), memory: new SharedArrayBuffer(size) };
    onMemory?.(shared.memory);
    const slab = openSlab(shared);
    createPool(slab.words, 0, size);
    putSlab(pages, slab);
    slabs = [...slabs, slab].sort((a, b) => a.page - b.page);
    octets += size;
    onSlab?.(shared);
    return slab;
  };
  const takeOwn = (size: number): number => {
    const slab = addSlab(blockOctets(size) + POOL_OVERHEAD);
    own.add(slab);
    return slab.first + takeBlock(slab.words, 0, size);
  };
  const takeShared = (size: number): number => {
    for (const slab of slabs) {
      const block = own.has(slab) ? 0 : takeBlock(slab.words, 0, size);
      if (block !== 0) return slab.first + block;
    }
    const shared = slabs.reduce((sum, slab) => sum + (own.has(slab) ? 0 : slab.memory.byteLength), 0);
    const grown = Math.min(Math.max(shared, PAGE), largestSlab);
    const slab = addSlab(Math.max(blockOctets(size) + POOL_OVERHEAD, grown));
    return slab.first + takeBlock(slab.words, 0, size);
  };
  const remove = (slab: Slab): void => {
    slabs = slabs.filter((other) => other !== slab);
    own.delete(slab);
    dropSlab(pages, slab);
    octets -= slab.memory.byteLength;
    for (let page = slab.page; page < slab.page + slab.pages; page++) {
      gone.push(page);
      leaving.add(page);
    }
  };
  /** One slab without blocks is kept, unless it was made for one large block. */
  const removeIfIdle = (slab: Slab): void => {
    if (poolUsed(slab.words, 0) > 0) return;
    if (own.has(slab) || slabs.some((other) => other !== slab && poolUsed(other.words, 0) === 0))
      remove(slab);
  };
  const slabOf = (address: number): Slab => {
    const slab = slabAt(pages, address);
    if (!slab) throw new Error(`no slab has the address ${address}`);
    return slab;
  };
  const blockOf = (slab: Slab, address: number): number => address - slab.first;

  return {
    pages,
    take: (size) => (size > largestSlab / 4 ? takeOwn(size) : takeShared(size)),
    give(address) {
      const slab = slabOf(address);
      const from = octetOf(slab, address);
      this.spoil(slab.bytes, from, from + capacityOf(slab.words, 0, blockOf(slab, address)));
      giveBlock(slab.words, 0, blockOf(slab, address));
      removeIfIdle(slab);
    },
    capacity(address) {
      const slab = slabOf(address);
      return capacityOf(slab.words, 0, blockOf(slab, address));
    },
    spoil(bytes, from, to) {
      if (spoils) bytes.fill(0xff, from, to);
    },
    slabs: () => slabs.map(({ page, memory }) => ({ page, memory })),
    figures: () => ({
      slabs: slabs.length,
      octets,
      used: slabs.reduce((sum, { words }) => sum + poolUsed(words, 0), 0),
    }),
    takeGone() {
      const taken = gone;
      gone = [];
      return taken;
    },
    reusePages(list) {
      for (const page of list) leaving.delete(page);
    },
  };
}

/** The first run of so many free pages; page 0 begins with the state of a pool, so no block has the address 0. */
function freePages(pages: Pages, leaving: ReadonlySet<number>, count: number): number {
  let start = 0;
  for (let page = 0; page < MAX_PAGES; page++) {
    if (pages[page] || leaving.has(page)) start = page + 1;
    else if (page - start + 1 === count) return start;
  }
  throw new RangeError('zone data takes more than 64 GiB');
}
