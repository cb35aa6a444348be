import { canonicalRdata } from '../../dns/rdata/registry.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { above } from '../custom/context.ts';
import type { HostedDomains } from '../custom/hosted-domains.ts';
import { oldMailService } from './old-service.ts';

/** What of the zone decides about an import. */
export interface Surroundings {
  /** The apex of the zone that is imported. */
  imported: Name;
  /** The apex of the box's zone that it goes into. */
  zone: Name;
  /** The local domains of that zone. */
  domains: HostedDomains;
  /** What the box derives at an owner. */
  derivedAt(owner: Name): readonly Pick<ResourceRecord, 'type' | 'rdata'>[];
}

/**
 * What a server makes to sign its zone. KEY, SIG, NXT, TA and DLV are not of it any more: RFC 3755 left KEY and SIG to SIG(0) and
 * TKEY, and none of them says anything about the zone to a resolver. BIND loads, signs and answers all five like any other data, and a key
 * for dynamic updates would be lost without a replacement.
 */
const SIGNING: ReadonlySet<number> = new Set([
  Type.DNSKEY,
  Type.RRSIG,
  Type.NSEC,
  Type.NSEC3,
  Type.NSEC3PARAM,
  Type.CDS,
  Type.CDNSKEY,
  Type.ZONEMD,
]);

/** Why a record is left out of an import; undefined for one that becomes the person's own. */
export function reasonToSkip(record: ResourceRecord, around: Surroundings): string | undefined {
  const { owner, type } = record;
  const { imported } = around;
  if (!owner.isAtOrBelow(imported)) return `It is outside of ${imported.toText()}.`;
  if (type === Type.SOA) return 'The box makes the SOA record itself.';
  if (SIGNING.has(type))
    return 'It is DNSSEC data of the former server; the box signs the zone with its own keys.';
  if (owner.equals(imported) && type === Type.NS)
    return 'It names the former nameservers; the box derives its own NS records.';
  if (owner.equals(imported) && type === Type.DS) return 'The DS record of a zone belongs into its parent.';
  if (isDerived(record, around)) return 'The box derives the same record itself.';
  for (const name of [owner, ...above(owner, around.zone), around.zone]) {
    const reason = around.domains.at(name)?.mail ? oldMailService(record, name) : undefined;
    if (reason !== undefined) return reason;
  }
  return undefined;
}

function isDerived({ owner, type, rdata }: ResourceRecord, around: Surroundings): boolean {
  const canonical = canonicalRdata(type, rdata);
  return around
    .derivedAt(owner)
    .some(
      (other) => other.type === type && Buffer.compare(canonicalRdata(type, other.rdata), canonical) === 0,
    );
}
