import type { Clock } from '../../core/clock.ts';
import { createPace } from '../../core/pace.ts';
import { inSlices, sorted, type Steps } from '../../core/slices.ts';
import type { DifferenceQuestion } from '../../dns/server/questions.ts';
import { encodeDifference, type ZoneDifference } from '../../dns/server/transfer-difference.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import { Name } from '../../dns/wire/name.ts';
import { ImageField, imageField } from '../../dns/zone/image.ts';
import type { ServedZones } from '../../dns/zone/served-zones.ts';
import type { Catalog } from '../catalog/catalog.ts';
import { foldedJournals, type JournalEntry } from '../publisher/journal.ts';
import type { Reads, VersionRow, ZoneRow } from '../store.ts';

/** Versions that one difference leads over at most: who is further behind takes the whole zone. */
export const MOST_VERSIONS = 500;
/** Versions read at once: some milliseconds. */
const READ_AT_ONCE = 16;
/** Octets of differences that are read: so many times those of the zone, for what came and went again falls out, but more than this of any zone. */
const READ_FACTOR = 4;
const READ_LEAST = 1024 * 1024;

export interface DifferenceOptions {
  reads: Pick<Reads, 'zone' | 'version' | 'versions' | 'diffs'>;
  zones: Pick<ServedZones, 'get'>;
  catalog: Pick<Catalog, 'name' | 'difference'>;
  clock: Clock;
}

/**
 * Answers what leads from a client's version of a zone to ours (RFC 1995), from the stored versions, condensed into one difference; undefined when the
 * whole zone is the better answer: its version is not known or too far behind, signatures of a version on the way are forgotten, or it is more
 * than the zone.
 */
export function createDifferences(
  options: DifferenceOptions,
): (question: DifferenceQuestion) => Promise<Uint8Array | undefined> {
  const { reads, zones, catalog, clock } = options;
  return async ({ zone: wire, since }) => {
    const name = Name.fromWire(wire);
    const difference = catalog.name()?.equals(name)
      ? await inSlices(catalog.difference(since), clock)
      : await zoneDifference(options, name, since);
    if (!difference) return undefined;
    const octets = await inSlices(encodeDifference(difference), clock);
    return octets.length <= size(zones, name) ? octets : undefined;
  };

  async function zoneDifference(
    { reads: read }: DifferenceOptions,
    name: Name,
    since: number,
  ): Promise<ZoneDifference | undefined> {
    const zone = read.zone(name);
    const chain = zone?.active ? versionsSince(reads, zone, since) : undefined;
    if (!zone || !chain) return undefined;
    const limit = Math.max(READ_LEAST, READ_FACTOR * size(zones, name));
    const journals = await readJournals(options, zone, chain, limit);
    return journals && inSlices(folded(journals, name), clock);
  }
}

/** Octets of the records of the zone. */
function size(zones: Pick<ServedZones, 'get'>, name: Name): number {
  const image = zones.get(name);
  return image ? imageField(image, ImageField.live) : 0;
}

/** The client's version and all after it, oldest first; undefined when it is not known, the newest, or too far back. */
function versionsSince(
  reads: DifferenceOptions['reads'],
  { id, serial }: ZoneRow,
  since: number,
): VersionRow[] | undefined {
  const from = serial === undefined ? undefined : reads.version(id, since);
  if (!from) return undefined;
  const newest = reads.versions(id, { before: undefined, limit: MOST_VERSIONS + 1 });
  const at = newest.findIndex((version) => version.id === from.id);
  return at > 0 && newest[0]!.serial === serial ? newest.slice(0, at + 1).reverse() : undefined;
}

/** The differences after the first of these versions, as they are stored; undefined when one is not known, or they are more than `limit` octets. */
async function readJournals(
  { reads, clock }: DifferenceOptions,
  { id }: ZoneRow,
  chain: readonly VersionRow[],
  limit: number,
): Promise<Uint8Array[] | undefined> {
  const pace = createPace(clock);
  const journals: Uint8Array[] = [];
  let octets = 0;
  for (let at = 0; at < chain.length - 1; at += READ_AT_ONCE) {
    const last = chain[Math.min(at + READ_AT_ONCE, chain.length - 1)]!;
    for (const { diff, dnssec } of reads.diffs(id, chain[at]!.id, last.id)) {
      // An empty one is of a version that was damaged.
      if (diff.length === 0 || !dnssec) return undefined;
      journals.push(diff, dnssec);
      octets += diff.length + dnssec.length;
    }
    if (octets > limit) return undefined;
    await pace.rest();
  }
  return journals;
}

/** The net difference; undefined when it is damaged. */
function* folded(journals: readonly Uint8Array[], apex: Name): Steps<ZoneDifference | undefined> {
  let entries: JournalEntry[];
  try {
    entries = yield* foldedJournals(journals);
  } catch {
    return undefined;
  }
  const lists: Record<JournalEntry['op'], ResourceRecord[]> = { '-': [], '+': [] };
  for (const entry of yield* sorted(entries, inOrder(apex))) {
    lists[entry.op].push(entry);
    yield;
  }
  const isWhole = [lists['-'], lists['+']].every(
    ([first, second]) => first?.type === Type.SOA && second?.type !== Type.SOA,
  );
  return isWhole ? { removed: lists['-'], added: lists['+'] } : undefined;
}

/** The SOA first; records of one owner together. */
function inOrder(apex: Name): (a: JournalEntry, b: JournalEntry) => number {
  const rank = ({ owner, type }: JournalEntry): number => (type === Type.SOA && owner.equals(apex) ? 0 : 1);
  return (a, b) => rank(a) - rank(b) || a.owner.compare(b.owner) || a.type - b.type;
}
