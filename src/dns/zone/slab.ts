import { GRANULE } from './pool.ts';

/**
 * Shared memory for zone data, in a few large pieces (slabs) that all threads have. An address is one word: a number of granules in
 * one space that all slabs share, 64 GiB. A slab begins at a page of 1 MiB of that space, so a table of pages leads from an address to its
 * slab. Address 0 is nothing.
 */
export interface Slab {
  /** The page at which it begins, and how many it takes. */
  readonly page: number;
  readonly pages: number;
  readonly memory: SharedArrayBuffer;
  /** The address of its first octet. */
  readonly first: number;
  readonly bytes: Uint8Array;
  readonly view: DataView;
  readonly words: Uint32Array;
}

/** What another thread needs to have a slab as well. */
export type SharedSlab = Pick<Slab, 'page' | 'memory'>;

/** The slab of each page; undefined where there is none. */
export type Pages = (Slab | undefined)[];

/** Octets of a page. */
export const PAGE = 1024 * 1024;
/** An address without so many of its bits is its page. */
const PAGE_BITS = 16;
/** Pages that addresses reach. */
export const MAX_PAGES = 1 << (32 - PAGE_BITS);

export function openSlab({ page, memory }: SharedSlab): Slab {
  return {
    page,
    pages: memory.byteLength / PAGE,
    memory,
    first: page * (PAGE / GRANULE),
    bytes: new Uint8Array(memory),
    view: new DataView(memory),
    words: new Uint32Array(memory),
  };
}

export function putSlab(pages: Pages, slab: Slab): void {
  for (let page = slab.page; page < slab.page + slab.pages; page++) pages[page] = slab;
}

export function dropSlab(pages: Pages, { page: first, pages: count }: Slab): void {
  for (let page = first; page < first + count; page++) pages[page] = undefined;
}

export function slabAt(pages: Pages, address: number): Slab | undefined {
  return pages[address >>> PAGE_BITS];
}

/** Where an address is in its slab: the octet. */
export function octetOf(slab: Slab, address: number): number {
  return (address - slab.first) * GRANULE;
}
