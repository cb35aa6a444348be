import type { Name } from '../../dns/wire/name.ts';
import type { Box } from '../../zones/model.ts';
import type { RecordSources } from '../../zones/publisher/sources.ts';
import { accountFacts } from './caa-identity.ts';
import { type CertificateReads, type CertificateRow, certificateRows } from '../store.ts';
import { covers, wildcardOf } from '../x509/names.ts';

/** What zones say about certificates, in the state that is asked about. */
export interface PublishedOptions {
  /** Of the CA that is set. */
  directory: string | undefined;
  /** Id of the MTA-STS policy of a mail domain (RFC 8461 §3.1). */
  policyId: (domain: Name, box: Box) => string;
}

export function certificateFacts({ directory, policyId }: PublishedOptions): RecordSources['certificates'] {
  return (state, box, { domains, hostname }) => {
    const reads = state.rows(certificateRows);
    const trusted = domains.filter((domain) => hasPolicyHost(reads, domain, box));
    return {
      ...accountFacts(reads, directory),
      tlsaKeys: hostname ? tlsaKeys(reads, box).map((spkiSha256) => ({ spkiSha256 })) : [],
      mtaStsPolicies: new Map(trusted.map((domain) => [domain.key, policyId(domain, box)])),
    };
  };
}

/** Whether the certificate in use makes the MTA-STS host of a domain, or of H, trusted. */
export function hasPolicyHost(reads: CertificateReads, domain: Name, box: Box): boolean {
  const rows = [...reads.ofDomain(domain), ...(domain.equals(box.hostname) ? reads.ofBox() : [])];
  return rows.some((row) => policyDomain(row, box)?.equals(domain) === true);
}

/**
 * All that H may show at any moment, so that whatever serves is in TLSA. While it has no certificate of its own there are none: the first
 * one need not wait for them, and no client misses the key of a wildcard.
 */
export function tlsaKeys(reads: Pick<CertificateReads, 'naming'>, box: Box): string[] {
  const hostname = box.hostname.canonical().toText();
  const rows = reads.naming([hostname, wildcardOf(hostname)].filter((name) => name !== undefined));
  const own = rows.filter((row) => isFor(row, hostname));
  const all = own.some(({ current }) => current) ? rows : own;
  return [...new Set(all.flatMap(publishedKeys))];
}

/** Whether the certificate is one for H: its key is then in TLSA. */
export function isFor(row: CertificateRow, hostname: string): boolean {
  return namesOf(row).includes(hostname);
}

/** Whether H shows the certificate, by a wildcard, when those for H have expired. */
export function standsIn(row: CertificateRow, hostname: string): boolean {
  const names = namesOf(row);
  return !names.includes(hostname) && names.some((name) => covers(name, hostname));
}

/** Those asked for, and those that a person's own certificates have besides. */
function namesOf({ names, current, next }: CertificateRow): string[] {
  return [...names, ...(current?.names ?? []), ...(next?.names ?? [])];
}

/** The key in use, the next one once it is announced, and those that are still in caches. */
function publishedKeys({ current, next, retiring }: CertificateRow): string[] {
  return [
    ...(current ? [current.spkiSha256] : []),
    ...(next?.publishedAt === undefined ? [] : [next.spkiSha256]),
    ...retiring.map(({ spkiSha256 }) => spkiSha256),
  ];
}

/** The domain whose MTA-STS host the certificate in use covers. */
export function policyDomain({ current, purpose, names }: CertificateRow, box: Box): Name | undefined {
  const domain =
    purpose.kind === 'box' ? box.hostname : purpose.kind === 'domain' ? purpose.domain : undefined;
  if (!domain || !current || current.revokedAt !== undefined) return undefined;
  const host = `mta-sts.${domain.canonical().toText()}`;
  return names.some((name) => covers(name, host)) ? domain : undefined;
}
