import type { ZoneImage } from '../zone/image.ts';
import { openImage, type ImageReader } from '../zone/image-reader.ts';
import { Name } from '../wire/name.ts';
import { noZone } from './no-zone.ts';
import type { SearchName } from './search-name.ts';

/** The zones that a worker serves: found by the longest suffix of a name, without garbage, however many there are. */
export interface ZoneSet {
  readonly size: number;
  /**
   * Serves this version of a zone. Says why it cannot be read, when it cannot: then the version before stays, or the zone is
   * there, but as `noZone`.
   */
  set(image: ZoneImage): string | undefined;
  /** `originKey` is `Name.key` of the origin. */
  remove(originKey: string): void;
  /** The deepest zone at or above the ancestor of `name` with `labels` labels. */
  find(name: SearchName, labels: number): ImageReader | undefined;
}

interface Entry {
  sortKey: Uint8Array;
  hash: number;
  reader: ImageReader;
}

const FNV_OFFSET = 0x811c9dc5 | 0;
const FNV_PRIME = 0x01000193;

export function createZoneSet(images: Iterable<ZoneImage> = []): ZoneSet {
  const entries = new Map<string, Entry>();
  let slots: (Entry | undefined)[] = new Array<undefined>(16);

  const insert = (entry: Entry): void => {
    let slot = entry.hash & (slots.length - 1);
    while (slots[slot]) slot = (slot + 1) & (slots.length - 1);
    slots[slot] = entry;
  };
  const rebuild = (): void => {
    let size = 16;
    while (size < 4 * entries.size) size *= 2;
    slots = new Array<undefined>(size);
    for (const entry of entries.values()) insert(entry);
  };
  const put = (origin: Name, reader: ImageReader): void => {
    const added = { sortKey: origin.sortKey, hash: hashKey(origin.sortKey), reader };
    entries.set(origin.key, added);
    // Open addressing: a third of the slots stay free, so that a probe for a foreign name ends soon.
    if (entries.size * 3 > slots.length * 2) rebuild();
    else insert(added);
  };
  const set = (image: ZoneImage): string | undefined => {
    const origin = Name.trusted(image.originWire);
    const entry = entries.get(origin.key);
    const opened = tryOpen(image);
    if (!entry) put(origin, opened.reader ?? noZone);
    else if (opened.reader) entry.reader = opened.reader;
    return opened.problem;
  };
  for (const image of images) set(image);
  return {
    get size() {
      return entries.size;
    },
    set,
    remove(originKey) {
      if (entries.delete(originKey)) rebuild();
    },
    find(name, labels) {
      let found: ImageReader | undefined;
      let hash = FNV_OFFSET;
      let at = 0;
      for (let depth = 0; depth <= labels; depth++) {
        for (const end = name.keyEnds[depth]!; at < end; at++)
          hash = Math.imul(hash ^ name.key[at]!, FNV_PRIME);
        const entry = probe(slots, hash, name.key, at);
        if (entry) found = entry.reader;
      }
      return found;
    },
  };
}

function tryOpen(image: ZoneImage): { reader?: ImageReader; problem?: string } {
  try {
    return { reader: openImage(image) };
  } catch (error) {
    return { problem: (error as Error).message };
  }
}

function hashKey(key: Uint8Array): number {
  let hash = FNV_OFFSET;
  for (const octet of key) hash = Math.imul(hash ^ octet, FNV_PRIME);
  return hash;
}

function probe(
  slots: (Entry | undefined)[],
  hash: number,
  key: Uint8Array,
  length: number,
): Entry | undefined {
  const mask = slots.length - 1;
  for (let slot = hash & mask; ; slot = (slot + 1) & mask) {
    const entry = slots[slot];
    if (!entry) return undefined;
    if (entry.hash === hash && sameKey(entry.sortKey, key, length)) return entry;
  }
}

function sameKey(a: Uint8Array, b: Uint8Array, length: number): boolean {
  if (a.length !== length) return false;
  for (let i = 0; i < length; i++) if (a[i] !== b[i]) return false;
  return true;
}
