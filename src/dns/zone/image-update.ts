import { eachStep, sorted, type Steps } from '../../core/slices.ts';
import type { Name } from '../wire/name.ts';
import { createArena, growArena, openArena, type Arena } from './arena.ts';
import {
  IMAGE_HEADER,
  ImageField,
  giveImage,
  giveIndex,
  hasOwnArena,
  imageField,
  imageOrigin,
  type ZoneImage,
} from './image.ts';
import { LARGE, buildingImage } from './image-build.ts';
import { ENTRY_WORDS, placeIn, pushEntry, putEntry } from './image-index.ts';
import { readerOf, searchName, searchNsec3, type ImageReader } from './image-reader.ts';
import { countNode, largeImage, smallImage } from './image-write.ts';
import { encodeNode, nodeKey, type StoredNode } from './node-codec.ts';
import type { NodeKind } from './node-layout.ts';
import { u32 } from './octets.ts';
import { GRANULE } from './pool.ts';
import type { NodeChange } from './node.ts';
import type { SlabMemory } from './slab-memory.ts';

/** A row to store: a node as the next version has it, or null where there is none any more. */
export interface NodeRow {
  kind: NodeKind;
  key: Uint8Array;
  node: Uint8Array | null;
}

/** A version that is not served yet: either it is discarded, or it is served and what was before it is released. */
export interface Draft {
  image: ZoneImage;
  /** The version before, of which it was made. */
  base: ZoneImage | undefined;
  /** What to store of it. */
  nodes: NodeRow[];
  /** Gives its memory back; the version before is as it was. */
  discard: () => void;
  /** Gives back what only the version before had, which nobody may read any more. */
  release: () => void;
}

/** The first version of a zone, in steps. @throws Error when no change makes the apex */
export function* creatingImage(
  memory: SlabMemory,
  origin: Name,
  changes: readonly NodeChange[],
): Steps<Draft> {
  const nodes = yield* sorted(yield* encodeChanges(origin, changes), byKey);
  const stored = nodes.filter((row): row is StoredNode => row.node !== null);
  const image = yield* buildingImage(memory, origin, stored);
  return { ...firstDraft(image), nodes: stored };
}

/** A version that is made of no other one. */
export function firstDraft(image: ZoneImage): Draft {
  return { image, base: undefined, nodes: [], discard: () => giveImage(image), release: () => undefined };
}

/**
 * The next version of a zone, in steps, and the rows to store for it. Costs time for the changes and one memory copy of the index (8
 * octets a name), or of a small zone. Of two changes to one owner the later counts; removing what is not there changes nothing.
 * Meanwhile versions before this one may be released, but no other one may be made of it.
 */
export function* updatingImage(image: ZoneImage, changes: readonly NodeChange[]): Steps<Draft> {
  const rows = yield* encodeChanges(imageOrigin(image), changes);
  const old = readerOf(image);
  const update: Update = {
    base: image,
    old,
    counts: new Uint32Array(IMAGE_HEADER),
    edits: {
      name: yield* planEdits(old, rows, 'name'),
      nsec3: yield* planEdits(old, rows, 'nsec3'),
    },
  };
  yield* countEdits(update);
  const live = update.counts[ImageField.live]!;
  const isLarge = hasOwnArena(image);
  const draft =
    live < (isLarge ? LARGE / 2 : LARGE) ? rewrite(update) : yield* isLarge ? extend(update) : move(update);
  return { ...draft, base: image, nodes: rows };
}

/** A row with its place in the old list of its kind: the position of its node, or ~where it goes. */
interface Edit extends NodeRow {
  position: number;
}

interface Update {
  base: ZoneImage;
  old: ImageReader;
  /** The header of the next version, as far as it counts nodes. */
  counts: Uint32Array;
  edits: Record<NodeKind, Edit[]>;
}

type Made = Pick<Draft, 'image' | 'discard' | 'release'>;

const KINDS = ['name', 'nsec3'] as const;

/** One row for each owner and kind, in the order of first mention. */
function* encodeChanges(origin: Name, changes: readonly NodeChange[]): Steps<NodeRow[]> {
  const rows = new Map<string, NodeRow>();
  yield* eachStep(changes, ({ kind, owner, node }) => {
    const row = { kind, key: nodeKey(kind, owner), node: node ? encodeNode(node, kind, origin) : null };
    rows.set(`${kind} ${owner.key}`, row);
  });
  return [...rows.values()];
}

function byKey(a: NodeRow, b: NodeRow): number {
  return Buffer.compare(a.key, b.key);
}

/** The rows of one kind that change something, in the order of the list. */
function* planEdits(old: ImageReader, rows: readonly NodeRow[], kind: NodeKind): Steps<Edit[]> {
  const edits: Edit[] = [];
  yield* eachStep(rows, (row) => {
    if (row.kind !== kind) return;
    const position = searchKind(old, kind, row.key);
    if (row.node !== null || position >= 0) edits.push({ ...row, position });
  });
  return yield* sorted(edits, byKey);
}

function searchKind(reader: ImageReader, kind: NodeKind, key: Uint8Array): number {
  return kind === 'name' ? searchName(reader, key, key.length) : searchNsec3(reader, key);
}

function listOf(reader: ImageReader, kind: NodeKind): { list: number; count: number } {
  return kind === 'name'
    ? { list: reader.names, count: reader.nameCount }
    : { list: reader.nsec3, count: reader.nsec3Count };
}

/** The octets of the node at a position, where they lie. */
function nodeAt({ data, base, index }: ImageReader, list: number, position: number): Uint8Array {
  const node = base + placeIn(index, list, position);
  return data.subarray(node, node + u32(data, node));
}

function* countEdits({ base, old, counts, edits }: Update): Steps<void> {
  for (let field = 0; field < IMAGE_HEADER; field++) counts[field] = imageField(base, field);
  for (const kind of KINDS) {
    const { list } = listOf(old, kind);
    yield* eachStep(edits[kind], ({ position, node }) => {
      if (position >= 0) countNode(counts, kind, nodeAt(old, list, position), -1);
      if (node) countNode(counts, kind, node, 1);
    });
  }
}

/** Walks through the next list: runs of old positions, and between them what is new. */
function merge(
  count: number,
  edits: readonly Edit[],
  keep: (from: number, to: number) => void,
  put: (node: Uint8Array, edit: Edit) => void,
): void {
  let from = 0;
  for (const edit of edits) {
    const place = edit.position < 0 ? ~edit.position : edit.position;
    keep(from, place);
    from = edit.position < 0 ? place : place + 1;
    if (edit.node) put(edit.node, edit);
  }
  keep(from, count);
}

/** All nodes in a block of their own. */
function rewrite({ base, old, counts, edits }: Update): Made {
  const nodesOf = (kind: NodeKind): Uint8Array[] => {
    const { list, count } = listOf(old, kind);
    const nodes: Uint8Array[] = [];
    const keep = (from: number, to: number): void => {
      for (let i = from; i < to; i++) nodes.push(nodeAt(old, list, i));
    };
    merge(count, edits[kind], keep, (node) => nodes.push(node));
    return nodes;
  };
  const nodes = { name: nodesOf('name'), nsec3: nodesOf('nsec3') };
  const image = smallImage(base.memory, imageOrigin(base), counts, nodes);
  return { image, discard: () => giveImage(image), release: () => giveImage(base) };
}

/** What is new goes into the arena that the version before has, or when that is full into a larger copy of it. */
function* extend(update: Update): Steps<Made> {
  const { base, counts, edits } = update;
  const arena = openArena(base.memory, imageField(base, ImageField.arena));
  const fresh = yield* putEdits(arena, edits);
  if (!fresh) {
    // Mostly nodes that are no version's any more: large changes followed each other before their memory was free.
    if (arena.used > 3 * counts[ImageField.live]!) return yield* move(update);
    return yield* extendCopy(update, arena);
  }
  const image = extended(update, arena, fresh);
  return {
    image,
    discard() {
      giveAll(arena, fresh.values());
      giveIndex(image);
    },
    release() {
      giveAll(arena, spentPlaces(update));
      giveIndex(base);
    },
  };
}

function* extendCopy(update: Update, full: Arena): Steps<Made> {
  const { base, edits } = update;
  const nodes = KINDS.flatMap((kind) => edits[kind]).flatMap(({ node }) => node ?? []);
  const more = nodes.reduce((sum, node) => sum + node.length + 2 * GRANULE, 0);
  const arena = growArena(base.memory, full, more);
  // Nobody reads the copy yet.
  yield* eachStep(spentPlaces(update), (place) => arena.give(place));
  const image = extended(update, arena, (yield* putEdits(arena, edits))!);
  return { image, discard: () => giveImage(image), release: () => giveImage(base) };
}

/** Writes the nodes of all edits; gives their places, or undefined, with nothing written, when there is no room. */
function* putEdits(arena: Arena, edits: Update['edits']): Steps<Map<Edit, number> | undefined> {
  const fresh = new Map<Edit, number>();
  for (const edit of KINDS.flatMap((kind) => edits[kind])) {
    if (!edit.node) continue;
    const place = arena.put(edit.node);
    if (place === 0) {
      giveAll(arena, fresh.values());
      return undefined;
    }
    fresh.set(edit, place);
    yield;
  }
  return fresh;
}

function giveAll(arena: Arena, places: Iterable<number>): void {
  for (const place of places) arena.give(place);
}

/** The places of the nodes that the edits take the place of. */
function spentPlaces({ old, edits }: Update): number[] {
  return KINDS.flatMap((kind) =>
    edits[kind]
      .filter(({ position }) => position >= 0)
      .map(({ position }) => placeIn(old.index, listOf(old, kind).list, position)),
  );
}

/** The image whose old nodes have the places that they had. */
function extended(update: Update, arena: Arena, fresh: ReadonlyMap<Edit, number>): ZoneImage {
  const { base, old, counts } = update;
  return largeImage(base.memory, imageOrigin(base), counts, arena, (words, starts) =>
    writeIndex(update, words, starts, {
      keep: (to, from, count) => words.set(old.index.subarray(from, from + count), to),
      place: (edit) => fresh.get(edit)!,
    }),
  );
}

/** All nodes in an arena of their own. */
function* move({ base, old, counts, edits }: Update): Steps<Made> {
  const { memory } = base;
  const count = counts[ImageField.names]! + counts[ImageField.nsec3]!;
  const arena = createArena(memory, counts[ImageField.live]!, count);
  const entries: Record<NodeKind, number[]> = { name: [], nsec3: [] };
  for (const kind of KINDS) {
    const { list, count: before } = listOf(old, kind);
    // The runs of old nodes and the new ones between them, in order.
    const nodes: (number | Uint8Array)[] = [];
    const keep = (from: number, to: number): void => {
      for (let i = from; i < to; i++) nodes.push(i);
    };
    merge(before, edits[kind], keep, (node) => nodes.push(node));
    yield* eachStep(nodes, (each) => {
      const node = typeof each === 'number' ? nodeAt(old, list, each) : each;
      pushEntry(entries[kind], node, arena.put(node));
    });
  }
  const image = largeImage(memory, imageOrigin(base), counts, arena, (words, starts) => {
    for (const kind of KINDS) words.set(entries[kind], starts[kind]);
  });
  return { image, discard: () => giveImage(image), release: () => giveImage(base) };
}

interface IndexParts {
  /** Copies a run: to a word of the next index, so many words from one of the old one. */
  keep: (to: number, from: number, count: number) => void;
  /** The place of a new node. */
  place: (edit: Edit) => number;
}

/** `starts`: the words at which the two lists begin. */
function writeIndex(
  { old, edits }: Update,
  words: Uint32Array,
  starts: Record<NodeKind, number>,
  parts: IndexParts,
): void {
  for (const kind of KINDS) {
    const { list, count } = listOf(old, kind);
    let to = starts[kind];
    const keep = (from: number, end: number): void => {
      const run = ENTRY_WORDS * (end - from);
      parts.keep(to, list + ENTRY_WORDS * from, run);
      to += run;
    };
    merge(count, edits[kind], keep, (node, edit) => {
      putEntry(words, to, node, 0, parts.place(edit));
      to += ENTRY_WORDS;
    });
  }
}
