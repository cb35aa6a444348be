import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { affectedOwners } from '../../zones/compose.ts';
import { below } from '../../zones/derive/rule.ts';
import { TLSA_PORTS } from '../../zones/derive/tlsa.ts';
import type { ZoneChange } from '../../zones/publisher/publisher.ts';
import { hostZone, zoneOf } from '../../zones/topology.ts';
import type { CertificateRow } from '../store.ts';
import { isFor, policyDomain, standsIn } from './facts.ts';

/** TLSA of H, and MTA-STS of the domain that the certificate makes trusted. */
export function touchRecords(change: ZoneChange, row: CertificateRow): void {
  const box = change.box();
  const hostname = box.hostname.canonical().toText();
  if (isFor(row, hostname) || standsIn(row, hostname))
    change.touch(hostZone(change.tx, box), { owners: tlsaOwners(box.hostname) });
  const domain = policyDomain(row, box);
  const zone = domain && zoneOf(change.tx, domain);
  if (zone) change.touch(zone, { owners: affectedOwners(domain, [Type.MX]) });
}

export function tlsaOwners(hostname: Name): Name[] {
  return TLSA_PORTS.flatMap((port) => below(`_${port}._tcp`, hostname) ?? []);
}
