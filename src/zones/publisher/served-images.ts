import type { Name } from '../../dns/wire/name.ts';
import { buildImage, type ZoneImage } from '../../dns/zone/image.ts';
import type { Reads } from '../store.ts';

/** The images that are served, by the key of the zone's name. */
export type ServedImages = Map<string, { name: Name; image: ZoneImage }>;

/** Zones read at once. */
const PAGE = 500;

/** The images of all active zones as they were stored: nothing is derived and nothing signed. */
export function loadImages(reads: Pick<Reads, 'activeZones' | 'nodes'>): ServedImages {
  const images: ServedImages = new Map();
  let after: Name | undefined;
  for (;;) {
    const page = reads.activeZones({ after, limit: PAGE });
    for (const { id, name } of page) {
      images.set(name.key, { name, image: buildImage(name, reads.nodes(id)) });
    }
    if (page.length < PAGE) return images;
    after = page.at(-1)!.name;
  }
}
