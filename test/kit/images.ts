import { atOnce } from '../../src/core/slices.ts';
import type { Name } from '../../src/dns/wire/name.ts';
import { buildingImage } from '../../src/dns/zone/image-build.ts';
import { creatingImage, type Draft, updatingImage } from '../../src/dns/zone/image-update.ts';
import type { ZoneImage } from '../../src/dns/zone/image.ts';
import type { NodeChange } from '../../src/dns/zone/node.ts';
import type { StoredNode } from '../../src/dns/zone/node-codec.ts';
import type { SlabMemory } from '../../src/dns/zone/slab-memory.ts';

/* Images made without a pause: nobody else waits here. */

export function createImage(memory: SlabMemory, origin: Name, changes: readonly NodeChange[]): Draft {
  return atOnce(creatingImage(memory, origin, changes));
}

export function updateImage(image: ZoneImage, changes: readonly NodeChange[]): Draft {
  return atOnce(updatingImage(image, changes));
}

export function buildImage(memory: SlabMemory, origin: Name, nodes: readonly StoredNode[]): ZoneImage {
  return atOnce(buildingImage(memory, origin, nodes));
}
