import type { Clock } from '../../core/clock.ts';
import { isPassing } from '../../core/errors.ts';
import { eachStep, inSlices, type Steps } from '../../core/slices.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import type { Why } from '../../work/unit-of-work.ts';
import { composing } from '../compose.ts';
import type { ZoneFaults } from '../faults.ts';
import type { Publisher } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import { wholeInput } from '../publisher/zone-input.ts';
import type { Reads } from '../store.ts';

export interface StaleTools {
  reads: Reads;
  publisher: Pick<Publisher, 'change' | 'view'>;
  sources: RecordSources;
  faults: Pick<ZoneFaults, 'failed' | 'clear'>;
  clock: Clock;
}

/** Whether the zone is served and has not taken over the box as it is now. */
export function isStale(reads: Pick<Reads, 'zone' | 'generation'>, name: Name): boolean {
  const zone = reads.zone(name);
  return zone?.active === true && zone.generation < reads.generation();
}

/** Owners of one change. A zone of more names is published in slices: other changes have their turn between them. */
const SLICE = 300;

/**
 * Publishes one zone anew, as a whole, or a large one in slices, each in a change of its own. One that cannot be published keeps its last
 * version, and is tried again.
 * @returns what it failed for
 * @throws AppError that every zone would fail for ({@link isPassing})
 */
export async function publishOne(tools: StaleTools, why: Why, name: Name): Promise<unknown> {
  const { publisher, faults } = tools;
  const publish = async (): Promise<void> => {
    const isLarge = (publisher.view(name)?.size ?? 0) > SLICE;
    await (isLarge
      ? publishSlices(tools, why, name)
      : publisher.change(why, (change) => change.touch(name, { owners: 'all' })));
  };
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

/**
 * Which owners there are is found out before, while others change what they like: what they make new, they publish themselves. The zone has
 * taken over the box with the last slice; when something stops it before, it is begun anew, and finds done what is done.
 */
async function publishSlices(tools: StaleTools, why: Why, name: Name): Promise<void> {
  const { reads, publisher, clock } = tools;
  const generation = reads.generation();
  const owners = await inSlices(allOwners(tools, name), clock);
  for (let at = 0; at < owners.length; at += SLICE) {
    const slice = owners.slice(at, at + SLICE);
    await publisher.change(why, (change) => change.touch(name, { owners: slice }));
  }
  await publisher.change(why, (change) => change.touch(name, { owners: [], generation }));
}

/** What the zone is to have, and what it has. */
function* allOwners({ reads, sources, publisher }: StaleTools, name: Name): Steps<Name[]> {
  const zone = reads.zone(name);
  const box = reads.box();
  if (!zone || !box) return [];
  const owners = new Map<string, Name>();
  const records = yield* composing(yield* wholeInput(reads, sources, box, zone, 0));
  yield* eachStep(records, ({ owner }) => owners.set(owner.key, owner));
  let from: Name | undefined = name;
  while (from) {
    // The newest version each time: others may have made one meanwhile.
    const view = publisher.view(name);
    const slice: Name[] = view ? ownersFrom(view, from) : [];
    for (const owner of slice) owners.set(owner.key, owner);
    from = slice[SLICE];
    yield;
  }
  return [...owners.values()];
}

/** A slice of the owners from `from` on, and the one after them. */
function ownersFrom(view: ZoneView, from: Name): Name[] {
  const owners: Name[] = [];
  let node = view.node(from) ?? view.next(from);
  do {
    owners.push(node.owner);
    node = view.next(node.owner);
    // Behind the last name comes the apex again.
  } while (owners.length <= SLICE && !node.owner.equals(view.origin));
  return owners;
}
