import { eachStep, type Steps } from '../../core/slices.ts';
import type { Name } from '../wire/name.ts';
import { createArena, growArena, type Arena } from './arena.ts';
import { IMAGE_HEADER, ImageField, type ZoneImage } from './image.ts';
import { pushEntry } from './image-index.ts';
import { countNode, largeImage, smallImage } from './image-write.ts';
import { keyOfNode, kindOfNode, type StoredNode } from './node-codec.ts';
import { NODE_HEADER, NodeFlag, type NodeKind } from './node-layout.ts';
import { u32 } from './octets.ts';
import type { SlabMemory } from './slab-memory.ts';

/** From so many octets of nodes on they have an arena of their own; copying fewer costs less than what an arena takes. */
export const LARGE = 64 * 1024;
/** So many octets are kept in hand while a version is built; those of a larger one go into its arena as they come. */
const IN_HAND = 1024 * 1024;

/** Builds the image of stored nodes, so that a large zone can be read in slices. */
export interface ImageBuilder {
  /** The octets of a node: nodes come in ascending order of key within each kind. @throws Error when they do not, or one is cut short */
  add(node: Uint8Array): void;
  /** @throws Error when the first name is not the apex */
  finish(): ZoneImage;
  /** Gives back the memory of an image that is not finished. */
  abandon(): void;
}

/**
 * Builds the image of stored nodes, in steps. They must come in ascending order of key within each kind and contain the apex.
 * @throws Error when they do not, or one of them is cut short.
 */
export function* buildingImage(
  memory: SlabMemory,
  origin: Name,
  nodes: readonly StoredNode[],
): Steps<ZoneImage> {
  let octets = 0;
  for (const { node } of nodes) octets += node.length;
  const builder = createImageBuilder(memory, origin, octets);
  try {
    yield* eachStep(nodes, ({ node }) => builder.add(node));
    return builder.finish();
  } catch (error) {
    builder.abandon();
    throw error;
  }
}

/** `expected`: octets of all nodes, as far as that is known: with less room a large zone is copied as it grows. */
export function createImageBuilder(memory: SlabMemory, origin: Name, expected = 0): ImageBuilder {
  const counts = new Uint32Array(IMAGE_HEADER);
  const last: Record<NodeKind, Uint8Array | undefined> = { name: undefined, nsec3: undefined };
  const nodes: Record<NodeKind, Uint8Array[]> = { name: [], nsec3: [] };
  let first: Uint8Array | undefined;
  let filling: FillingArena | undefined;
  return {
    add(node) {
      checkWhole(node);
      const kind = kindOfNode(node);
      const key = keyOfNode(node);
      const before = last[kind];
      if (before && Buffer.compare(before, key) >= 0) throw new Error('the nodes of an image must be sorted');
      last[kind] = key;
      if (kind === 'name') first ??= node;
      countNode(counts, kind, node, 1);
      if (filling) filling.add(kind, node);
      else nodes[kind].push(node);
      if (filling || counts[ImageField.live]! < IN_HAND) return;
      filling = fillArena(memory, counts, expected);
      for (const each of ['name', 'nsec3'] as const)
        for (const one of nodes[each].splice(0)) filling.add(each, one);
    },
    finish() {
      if (!first || keyOfNode(first).length > 0)
        throw new Error(`the first node of the image of ${origin.toString()} must be its apex`);
      if (counts[ImageField.live]! < LARGE) return smallImage(memory, origin, counts, nodes);
      if (!filling) {
        filling = fillArena(memory, counts, 0);
        for (const each of ['name', 'nsec3'] as const) for (const one of nodes[each]) filling.add(each, one);
      }
      const { arena, entries } = filling;
      filling = undefined;
      return largeImage(memory, origin, counts, arena, (words, starts) => {
        words.set(entries.name, starts.name);
        words.set(entries.nsec3, starts.nsec3);
      });
    },
    abandon: () => filling?.abandon(),
  };
}

/** @throws Error */
function checkWhole(node: Uint8Array): void {
  if (node.length < NODE_HEADER || u32(node, 0) !== node.length)
    throw new Error('a node of an image must be whole');
  if ((node[7]! & NodeFlag.format) === 0) throw new Error('a node of an image has an older form');
}

/** An arena into which nodes go one by one, however many there will be. */
interface FillingArena {
  arena: Arena;
  /** The words of the index. */
  readonly entries: Record<NodeKind, number[]>;
  add(kind: NodeKind, node: Uint8Array): void;
  abandon(): void;
}

/** With room for what the counts say or what is expected, and for more. */
function fillArena(memory: SlabMemory, counts: Uint32Array, expected: number): FillingArena {
  const entries: FillingArena['entries'] = { name: [], nsec3: [] };
  const count = counts[ImageField.names]! + counts[ImageField.nsec3]!;
  return {
    arena: createArena(memory, Math.max(counts[ImageField.live]!, expected), count),
    entries,
    add(kind, node) {
      let place = this.arena.put(node);
      if (place === 0) {
        const full = this.arena;
        this.arena = growArena(memory, full, full.used);
        memory.give(full.address);
        place = this.arena.put(node);
      }
      pushEntry(entries[kind], node, place);
    },
    abandon() {
      memory.give(this.arena.address);
    },
  };
}
