import { Name } from '../dns/wire/name.ts';
import type { CertificateFacts } from '../zones/publisher/sources.ts';
import type { Box } from '../zones/model.ts';
import type { CertificateRow } from './store.ts';
import { covers } from './x509/names.ts';

/** What zones are to say about certificates: kept in memory, as every publication asks. */
export interface Facts {
  /** What zones are derived from. */
  current(): CertificateFacts;
  setAccount(account: Pick<CertificateFacts, 'accountUri' | 'caaIdentities'>): void;
  /** Of one row; `undefined` forgets it. */
  setRow(id: string, row: CertificateRow | undefined): void;
  /** All of them. */
  rows(): Iterable<CertificateRow>;
}

export interface FactsOptions {
  box: () => Box | undefined;
  /** Id of the MTA-STS policy of a mail domain (RFC 8461 §3.1). */
  policyId: (domain: Name, box: Box) => string;
}

export function createFacts({ box, policyId }: FactsOptions): Facts {
  const rows = new Map<string, CertificateRow>();
  /** Rows with a key that H may show. */
  const mine = new Map<string, CertificateRow>();
  const policies = new Map<string, string>();
  /** Which policy a row stands for, by its id; H's may stand on two. */
  const policyOf = new Map<string, string>();
  const holders = new Map<string, number>();
  let account: Parameters<Facts['setAccount']>[0] = { accountUri: undefined, caaIdentities: [] };
  let madeFor: Name | undefined;

  /** Takes in one row; what it said before goes. Never walks the others: each new domain comes through here. */
  function take(id: string, row: CertificateRow | undefined, at: Box): void {
    mine.delete(id);
    const before = policyOf.get(id);
    if (before !== undefined) {
      const left = holders.get(before)! - 1;
      holders.set(before, left);
      if (left === 0) policies.delete(before);
      policyOf.delete(id);
    }
    if (!row) return;
    const hostname = at.hostname.canonical().toText();
    if (isFor(row, hostname) || standsIn(row, hostname)) mine.set(id, row);
    const domain = policyDomain(row, at);
    if (!domain) return;
    policies.set(domain.key, policyId(domain, at));
    policyOf.set(id, domain.key);
    holders.set(domain.key, (holders.get(domain.key) ?? 0) + 1);
  }

  /** Everything depends on the hostname. */
  function takeAll(at: Box): void {
    mine.clear();
    policies.clear();
    policyOf.clear();
    holders.clear();
    madeFor = at.hostname;
    for (const [id, row] of rows) take(id, row, at);
  }

  return {
    current() {
      const at = box();
      if (!at) return { ...account, tlsaKeys: [], mtaStsPolicies: new Map() };
      if (!madeFor?.equals(at.hostname)) takeAll(at);
      const keys = tlsaKeys([...mine.values()], at.hostname.canonical().toText());
      return {
        ...account,
        tlsaKeys: keys.map((spkiSha256) => ({ spkiSha256 })),
        mtaStsPolicies: policies,
      };
    },
    setAccount(now) {
      account = now;
    },
    rows: () => rows.values(),
    setRow(id, row) {
      if (row) rows.set(id, row);
      else rows.delete(id);
      const at = box();
      if (at && madeFor?.equals(at.hostname)) take(id, row, at);
    },
  };
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

/**
 * All that H may show at any moment, so that whatever serves is in TLSA. While it has no certificate of its own there are none: the first
 * one need not wait for them, and no client misses the key of a wildcard.
 */
function tlsaKeys(rows: readonly CertificateRow[], hostname: string): string[] {
  const own = rows.filter((row) => isFor(row, hostname));
  const all = own.some(({ current }) => current) ? rows : own;
  return [...new Set(all.flatMap(publishedKeys))];
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
