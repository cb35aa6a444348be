import { eachStep, type Steps } from '../../core/slices.ts';
import { Name } from '../../dns/wire/name.ts';
import { nameservers } from '../box-names.ts';
import { customNeeded } from '../compose.ts';
import { isCut } from '../custom/placement.ts';
import { joined } from '../derive/rule.ts';
import { cdsOf } from '../keys/ds.ts';
import type { Box, CustomRecord, Domain, ZoneInput } from '../model.ts';
import type { Reads, ZoneRow } from '../store.ts';
import type { RecordSources } from './sources.ts';

/** All that decides about the records at `owners`. */
export function zoneInput(
  reads: Reads,
  sources: RecordSources,
  box: Box,
  zone: ZoneRow,
  serial: number,
  owners: readonly Name[],
): ZoneInput {
  const custom = customNeeded(owners, zone.name).flatMap((owner) => reads.recordsAt(owner));
  const holdsHostname = isAtHostname(box, zone);
  return inputOf(reads, sources, box, zone, serial, {
    owners,
    custom,
    domains: domainsOf(reads, zone, owners, custom),
    reportingDomains: holdsHostname ? reportingAt(reads, box, owners) : [],
    signalledZones: holdsHostname ? signalledAt(reads, box, owners) : [],
  });
}

/** Rows read in one go. */
const PAGE = 500;

/**
 * All that a zone is derived from, in steps: it may have very many records, and the one of the box's own name says something of every mail
 * domain and of every zone.
 */
export function* wholeInput(
  reads: Reads,
  sources: RecordSources,
  box: Box,
  zone: ZoneRow,
  serial: number,
): Steps<ZoneInput> {
  const custom = yield* paged<CustomRecord>((after) => reads.recordsBelow(zone.name, { after, limit: PAGE }));
  const holdsHostname = isAtHostname(box, zone);
  return inputOf(reads, sources, box, zone, serial, {
    owners: undefined,
    custom,
    domains: localDomains(reads, zone.name),
    reportingDomains: holdsHostname
      ? yield* paged<Name>((after) => reads.mailDomains({ after, limit: PAGE }))
      : [],
    signalledZones: holdsHostname ? yield* allSignalled(reads) : [],
  });
}

/** The rows of all pages; `read` gives those from after one on. */
function* paged<T>(read: (after: T | undefined) => T[]): Steps<T[]> {
  const all: T[] = [];
  let page: T[];
  do {
    page = read(all.at(-1));
    for (const row of page) all.push(row);
    yield;
  } while (page.length === PAGE);
  return all;
}

function isAtHostname({ hostname }: Box, { name }: ZoneRow): boolean {
  return hostname.isAtOrBelow(name);
}

/** What differs between a whole zone and some of its owners. */
type Part = Pick<ZoneInput, 'custom' | 'domains' | 'reportingDomains' | 'signalledZones'> & {
  owners: readonly Name[] | undefined;
};

function inputOf(
  reads: Reads,
  sources: RecordSources,
  box: Box,
  zone: ZoneRow,
  serial: number,
  { owners, domains, ...part }: Part,
): ZoneInput {
  const holdsHostname = isAtHostname(box, zone);
  const keys = reads.keys(zone.id);
  const mail = domains.filter((domain) => domain.mail).map((domain) => domain.name);
  const certificates = sources.certificates(reads, box, {
    domains: holdsHostname ? [box.hostname, ...mail] : mail,
    hostname: holdsHostname,
  });
  return {
    ...part,
    box,
    zone,
    domains,
    holdsHostname,
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
  };
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

/** The mail domains whose record is at one of the owners: `D._report._dmarc.H` names D. */
function reportingAt(reads: Reads, box: Box, owners: readonly Name[]): Name[] {
  const parent = joined('_report._dmarc', box.hostname);
  return owners.flatMap((owner) => {
    const name = parent && owner.isAtOrBelow(parent) ? frontOf(owner, parent) : undefined;
    return name && reads.domain(name)?.mail ? [name] : [];
  });
}

type SignalledZone = ZoneInput['signalledZones'][number];

function signalled(reads: Reads, { id, name }: Pick<ZoneRow, 'id' | 'name'>): SignalledZone {
  return { zone: name, ...cdsOf(name, reads.keys(id)) };
}

/** All zones that are served. */
function* allSignalled(reads: Reads): Steps<SignalledZone[]> {
  const zones: SignalledZone[] = [];
  let page: Pick<ZoneRow, 'id' | 'name'>[];
  do {
    page = reads.activeZoneNames({ after: zones.at(-1)?.zone, limit: PAGE });
    yield* eachStep(page, (zone) => void zones.push(signalled(reads, zone)));
  } while (page.length === PAGE);
  return zones;
}

/** Those whose record is at one of the owners: `_dsboot.Z._signal.NS` names Z. */
function signalledAt(reads: Reads, box: Box, owners: readonly Name[]): SignalledZone[] {
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
    return zone?.active ? [signalled(reads, zone)] : [];
  });
}

/** The labels of `name` before those of `parent`, as a name; undefined when there are none. */
function frontOf(name: Name, parent: Name): Name | undefined {
  const labels = name.labels();
  const front = labels.slice(0, labels.length - parent.labelCount);
  return front.length > 0 ? Name.fromLabels(front) : undefined;
}
