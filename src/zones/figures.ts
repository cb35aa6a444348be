import { type Clock, epochSeconds, sleep } from '../core/clock.ts';
import { knownFirstExpiration } from '../dns/zone/first-expiration.ts';
import { imageSize } from '../dns/zone/arena.ts';
import { imageState, ImageState } from '../dns/zone/image.ts';
import type { ServedZones } from '../dns/zone/served-zones.ts';
import type { Domain } from './model.ts';
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
  served: ServedZones;
  clock: Clock;
}

/** Octets of zones that are looked at in one go, some milliseconds of work: after a start there are thousands. */
const SLICE = 2 * 1024 * 1024;

/** Gives the function that takes stock. It looks at each version once: what it found is kept there. */
export function createZoneFigures({ reads, served, clock }: ZoneFigureOptions): () => Promise<ZoneFigures> {
  return async () => {
    let imageOctets = 0;
    let least = Infinity;
    let looked = 0;
    for (const image of served.all()) {
      const size = imageSize(image);
      imageOctets += size;
      if (imageState(image) !== ImageState.ready) continue;
      const { at, isNew } = knownFirstExpiration(image, epochSeconds(clock));
      least = Math.min(least, at ?? Infinity);
      if (isNew) looked += size;
      if (looked < SLICE) continue;
      looked = 0;
      await sleep(clock, 0);
    }
    return {
      zones: served.size,
      domains: reads.domainCounts(),
      imageOctets,
      firstExpiration: least === Infinity ? undefined : least,
      awaitingSignatures: reads.zonesToResignCount(epochSeconds(clock)),
    };
  };
}
