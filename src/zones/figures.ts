import { type Clock, epochSeconds, sleep } from '../core/clock.ts';
import { firstExpiration, imageSize } from '../dns/zone/first-expiration.ts';
import type { ZoneImage } from '../dns/zone/image.ts';
import type { Domain } from './model.ts';
import type { ServedImages } from './publisher/served-images.ts';
import type { Reads } from './store.ts';

/** What is served, in numbers. */
export interface ZoneFigures {
  zones: number;
  domains: Record<Domain['dns'], number>;
  /** Octets of the versions that are served, room for later ones included. */
  imageOctets: number;
  /** When the first signature of all zones expires, seconds since the epoch; undefined while nothing is signed. */
  firstExpiration: number | undefined;
  /** Zones whose signatures are due to be renewed, and have not been yet. */
  awaitingSignatures: number;
}

export interface ZoneFigureOptions {
  reads: Pick<Reads, 'domainCounts' | 'zonesToResignCount'>;
  images: ServedImages;
  clock: Clock;
}

/** Octets of zones that are looked at in one go, some milliseconds of work: after a start there are thousands. */
const SLICE = 2 * 1024 * 1024;

/** Gives the function that takes stock. It looks at each version once, and remembers what it found. */
export function createZoneFigures({ reads, images, clock }: ZoneFigureOptions): () => Promise<ZoneFigures> {
  const expirations = new WeakMap<ZoneImage, number>();

  const expirationOf = (image: ZoneImage): number => {
    let found = expirations.get(image);
    if (found === undefined) {
      found = firstExpiration(image, epochSeconds(clock)) ?? Infinity;
      expirations.set(image, found);
    }
    return found;
  };

  return async () => {
    let imageOctets = 0;
    let least = Infinity;
    let looked = 0;
    for (const { image } of images.values()) {
      const size = imageSize(image);
      imageOctets += size;
      if (!expirations.has(image)) looked += size;
      least = Math.min(least, expirationOf(image));
      if (looked < SLICE) continue;
      looked = 0;
      await sleep(clock, 0);
    }
    return {
      zones: images.size,
      domains: reads.domainCounts(),
      imageOctets,
      firstExpiration: least === Infinity ? undefined : least,
      awaitingSignatures: reads.zonesToResignCount(epochSeconds(clock)),
    };
  };
}
