import type { Name } from '../../dns/wire/name.ts';
import { nameservers } from '../box-names.ts';
import type { Box, FormerHostname } from '../model.ts';
import type { Finding } from '../registrar/delegation.ts';

/** How the parents of the box's zones stand to one hostname of before. */
export interface Tally {
  zones: number;
  /** Zones whose parent still names it. */
  leading: number;
  /** The first few of them. */
  some: Name[];
  /** Zones of which it is not known: their parent could not be asked, or they are not published yet with the hostname of today. */
  unknown: number;
  /** Seconds: the longest for which a cache keeps what a parent said. */
  longestTtl: number;
}

const SOME = 5;
/** Seconds: the usual TTL of a delegation, where it is not known. */
const USUAL = 172_800;
/** Seconds: resolvers are to keep nothing for longer, whatever its TTL (RFC 8767 §4). */
const LONGEST = 604_800;

export function newTally(): Tally {
  return { zones: 0, leading: 0, some: [], unknown: 0, longestTtl: 0 };
}

/** Whether a parent leads to the hostname of before: to its nameservers, or to another name below it that is none of today. */
export function leadsTo(box: Box, { hostname }: Pick<FormerHostname, 'hostname'>, finding: Finding): boolean {
  if (finding.kind !== 'delegated') return false;
  const present = nameservers(box);
  return finding.nameservers.some(
    ({ name }) => name.isAtOrBelow(hostname) && !present.some((server) => server.equals(name)),
  );
}

/** Adds what the parent of a zone said; undefined: it is not known. */
export function count(tally: Tally, zone: Name, finding: Finding | undefined, leads: boolean): void {
  tally.zones++;
  if (!finding || finding.kind === 'failed') {
    tally.unknown++;
    return;
  }
  const ttl = finding.kind === 'delegated' ? finding.ttl : undefined;
  tally.longestTtl = Math.max(tally.longestTtl, Math.min(ttl ?? USUAL, LONGEST));
  if (!leads) return;
  tally.leading++;
  if (tally.some.length < SOME) tally.some.push(zone);
}
