import { type Clock, sleep } from '../../core/clock.ts';
import { createPace } from '../../core/pace.ts';
import type { Iterator } from '../../dns/client/resolve.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { Box } from '../model.ts';
import type { Finding } from '../registrar/delegation.ts';
import { lookUp } from '../registrar/look-up.ts';
import { saveCheck } from '../registrar/save.ts';
import { type RegistrarCheck, registrarRows } from '../registrar/store.ts';
import { type ZoneRow, zoneRows } from '../store.ts';
import { count, leadsTo, newTally, type Tally } from './tally.ts';

/** Zones that are looked up in the database at a time. */
const SLICE = 50;
/** Parents that are asked at a time, and milliseconds from one such group to the next: registries limit those who ask much. */
const AT_ONCE = 10;
const REST = 2000;
/** Milliseconds for which an answer stands that is to change. */
const RECENT = 300_000;

export interface SweepOptions {
  work: UnitOfWork;
  iterator: Iterator;
  clock: Clock;
}

const actor: Actor = { kind: 'system', id: 'registrar', name: 'delegation checks', address: undefined };

/**
 * Asks the parents of all zones which nameservers they name; those that were seen without a hostname of before, since the box has
 * another one, are not asked again. What they say is kept, so that a sweep after a restart goes on from there.
 * @returns for each hostname of before (by `Name.key`); undefined when it was stopped
 */
export async function sweep(
  box: Box,
  options: SweepOptions,
  stopping: () => boolean,
): Promise<Map<string, Tally> | undefined> {
  const { work, clock } = options;
  const former = box.formerHostnames ?? [];
  const tallies = new Map(former.map(({ hostname }) => [hostname.key, newTally()]));
  const reads = work.committed.rows(zoneRows);
  const checks = work.committed.rows(registrarRows);
  const since = Math.max(...former.map((one) => one.since));
  const generation = reads.generation();
  const note = ({ name, generation: published }: ZoneRow, finding: Finding): void => {
    for (const one of former) {
      const leads = leadsTo(box, one, finding);
      // While a zone is not published with the nameservers of today, it keeps those of before in caches itself.
      const known = leads || published >= generation ? finding : undefined;
      count(tallies.get(one.hostname.key)!, name, known, leads);
    }
  };
  const stands = (check: RegistrarCheck | undefined): check is RegistrarCheck => {
    if (!check || check.checkedAt < since) return false;
    const left = check.finding.kind !== 'failed' && !former.some((one) => leadsTo(box, one, check.finding));
    return left || clock.now() - check.checkedAt < RECENT;
  };

  const pace = createPace(clock);
  let toAsk: ZoneRow[] = [];
  const ask = async (): Promise<void> => {
    const findings = await askParents(
      toAsk.map(({ name }) => name),
      options,
    );
    toAsk.forEach((zone, i) => note(zone, findings[i]!));
    toAsk = [];
    await sleep(clock, REST);
  };
  for (let after: Name | undefined; ;) {
    const zones = reads.activeZones({ after, limit: SLICE });
    for (const zone of zones) {
      if (stopping()) return undefined;
      const check = checks.last(zone.name);
      if (stands(check)) note(zone, check.finding);
      else if (toAsk.push(zone) === AT_ONCE) await ask();
      await pace.rest();
    }
    if (zones.length < SLICE) break;
    after = zones.at(-1)!.name;
  }
  if (toAsk.length > 0) await ask();
  return stopping() ? undefined : tallies;
}

/** What the parents of some zones say now, in their order; it is kept. */
async function askParents(
  zones: readonly Name[],
  { work, iterator, clock }: SweepOptions,
): Promise<Finding[]> {
  const findings = await Promise.all(zones.map((zone) => lookUp(iterator, clock, zone)));
  const checkedAt = clock.now();
  await work.change({ actor, cause: `parents of ${zones.length} zones asked` }, (change) => {
    zones.forEach((zone, i) => saveCheck(change, zone, { finding: findings[i]!, checkedAt }));
  });
  return findings;
}
