import { Name } from '../../dns/wire/name.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { StaleZones } from '../../zones/stale/service.ts';
import { zoneRows } from '../../zones/store.ts';
import { zoneOf } from '../../zones/topology.ts';
import { system } from '../actor.ts';
import type { CertificateName } from '../model.ts';
import { certificateRows } from '../store.ts';

export interface NameAccountOptions {
  work: UnitOfWork;
  stale: Pick<StaleZones, 'publishAll' | 'publishNow'>;
}

/** RFC 8657: from now on only this CA and this account give certificates. An order publishes the zones that it needs itself. */
export function nameAccount(
  { work, stale }: NameAccountOptions,
  directory: string | undefined,
): Promise<void> {
  return work.change({ actor: system, cause: 'CA named' }, (change) => {
    change.rows(certificateRows).nameAccount(directory);
    stale.publishAll(change);
  });
}

/** Publishes the zones of an order ahead of all others: it waits for nobody, and may be among the first of thousands of zones. */
export function zonesReady(
  { work, stale }: NameAccountOptions,
  names: readonly CertificateName[],
): Promise<void> {
  const zones = work.committed.rows(zoneRows);
  const needed = names.flatMap((name) => zoneOf(zones, Name.parse(name)) ?? []);
  return stale.publishNow({ actor: system, cause: 'CA named' }, needed);
}
