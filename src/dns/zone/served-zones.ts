import type { Name } from '../wire/name.ts';
import {
  ImageField,
  ImageState,
  emptyImage,
  giveImage,
  imageField,
  imageOrigin,
  imageState,
  numberImage,
  settleImage,
  type ZoneImage,
} from './image.ts';
import { imageSize } from './arena.ts';
import { openImage } from './image-reader.ts';
import type { Draft } from './image-update.ts';
import { createSlabMemory, type SlabMemory, type SlabMemoryOptions } from './slab-memory.ts';
import type { SharedSlab } from './slab.ts';
import { createZoneNumbers } from './zone-numbers.ts';
import { createZoneTable } from './zone-table.ts';

/** A zone whose newest version cannot be served. */
export interface RefusedZone {
  zone: Name;
  reason: string;
}

/** What changes at once in what is served. */
export interface ZoneChanges {
  set?: readonly Draft[];
  remove?: readonly Name[];
}

/** What a thread needs to find all zones, now and later. */
export interface SharedZones {
  root: SharedArrayBuffer;
  slabs: SharedSlab[];
}

/** Memory that nobody is led to any more. */
export interface Garbage {
  /** Pages that no thread may know any more when it is freed. */
  pages: number[];
  /**
   * To be called when every reader has passed a point at which it holds no image, since this was collected; but for those whose arenas are
   * kept: what belongs to them is held until `letGo`.
   */
  free(kept?: ReadonlySet<number>): void;
}

/** Told by the one who serves, who also collects the garbage. */
export interface ServedZonesListener {
  /** There is a new slab; nothing leads to it yet. */
  onSlab(slab: SharedSlab): void;
  /** There is garbage. */
  onGarbage(): void;
  onRefused(zone: RefusedZone): void;
}

/**
 * All zones that are served, in memory that all threads share: one table, and images. This is the side that writes; the only one. What
 * it does here is seen by every query that comes after.
 */
export interface ServedZones {
  readonly memory: SlabMemory;
  /** How many there are, those without a version among them. */
  readonly size: number;
  get(origin: Name): ZoneImage | undefined;
  all(): Iterable<ZoneImage>;
  /** The zone that is counted under a number, now. */
  numbered(number: number): Name | undefined;
  /** Nothing is counted under this number or a greater one. */
  readonly numbersEnd: number;
  /**
   * True until all zones are announced, where that takes a while: a name may be that of a zone that is not here yet, so nothing is answered but
   * from zones that are settled. False at first.
   */
  announcing: boolean;
  /** A zone is ours, but not loaded yet. Nothing changes when it is there already. */
  announce(origin: Name): void;
  /** All zones below this one are announced. */
  settle(origin: Name): void;
  /** What is stored of a zone cannot be read: what is served of it goes on, or it is there without a version. */
  refuse(origin: Name, reason: string): void;
  /** No version of a zone is to be served any more, or none can: until there is another it is ours, and answers SERVFAIL. */
  withdraw(origin: Name): void;
  /** Serves these versions, then serves those zones no more. A version that cannot be read is refused. */
  commit(changes: ZoneChanges): void;
  /** Zones whose newest version was refused. */
  refused(): RefusedZone[];
  share(): SharedZones;
  /** There is one listener at most: the one before is told nothing more. Gives the way to end it. */
  listen(listener: ServedZonesListener): () => void;
  collect(): Garbage | undefined;
  /** Frees what was held, but for what belongs to arenas that are kept still. */
  letGo(kept: ReadonlySet<number>): void;
  /** Octets of garbage that is not freed, collected or not, without what is held. */
  readonly garbage: number;
  /** Octets that are held for readers of old versions. */
  readonly held: number;
}

export interface ServedZonesOptions extends Pick<SlabMemoryOptions, 'onMemory' | 'spoils' | 'largestSlab'> {
  /** What the hashes of the table begin with: 32 bits. */
  seed?: number;
}

export function createServedZones({ seed = 0, ...options }: ServedZonesOptions = {}): ServedZones {
  let listener: ServedZonesListener | undefined;
  let retired: Retired[] = [];
  let held: Retired[] = [];
  let garbage = 0;
  const refusals = new Map<string, RefusedZone>();
  const retire = (octets: number, release: () => void, arena = 0): void => {
    garbage += octets;
    retired.push({ octets, arena, release });
    listener?.onGarbage();
  };
  /** In order: of the versions that have one arena, an older one is freed before a later one. */
  const free = (list: readonly Retired[], kept: ReadonlySet<number>): void => {
    held = [];
    for (const one of list) {
      if (kept.has(one.arena)) {
        held.push(one);
        continue;
      }
      garbage -= one.octets;
      one.release();
    }
  };
  const heldOctets = (): number => held.reduce((sum, { octets }) => sum + octets, 0);
  const memory = createSlabMemory({ ...options, onSlab: (slab) => listener?.onSlab(slab) });
  const table = createZoneTable(memory, seed, (address) =>
    retire(memory.capacity(address), () => memory.give(address)),
  );

  const numbers = createZoneNumbers();
  /** Before it is served: the number of the version before, or one of its own. */
  const number = (image: ZoneImage, before: ZoneImage | undefined): void => {
    const own = before && imageField(before, ImageField.number);
    if (own !== undefined) numbers.move(own, image.address);
    numberImage(image, own ?? numbers.take(image.address));
  };

  const get = (origin: Name): ZoneImage | undefined => imageAt(table.get(origin));
  const isSettled = (origin: Name): boolean => {
    const image = get(origin);
    return image !== undefined && imageField(image, ImageField.settled) === 1;
  };
  const imageAt = (address: number): ZoneImage | undefined =>
    address === 0 ? undefined : { memory, address };
  const put = (origin: Name, image: ZoneImage, release: () => void, base: ZoneImage | undefined): void => {
    if (table.announcing && isSettled(origin)) settleImage(image);
    number(image, get(origin));
    const before = imageAt(table.put(origin, image.address));
    if (!base && !before) return;
    const give = (): void => {
      release();
      // Not what the new version was made of: a zone that was not loaded, or was damaged.
      if (before && before.address !== base?.address) giveImage(before);
    };
    retire(before ? sizeBeside(before, image) : 0, give, before && arenaOf(before));
  };
  const refuse = (origin: Name, reason: string): void => {
    refusals.set(origin.key, { zone: origin, reason });
    listener?.onRefused({ zone: origin, reason });
    const before = get(origin);
    if (before && imageState(before) === ImageState.ready) return;
    withdraw(origin);
  };
  const withdraw = (origin: Name): void =>
    put(origin, emptyImage(memory, origin, ImageState.damaged), () => undefined, undefined);
  const set = ({ image, base, release, discard }: Draft): void => {
    const origin = imageOrigin(image);
    const problem = problemOf(image);
    if (problem === undefined) {
      refusals.delete(origin.key);
      put(origin, image, release, base);
    } else {
      discard();
      refuse(origin, problem);
    }
  };
  const remove = (origin: Name): void => {
    refusals.delete(origin.key);
    const before = imageAt(table.remove(origin));
    if (before) numbers.give(imageField(before, ImageField.number));
    if (before) retire(imageSize(before), () => giveImage(before), arenaOf(before));
  };

  return {
    memory,
    get size() {
      return table.size;
    },
    get,
    *all() {
      for (const address of table.addresses()) yield { memory, address };
    },
    numbered(wanted) {
      const image = imageAt(numbers.addressOf(wanted));
      return image && imageOrigin(image);
    },
    get numbersEnd() {
      return numbers.end;
    },
    get announcing() {
      return table.announcing;
    },
    set announcing(value) {
      table.announcing = value;
    },
    settle(origin) {
      const image = get(origin);
      if (image) settleImage(image);
    },
    announce(origin) {
      if (table.get(origin) === 0)
        put(origin, emptyImage(memory, origin, ImageState.notLoaded), () => undefined, undefined);
    },
    refuse,
    withdraw,
    commit(changes) {
      // A name that moves from one zone into another is in both for a moment, never in none.
      changes.set?.forEach(set);
      changes.remove?.forEach(remove);
    },
    refused: () => [...refusals.values()],
    get garbage() {
      return garbage - heldOctets();
    },
    get held() {
      return heldOctets();
    },
    letGo: (kept) => free(held, kept),
    share: () => ({ root: table.root, slabs: memory.slabs() }),
    listen(next) {
      listener = next;
      return () => {
        if (listener === next) listener = undefined;
      };
    },
    collect() {
      const releases = retired;
      const pages = memory.takeGone();
      if (releases.length === 0 && pages.length === 0) return undefined;
      retired = [];
      return {
        pages,
        free(kept = noArenas) {
          free([...held, ...releases], kept);
          memory.reusePages(pages);
        },
      };
    },
  };
}

/** A version that nobody is led to any more. */
interface Retired {
  octets: number;
  /** The arena with its nodes; 0 for memory that is no version's. */
  arena: number;
  release: () => void;
}

const noArenas: ReadonlySet<number> = new Set();

function arenaOf(image: ZoneImage): number {
  return imageField(image, ImageField.arena);
}

/** Octets of a version, without what the next one has as well. */
function sizeBeside(image: ZoneImage, next: ZoneImage): number {
  const isShared = imageField(image, ImageField.arena) === imageField(next, ImageField.arena);
  return isShared ? image.memory.capacity(image.address) : imageSize(image);
}

/** Why a version cannot be served, if it cannot. */
function problemOf(image: ZoneImage): string | undefined {
  try {
    openImage(image);
    return undefined;
  } catch (error) {
    return (error as Error).message;
  }
}
