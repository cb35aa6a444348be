import { isPassing } from '../../core/errors.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { ZoneFaults } from '../faults.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { Reads } from '../store.ts';

export interface StaleTools {
  reads: Reads;
  publisher: Pick<Publisher, 'change'>;
  faults: Pick<ZoneFaults, 'failed' | 'clear'>;
}

/** Whether the zone is served and has not taken over the box as it is now. */
export function isStale(reads: Pick<Reads, 'zone' | 'generation'>, name: Name): boolean {
  const zone = reads.zone(name);
  return zone?.active === true && zone.generation < reads.generation();
}

/**
 * Publishes one zone anew as a whole, in a change of its own. One that cannot be published keeps its last version, and is tried again.
 * @returns what it failed for
 * @throws AppError that every zone would fail for ({@link isPassing})
 */
export async function publishOne(
  { publisher, faults }: StaleTools,
  why: { actor: Actor; cause: string },
  name: Name,
): Promise<unknown> {
  const publish = (): Promise<unknown> =>
    publisher.change(why, (change) => change.touch(name, { owners: 'all' }));
  try {
    await publish();
    faults.clear(name);
    return undefined;
  } catch (error) {
    if (isPassing(error)) throw error;
    faults.failed(name, publish, error);
    return error;
  }
}
