import type { Steps } from '../../core/slices.ts';
import { Name } from '../../dns/wire/name.ts';
import { nameservers } from '../box-names.ts';
import { customNeeded } from '../compose.ts';
import { isCut } from '../custom/placement.ts';
import { joined } from '../derive/rule.ts';
import { cdsOf } from '../keys/ds.ts';
import type { Box, CustomRecord, Domain, ZoneInput } from '../model.ts';
import type { Reads, ZoneRow } from '../store.ts';
import type { RecordSources } from './sources.ts';

/**
 * All that a zone is derived from; with `owners`, only what decides about the records at those. The person's records may be given where
 * they are known already.
 */
export function zoneInput(
  reads: Reads,
  sources: RecordSources,
  box: Box,
  zone: ZoneRow,
  serial: number,
  owners?: readonly Name[],
  custom: readonly CustomRecord[] = recordsFor(reads, zone.name, owners),
): ZoneInput {
  const domains = owners ? domainsOf(reads, zone, owners, custom) : localDomains(reads, zone.name);
  const holdsHostname = box.hostname.isAtOrBelow(zone.name);
  const keys = reads.keys(zone.id);
  const mail = domains.filter((domain) => domain.mail).map((domain) => domain.name);
  const certificates = sources.certificates(reads, box, {
    domains: holdsHostname ? [box.hostname, ...mail] : mail,
    hostname: holdsHostname,
  });
  return {
    box,
    zone,
    domains,
    holdsHostname,
    reportingDomains: holdsHostname ? reportingDomains(reads, box, owners) : [],
    signalledZones: holdsHostname ? signalledZones(reads, box, owners) : [],
    dkimKeys: sources.dkimKeys(reads, mail),
    tlsaKeys: certificates?.tlsaKeys ?? [],
    sshFingerprints: sources.sshFingerprints(),
    acmeAccountUri: certificates?.accountUri,
    acmeCaaIdentities: certificates?.caaIdentities ?? [],
    acmeChallenges: sources.acmeChallenges(reads, zone.name, owners),
    mtaStsPolicies: certificates?.mtaStsPolicies ?? new Map(),
    davDomains: new Set(),
    bimiLogos: new Map(),
    dnskeys: keys.map((key) => key.dnskey),
    ...cdsOf(zone.name, keys),
    serial,
    custom,
  };
}

function recordsFor(reads: Reads, zone: Name, owners: readonly Name[] | undefined): CustomRecord[] {
  return owners
    ? customNeeded(owners, zone).flatMap((owner) => reads.recordsAt(owner))
    : reads.recordsBelow(zone);
}

/** Records read in one go. */
const PAGE = 500;

/** The same of a whole zone, in steps: it may have very many records. */
export function* wholeInput(
  reads: Reads,
  sources: RecordSources,
  box: Box,
  zone: ZoneRow,
  serial: number,
): Steps<ZoneInput> {
  const custom: CustomRecord[] = [];
  let page: CustomRecord[];
  do {
    page = reads.recordsBelow(zone.name, { after: custom.at(-1), limit: PAGE });
    for (const record of page) custom.push(record);
    yield;
  } while (page.length === PAGE);
  return zoneInput(reads, sources, box, zone, serial, undefined, custom);
}

export function localDomains(reads: Reads, zone: Name): Domain[] {
  return reads.domainsBelow(zone).filter((domain) => domain.dns === 'local');
}

/** Those at or above one of the owners, and those that a cut of the person's would hide: it does not count then. */
function domainsOf(
  reads: Reads,
  zone: ZoneRow,
  owners: readonly Name[],
  custom: readonly CustomRecord[],
): Domain[] {
  const domains = new Map<string, Domain>();
  const seen = new Set<string>();
  for (const owner of owners) {
    for (let at = owner; at.isAtOrBelow(zone.name) && !seen.has(at.key); at = at.parent()) {
      seen.add(at.key);
      const domain = reads.domain(at);
      if (domain?.dns === 'local') domains.set(domain.name.key, domain);
    }
  }
  for (const { owner } of custom.filter((record) => isCut(record.type))) {
    for (const domain of localDomains(reads, owner)) domains.set(domain.name.key, domain);
  }
  return [...domains.values()];
}

/** All mail domains; or those whose record is at one of the owners: `D._report._dmarc.H` names D. */
function reportingDomains(reads: Reads, box: Box, owners: readonly Name[] | undefined): Name[] {
  if (!owners) return reads.mailDomains();
  const parent = joined('_report._dmarc', box.hostname);
  return owners.flatMap((owner) => {
    const name = parent && owner.isAtOrBelow(parent) ? frontOf(owner, parent) : undefined;
    return name && reads.domain(name)?.mail ? [name] : [];
  });
}

/** All zones that are served; or those whose record is at one of the owners: `_dsboot.Z._signal.NS` names Z. */
function signalledZones(
  reads: Reads,
  box: Box,
  owners: readonly Name[] | undefined,
): ZoneInput['signalledZones'] {
  if (!owners) {
    const keys = Map.groupBy(reads.activeDnskeys(), ({ zone }) => zone.key);
    return [...keys.values()].map((list) => {
      const zone = list[0]!.zone;
      return {
        zone,
        ...cdsOf(
          zone,
          list.map(({ key }) => key),
        ),
      };
    });
  }
  const names = new Map<string, Name>();
  for (const server of nameservers(box)) {
    const parent = joined('_signal', server);
    if (!parent) continue;
    for (const owner of owners.filter((name) => name.isAtOrBelow(parent))) {
      const front = frontOf(owner, parent);
      // The first label is _dsboot.
      if (front) names.set(front.parent().key, front.parent());
    }
  }
  return [...names.values()].flatMap((name) => {
    const zone = reads.zone(name);
    return zone?.active ? [{ zone: zone.name, ...cdsOf(zone.name, reads.keys(zone.id)) }] : [];
  });
}

/** The labels of `name` before those of `parent`, as a name; undefined when there are none. */
function frontOf(name: Name, parent: Name): Name | undefined {
  const labels = name.labels();
  const front = labels.slice(0, labels.length - parent.labelCount);
  return front.length > 0 ? Name.fromLabels(front) : undefined;
}
