import { type Clock, systemClock } from '../../core/clock.ts';
import { inSlices } from '../../core/slices.ts';
import type { NodeChange, ZoneView } from '../zone/node.ts';
import type { ContentChange } from './draft.ts';
import { planZoneChange } from './plan.ts';
import type { SignOptions } from './policy.ts';
import { sealZone, withDigestPlaceholder } from './seal-zone.ts';
import type { SignBatch } from './sign-pool.ts';

export interface SignedChange {
  /** The nodes that differ from the served version, signed. */
  changes: NodeChange[];
  /** How many signatures were made. */
  signatures: number;
  /**
   * Seconds since the epoch; undefined when nothing that was looked at is signed. With `complete` it is that of the whole
   * zone; else of the nodes looked at, so that the zone's is the lesser of this and the one known before.
   */
  earliestExpiration: number | undefined;
  /** Whether every node of the zone was looked at. */
  complete: boolean;
}

/**
 * The next version of a zone: the served one with `changes` laid over it, its denial chain mended, and all that needs a
 * signature signed. From nothing (`view` undefined), `changes` is the whole zone; with `options.scope` `everything` and no
 * changes it renews what is about to expire. The apex in `changes` has the new SOA, and the DNSKEY, CDS, CDNSKEY and
 * NSEC3PARAM RRsets that it is to have, and no ZONEMD: that is made last, when it is wanted.
 * @param batch an empty one, for the signatures
 * @throws Error when the content has no SOA at the apex, or names outside the zone
 */
export async function signZone(
  view: ZoneView | undefined,
  changes: readonly ContentChange[],
  options: SignOptions,
  batch: SignBatch,
  clock: Pick<Clock, 'monotonic'> = systemClock,
): Promise<SignedChange> {
  // Where each RRSIG goes: two plain lists, as there may be very many.
  const lists: Uint8Array[][] = [];
  const indexes: number[] = [];
  const content = options.digest ? withDigestPlaceholder(changes, options) : changes;
  const planning = planZoneChange(view, content, options, (task) => {
    lists.push(task.signatures);
    indexes.push(task.index);
    batch.add(task.key, task.data, task.prefix);
  });
  const plan = await inSlices(planning, clock).catch((error: unknown) => {
    batch.abandon();
    throw error;
  });
  const rdatas = await batch.finish();
  for (const [i, rdata] of rdatas.entries()) lists[i]![indexes[i]!] = rdata;
  const { changes: signed, earliestExpiration, complete } = plan;
  const seal = options.digest ? await sealZone(view, signed, options, clock) : undefined;
  return {
    changes: signed,
    signatures: rdatas.length + (seal?.signatures ?? 0),
    earliestExpiration: earliest(earliestExpiration, seal?.earliestExpiration),
    complete,
  };
}

function earliest(a: number | undefined, b: number | undefined): number | undefined {
  return a === undefined || b === undefined ? (a ?? b) : Math.min(a, b);
}
