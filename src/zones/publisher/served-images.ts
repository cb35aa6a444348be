import type { Name } from '../../dns/wire/name.ts';
import { openImage } from '../../dns/zone/image-reader.ts';
import { buildImage, IndexField, unreadableImage, type ZoneImage } from '../../dns/zone/image.ts';
import type { Reads, ZoneRow } from '../store.ts';

/** The images that are served, by the key of the zone's name. */
export type ServedImages = Map<string, { name: Name; image: ZoneImage }>;

/** Zones read at once. */
const PAGE = 500;

/**
 * The images of all active zones as they were stored: nothing is derived and nothing signed. A zone that cannot be read is reported, and
 * must not keep the others from being served.
 */
export function loadImages(
  reads: Pick<Reads, 'activeZones' | 'nodes'>,
  onUnreadable: (zone: Name, reason: Error) => void,
): ServedImages {
  const images: ServedImages = new Map();
  let after: Name | undefined;
  for (;;) {
    const page = reads.activeZones({ after, limit: PAGE });
    for (const zone of page) {
      const stored = storedImage(reads, zone);
      if (stored instanceof Error) onUnreadable(zone.name, stored);
      const image = stored instanceof Error ? unreadableImage(zone.name) : stored;
      images.set(zone.name.key, { name: zone.name, image });
    }
    if (page.length < PAGE) return images;
    after = page.at(-1)!.name;
  }
}

/** The last version of a zone; an error when it has none, or what is stored of it is damaged. */
export function storedImage(
  reads: Pick<Reads, 'nodes'>,
  { id, name }: Pick<ZoneRow, 'id' | 'name'>,
): ZoneImage | Error {
  try {
    const image = buildImage(name, reads.nodes(id));
    openImage(image);
    return image;
  } catch (error) {
    return error as Error;
  }
}

/** Whether a version has names: one that could not be read has none. */
export function isReadable(image: ZoneImage): boolean {
  return new Uint32Array(image.index)[IndexField.names]! > 0;
}
