import { type Clock, epochSeconds } from '../core/clock.ts';
import type { ServedZones } from '../dns/zone/served-zones.ts';
import type { Domain } from './model.ts';
import type { Reads } from './store.ts';

/** What is served, in numbers. */
export interface ZoneFigures {
  zones: number;
  domains: Record<Domain['dns'], number>;
  /** Octets of the versions that are served, room for later ones included. */
  imageOctets: number;
  /** Before it no signature expires, seconds since the epoch; undefined while nothing is signed. */
  firstExpiration: number | undefined;
  /** Zones whose signatures are due to be renewed, and have not been yet. */
  awaitingSignatures: number;
}

export interface ZoneFigureOptions {
  reads: Pick<Reads, 'domainCounts' | 'firstExpiration' | 'zonesToResignCount'>;
  served: ServedZones;
  /** Of what is served, zones that are nobody's domain. */
  besides?: () => number;
  clock: Clock;
}

/** Gives the function that takes stock. */
export function createZoneFigures({ reads, served, besides, clock }: ZoneFigureOptions): () => ZoneFigures {
  return () => ({
    zones: served.size - (besides?.() ?? 0),
    domains: reads.domainCounts(),
    imageOctets: served.memory.figures().used,
    firstExpiration: reads.firstExpiration(),
    awaitingSignatures: reads.zonesToResignCount(epochSeconds(clock)),
  });
}
