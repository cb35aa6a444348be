import type { Health } from './api/services.ts';
import { toRfc3339 } from './core/rfc3339.ts';
import type { Name } from './dns/wire/name.ts';
import type { RefusedZone } from './dns/zone/served-zones.ts';
import type { ZoneFault } from './zones/faults.ts';
import type { DamagedZone } from './zones/repair/scrub.ts';

/** Zones that are named; of thousands the rest is a number. */
const NAMED = 100;
/** The share of all zones from which on those without an answer make the box not ready. */
const SHARE = 0.01;

/** What is known of the box at one moment. */
export interface Condition {
  /** What keeps all of it from serving or changing, a sentence each. */
  problems: readonly string[];
  /** What is to be seen to while all is served, a sentence each: for those who may read everything. */
  warnings: readonly string[];
  zones: number;
  /** The zone with the box's own name, and the nameservers of all others; undefined before there is one. */
  hostZone: Name | undefined;
  /** Zones that answer SERVFAIL. */
  refused: readonly RefusedZone[];
  /** How many of the zones have been read since the start. */
  loading: { done: number; total: number };
  faults: readonly ZoneFault[];
  damaged: readonly DamagedZone[];
}

/**
 * A box is ready when it serves: its own zone, without which nobody finds the others, and all others but at most one in a hundred. One zone of
 * 100,000 that cannot be served is named, and is no reason to send everybody elsewhere; one of three is.
 */
export function zoneHealth(
  condition: Condition,
): Pick<Health, 'ready' | 'problems' | 'zoneProblems' | 'zonesInTrouble'> {
  const { warnings, faults, damaged, refused } = condition;
  const problems = [...condition.problems, ...unserved(condition)];
  const isRefused = ({ key }: Name): boolean => refused.some(({ zone }) => zone.key === key);
  const told = new Set<string>();
  const sentences: string[] = [];
  const tell = (zone: Name, sentence: () => string): void => {
    if (told.has(zone.key)) return;
    told.add(zone.key);
    if (told.size <= NAMED) sentences.push(sentence());
  };
  for (const fault of faults) tell(fault.zone, () => faultSentence(fault, isRefused(fault.zone)));
  for (const one of refused) tell(one.zone, () => refusedSentence(one));
  for (const { zone, reason } of damaged) tell(zone, () => reason);
  if (told.size > NAMED)
    sentences.push(`${told.size} zones are in trouble; the first ${NAMED} of them are named here.`);
  return {
    ready: problems.length === 0,
    problems,
    zoneProblems: [...warnings, ...sentences],
    zonesInTrouble: told.size,
  };
}

/** Why zones that cannot be served make the box not ready; no zone is named, as strangers read it. */
function unserved({ zones, hostZone, refused, loading }: Condition): string[] {
  const problems: string[] = [];
  if (hostZone && refused.some(({ zone }) => zone.equals(hostZone)))
    problems.push(
      "The zone of the box's own name cannot be served, and without it nobody finds the others: GET /api/v1/health with a token says why.",
    );
  const left = loading.total - loading.done;
  if (left > zones * SHARE)
    problems.push(`Zones are being read: ${loading.done} of ${loading.total} are served.`);
  if (refused.length > zones * SHARE)
    problems.push(
      `${refused.length} of ${zones} zones cannot be served: GET /api/v1/health with a token names them.`,
    );
  return problems;
}

function faultSentence({ zone, reason, retryAt }: ZoneFault, refused: boolean): string {
  const served = refused ? 'it is not served' : 'its last version is served on';
  return `The zone ${zone.toText()} cannot be published (${withoutStop(reason)}): ${served}, and it is tried again at ${toRfc3339(retryAt)}.`;
}

function refusedSentence({ zone, reason }: RefusedZone): string {
  return `The newest version of the zone ${zone.toText()} cannot be read and is not served (${withoutStop(reason)}): signpost zone rebuild ${zone.toText()} makes it anew.`;
}

/** A sentence within another. */
function withoutStop(sentence: string): string {
  return sentence.replace(/\.$/, '');
}
