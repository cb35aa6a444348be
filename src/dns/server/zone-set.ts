import { createReader, type ImageReader, setReader } from '../zone/image-reader.ts';
import { IMAGE_HEADER, ImageField, ImageState } from '../zone/image.ts';
import type { SharedZones } from '../zone/served-zones.ts';
import {
  dropSlab,
  octetOf,
  openSlab,
  type Pages,
  putSlab,
  type SharedSlab,
  type Slab,
  slabAt,
} from '../zone/slab.ts';
import { createOpenTable, findSlot, hashKey, openTable, RootField } from '../zone/zone-table.ts';
import { noZone, unloadedZone } from './no-zone.ts';
import { ancestorStart, type SearchName } from './search-name.ts';

/**
 * The zones that a worker serves: it looks them up in the table that all threads share, and reads them where they lie. It keeps nothing of
 * any zone from one query to the next, so a worker with 100,000 zones takes no more memory than one with ten.
 */
export interface ZoneSet {
  /** To be called when queries were received, and before the first of them: what is found has every change that was acknowledged before. */
  begin(): void;
  /** To be called before each query: what the one before found is forgotten. Until the next call a zone stays at the version first found. */
  next(): void;
  /** The deepest zone at or above the ancestor of `name` with `labels` labels; good until the next `begin`. */
  find(name: SearchName, labels: number): ImageReader | undefined;
  addSlab(slab: SharedSlab): void;
  dropPages(pages: readonly number[]): void;
}

export interface ZoneSetOptions {
  zones: SharedZones;
  /**
   * Told the origin of a zone that is asked for and not loaded: by one of all workers, once. While zones are announced it may be any name,
   * that of a zone or one below it.
   */
  onWanted: (wire: Uint8Array) => void;
  /** Something leads to a slab that is on its way: takes in what was sent. */
  onMissing: () => void;
}

/** Names that a worker asks for while zones are announced: whoever makes names up must not keep the control plane from announcing. */
const MOST_ASKED = 256;

/** More than a query goes through: each alias leads to a zone, and a question for DS looks at two. */
const ZONES_PER_QUERY = 32;

export function openZoneSet({ zones, onWanted, onMissing }: ZoneSetOptions): ZoneSet {
  const root = new Uint32Array(zones.root);
  const pages: Pages = [];
  for (const slab of zones.slabs) putSlab(pages, openSlab(slab));
  const table = createOpenTable();
  const readers = Array.from({ length: ZONES_PER_QUERY }, createReader);
  /** The slot of each reader that this query uses. */
  const slots = new Float64Array(ZONES_PER_QUERY);
  let used = 0;
  let announcing = false;
  const asked = new Set<string>();

  const fetchSlab = (address: number): Slab => {
    let slab = slabAt(pages, address);
    if (!slab) {
      onMissing();
      slab = slabAt(pages, address);
    }
    if (!slab) throw new Error(`no slab has the address ${address}`);
    return slab;
  };
  /** The name, or one above it, may be that of a zone that is not here yet. */
  const ask = (name: SearchName, labels: number): ImageReader => {
    if (asked.size < MOST_ASKED) {
      const key = Buffer.from(name.key.subarray(0, name.keyEnds[labels])).toString('latin1');
      if (!asked.has(key)) onWanted(name.wire.slice(ancestorStart(name, labels), name.length));
      asked.add(key);
    }
    return unloadedZone;
  };
  const open = (slot: number, name: SearchName, labels: number): ImageReader | undefined => {
    for (let i = 0; i < used; i++) if (slots[i] === slot) return readers[i];
    const address = Atomics.load(table.words, slot);
    // It went this very moment: there may be one above.
    if (address === 0) return undefined;
    const slab = fetchSlab(address);
    const head = octetOf(slab, address) / 4;
    if (announcing && Atomics.load(slab.words, head + ImageField.settled) === 0) return ask(name, labels);
    const state = slab.words[head + ImageField.state];
    if (state !== ImageState.ready) return state === ImageState.notLoaded ? want(slab, head) : noZone;
    fetchSlab(slab.words[head + ImageField.arena]!);
    const reader = readers[used]!;
    setReader(reader, pages, slab, head);
    slots[used++] = slot;
    return reader;
  };
  const want = ({ words, bytes }: Slab, head: number): ImageReader => {
    if (Atomics.exchange(words, head + ImageField.wanted, 1) === 0) {
      const origin = words[head + ImageField.origin]!;
      const wire = 4 * (head + IMAGE_HEADER) + (origin & 0xffff);
      onWanted(bytes.slice(wire, wire + (origin >>> 24)));
    }
    return unloadedZone;
  };
  const find: ZoneSet['find'] = (name, labels) => {
    const { key, keyEnds } = name;
    const deepest = labels < table.deepest ? labels : table.deepest;
    let hash = table.seed;
    let hashed = 0;
    let found = -1;
    for (let depth = table.highest; depth <= deepest; depth++) {
      const end = keyEnds[depth]!;
      hash = hashKey(hash, key, hashed, end);
      hashed = end;
      const slot = findSlot(table, pages, hash, key, end, fetchSlab);
      if (slot >= 0) found = slot;
    }
    if (found >= 0) return open(found, name, labels) ?? find(name, labels);
    return announcing ? ask(name, labels) : undefined;
  };
  return {
    begin() {
      // Before the table: who does not see that all are announced may miss some.
      announcing = Atomics.load(root, RootField.announcing) === 1;
      if (openTable(table, pages, root)) return;
      onMissing();
      if (!openTable(table, pages, root)) throw new Error('the table of zones is in no slab');
    },
    next() {
      used = 0;
    },
    find,
    addSlab: (slab) => putSlab(pages, openSlab(slab)),
    dropPages(list) {
      for (const page of list) {
        const slab = pages[page];
        if (slab) dropSlab(pages, slab);
      }
    },
  };
}
