import type { Name } from '../wire/name.ts';
import type { Arena } from './arena.ts';
import { ImageField, ImageState, blockAt, indexStart, takeImage, type ZoneImage } from './image.ts';
import { ENTRY_WORDS, putEntry } from './image-index.ts';
import { sealImage } from './image-seal.ts';
import { NodeFlag, type NodeKind } from './node-layout.ts';
import type { SlabMemory } from './slab-memory.ts';

/** The words of a header that count nodes. */
const COUNTS = [
  ImageField.names,
  ImageField.nsec3,
  ImageField.ns,
  ImageField.dnames,
  ImageField.wildcards,
  ImageField.live,
] as const;

/** Adds (or with -1 takes away) a node to the counts of a header. */
export function countNode(header: Uint32Array, kind: NodeKind, node: Uint8Array, by: 1 | -1): void {
  header[ImageField.live]! += by * node.length;
  header[kind === 'name' ? ImageField.names : ImageField.nsec3]! += by;
  if (kind !== 'name') return;
  const flags = node[7]!;
  if (flags & NodeFlag.ns) header[ImageField.ns]! += by;
  if (flags & NodeFlag.dname) header[ImageField.dnames]! += by;
  if (flags & NodeFlag.wildcard) header[ImageField.wildcards]! += by;
}

/** An image in one block: nodes of each kind in order. */
export function smallImage(
  memory: SlabMemory,
  origin: Name,
  counts: Uint32Array,
  nodes: Record<NodeKind, readonly Uint8Array[]>,
): ZoneImage {
  const indexWords = ENTRY_WORDS * (nodes.name.length + nodes.nsec3.length);
  const image = takeImage(memory, origin, ImageState.ready, indexWords, counts[ImageField.live]);
  const { bytes, words, octet, word } = blockAt(memory.pages, image.address);
  let index = word + indexStart(origin);
  let place = 4 * (indexStart(origin) + indexWords);
  for (const list of [nodes.name, nodes.nsec3]) {
    for (const node of list) {
      putEntry(words, index, node, 0, place);
      index += ENTRY_WORDS;
      bytes.set(node, octet + place);
      place += node.length;
    }
  }
  setCounts(words, word, counts);
  sealImage(image);
  return image;
}

/** An image whose nodes are in an arena; `writeIndex` writes their entries, each list from a word on. */
export function largeImage(
  memory: SlabMemory,
  origin: Name,
  counts: Uint32Array,
  arena: Arena,
  writeIndex: (words: Uint32Array, starts: Record<NodeKind, number>) => void,
): ZoneImage {
  const names = counts[ImageField.names]!;
  const image = takeImage(
    memory,
    origin,
    ImageState.ready,
    ENTRY_WORDS * (names + counts[ImageField.nsec3]!),
  );
  const { words, word } = blockAt(memory.pages, image.address);
  const index = word + indexStart(origin);
  writeIndex(words, { name: index, nsec3: index + ENTRY_WORDS * names });
  setCounts(words, word, counts);
  words[word + ImageField.arena] = arena.address;
  sealImage(image);
  return image;
}

function setCounts(words: Uint32Array, word: number, counts: Uint32Array): void {
  for (const field of COUNTS) words[word + field] = counts[field]!;
}
