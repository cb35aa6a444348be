import type { Log } from '../../core/log.ts';
import { Name } from '../wire/name.ts';
import type { ZoneImage } from '../zone/image.ts';
import type { RefusedImage } from './worker-handle.ts';

/** A zone whose newest version cannot be served. */
export interface RefusedZone {
  zone: Name;
  reason: string;
}

export interface Refusals {
  add: (refused: readonly RefusedImage[]) => void;
  list: () => RefusedZone[];
}

/** What the workers could not read of `images`, the versions to serve: the next version of a zone makes it forgotten. */
export function createRefusals(images: ReadonlyMap<string, ZoneImage>, log: Log): Refusals {
  const refusals = new Map<string, RefusedImage>();
  return {
    add(refused) {
      for (const { image, reason } of refused) {
        const zone = Name.trusted(image.originWire);
        // Every worker says so, and every one that replaces it.
        if (refusals.get(zone.key)?.image === image) continue;
        refusals.set(zone.key, { image, reason });
        log.error({ zone: zone.toText(), reason }, 'a version of a zone cannot be read, and is not served');
      }
    },
    list() {
      for (const [key, { image }] of refusals) if (images.get(key) !== image) refusals.delete(key);
      return [...refusals.values()].map(({ image, reason }) => ({
        zone: Name.trusted(image.originWire),
        reason,
      }));
    },
  };
}
