import { Name } from '../dns/wire/name.ts';
import type { CertificateFacts } from '../zones/publisher/sources.ts';
import type { Box } from '../zones/model.ts';
import type { CertificateRow } from './store.ts';
import { covers } from './x509/names.ts';

/** What zones are to say about certificates: kept in memory, as every publication asks. */
export interface Facts {
  /** What zones are derived from. */
  current(): CertificateFacts;
  setAccount(uri: string | undefined): void;
  /** Of one row; `undefined` forgets it. */
  setRow(id: string, row: CertificateRow | undefined): void;
}

export interface FactsOptions {
  box: () => Box | undefined;
  /** Id of the MTA-STS policy of a mail domain (RFC 8461 §3.1). */
  policyId: (domain: Name, box: Box) => string;
}

export function createFacts({ box, policyId }: FactsOptions): Facts {
  const rows = new Map<string, CertificateRow>();
  let accountUri: string | undefined;
  let made: { hostname: Name; facts: CertificateFacts } | undefined;

  function make(at: Box): CertificateFacts {
    const hostname = at.hostname.canonical().toText();
    const mine = [...rows.values()];
    const keys = mine.filter((row) => isFor(row, hostname)).flatMap(publishedKeys);
    const policies = mine.flatMap((row) => {
      const domain = policyDomain(row, at);
      return domain ? [[domain.key, policyId(domain, at)] as const] : [];
    });
    return {
      accountUri,
      tlsaKeys: [...new Set(keys)].map((spkiSha256) => ({ spkiSha256 })),
      mtaStsPolicies: new Map(policies),
    };
  }

  return {
    current() {
      const at = box();
      if (!at) return { accountUri, tlsaKeys: [], mtaStsPolicies: new Map() };
      if (!made?.hostname.equals(at.hostname)) made = { hostname: at.hostname, facts: make(at) };
      return made.facts;
    },
    setAccount(uri) {
      accountUri = uri;
      made = undefined;
    },
    setRow(id, row) {
      if (row) rows.set(id, row);
      else rows.delete(id);
      made = undefined;
    },
  };
}

/** Whether the certificate is one that H shows: its key is then in TLSA. */
export function isFor({ names }: Pick<CertificateRow, 'names'>, hostname: string): boolean {
  return names.includes(hostname);
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
