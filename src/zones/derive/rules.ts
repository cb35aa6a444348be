import type { Name } from '../../dns/wire/name.ts';
import { formerIn } from '../box-names.ts';
import type { SourcedRecord, ZoneInput } from '../model.ts';
import { autoconfig } from './autoconfig.ts';
import { bimi } from './bimi.ts';
import { caa } from './caa.ts';
import { cds } from './cds.ts';
import { clientServices } from './client-services.ts';
import { dav } from './dav.ts';
import { dkim } from './dkim.ts';
import { dmarcReports } from './dmarc-reports.ts';
import { dmarc } from './dmarc.ts';
import { dnskey } from './dnskey.ts';
import { formerHost } from './former-host.ts';
import { host } from './host.ts';
import { mtaSts } from './mta-sts.ts';
import { mx } from './mx.ts';
import { ns } from './ns.ts';
import { nsec3param } from './nsec3param.ts';
import type { Derived, DomainRule, RuleInput, Subject, ZoneRule } from './rule.ts';
import { signal } from './signal.ts';
import { soa } from './soa.ts';
import { spf } from './spf.ts';
import { sshfp } from './sshfp.ts';
import { tlsRpt } from './tls-rpt.ts';
import { tlsa } from './tlsa.ts';
import { web } from './web.ts';

/** Every rule, in the order of the table in the manual. `no-mail` comes after them: it looks at what they gave. */
export const zoneRules: readonly ZoneRule[] = [
  soa,
  ns,
  dnskey,
  cds,
  nsec3param,
  caa,
  host,
  formerHost,
  sshfp,
  tlsa,
  dmarcReports,
  signal,
];
export const domainRules: readonly DomainRule[] = [
  mx,
  spf,
  dkim,
  dmarc,
  mtaSts,
  tlsRpt,
  autoconfig,
  clientServices,
  dav,
  web,
  bimi,
];

/**
 * The domains of a zone as rules see them. H is always among them where it lives, with mail: reports, bounces and
 * hostmaster@ are addressed to it even when nobody added it as a domain. So are hostnames of before, for mail that is still sent to them.
 */
export function subjects(input: ZoneInput): Subject[] {
  const { box, zone, holdsHostname, domains } = input;
  const all = domains.map((domain) => ({
    ...domain,
    mailboxes: domain.mail,
    mail: domain.mail || domain.name.equals(box.hostname),
  }));
  const hostnames = [
    ...(holdsHostname ? [box.hostname] : []),
    ...formerIn(box, zone.name).map(({ hostname }) => hostname),
  ];
  const others = hostnames.filter((hostname) => !all.some(({ name }) => name.equals(hostname)));
  return [...all, ...others.map(hostSubject)];
}

function hostSubject(name: Name): Subject {
  return { name, dns: 'local', mail: true, web: false, mailboxes: false, ttl: undefined, createdAt: '' };
}

/** What the zone's rules give. */
export function deriveZone(input: RuleInput): SourcedRecord[] {
  return zoneRules.flatMap((rule) => sourced(input, rule, rule.derive(input)));
}

/** What the rules give for one domain. */
export function deriveDomain(input: RuleInput, domain: Subject): SourcedRecord[] {
  return domainRules.flatMap((rule) => sourced(input, rule, rule.derive(input, domain), domain.ttl));
}

/** Puts a rule's reason to its records, and the TTL: the record's, the domain's, the zone's, the box's. */
export function sourced(
  { zone, box }: ZoneInput,
  rule: Pick<SourcedRecord, 'why' | 'level'> & { rfc: string },
  records: readonly Derived[],
  domainTtl?: number,
): SourcedRecord[] {
  return records.map(({ owner, type, rdata, ttl }) => ({
    owner,
    type,
    ttl: ttl ?? domainTtl ?? zone.ttl ?? box.ttl,
    rdata,
    source: 'derived',
    why: rule.why,
    level: rule.level,
    rfc: rule.rfc,
  }));
}
