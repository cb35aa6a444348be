import { getDomain } from 'tldts';
import type { CertificateName } from '../model.ts';
import { nameSet, type Use, type UseReads } from '../store.ts';

/** At most `count` within any `window` milliseconds. */
interface Limit {
  count: number;
  window: number;
}

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;

export interface CaLimits extends Record<Use['kind'], Limit> {
  /** New orders of an account. */
  orders: Limit;
  /** Certificates for exactly the same names. */
  sameNames: Limit;
  /** New certificates below one registered domain; those that renew one with the same names do not count. */
  registeredDomain: Limit;
  /** Failed validations of a name. */
  failures: Limit;
}

/** Those of Let's Encrypt (letsencrypt.org/docs/rate-limits), which other CAs do not undercut by much. */
export const letsEncryptLimits: CaLimits = {
  orders: { count: 300, window: 3 * HOUR },
  sameNames: { count: 5, window: WEEK },
  registeredDomain: { count: 50, window: WEEK },
  failures: { count: 5, window: HOUR },
};

export interface Allowed {
  /** Milliseconds since the epoch; not before `now`. */
  at: number;
  /** The limit that makes it wait. */
  because: string | undefined;
  /** Whether it makes all orders wait, whatever their names are. */
  forAll: boolean;
}

/** Milliseconds after which it is seen whether an order that was under way took its place or left it. */
const LOOK_AGAIN = 5 * 60_000;

/** What is asked for: which certificate, and for which names. */
export interface Asked {
  id: string;
  names: readonly CertificateName[];
  /** Whether it takes the place of one with the same names. */
  renews: boolean;
}

/**
 * From when on an order for these names breaks no limit.
 * @param reads each question is answered by an index: nothing grows with what was ordered
 */
export function orderAllowed(
  { id, names, renews }: Asked,
  reads: UseReads,
  now: number,
  limits: CaLimits = letsEncryptLimits,
): Allowed {
  const because = (limit: string): string => `the CA allows only so many ${limit}`;
  return latest(now, [
    orders(reads, limits),
    {
      at: free(reads, { kind: 'sameNames', subject: nameSet(names) }, limits),
      because: because('certificates for the same names in a week'),
      forAll: false,
    },
    ...names.map(baseName).map((name) => ({
      // A name and its wildcard may both fail.
      at: free(
        reads,
        { kind: 'failures', subject: name },
        limits,
        names.filter((other) => baseName(other) === name).length,
      ),
      because: because(`failures for ${name} in an hour`),
      forAll: false,
    })),
    ...(renews ? [] : registeredDomains(names)).map((domain) => ({
      at: roomBelow(domain, id, reads, now, limits),
      because: because(`new certificates below ${domain} in a week`),
      forAll: false,
    })),
  ]);
}

/** From when on an order breaks no limit that holds whatever its names are. */
export function anyOrderAllowed(reads: UseReads, now: number, limits: CaLimits = letsEncryptLimits): Allowed {
  return latest(now, [orders(reads, limits)]);
}

function orders(reads: UseReads, limits: CaLimits): Allowed {
  const at = free(reads, { kind: 'orders', subject: '' }, limits);
  return { at, because: 'the CA allows only so many orders at a time', forAll: true };
}

function latest(now: number, candidates: readonly Allowed[]): Allowed {
  const last = candidates.reduce((a, b) => (b.at > a.at ? b : a));
  return last.at > now ? last : { at: now, because: undefined, forAll: false };
}

/** What the order of a certificate takes of the limits. */
export function usesOfOrder(at: number): Use[] {
  return [{ kind: 'orders', subject: '', at }];
}

/** And what the certificate takes that comes of it. */
export function usesOfCertificate({ names, renews }: Omit<Asked, 'id'>, at: number): Use[] {
  const domains = renews ? [] : registeredDomains(names);
  return [
    { kind: 'sameNames', subject: nameSet(names), at },
    ...domains.map((subject): Use => ({ kind: 'registeredDomain', subject, at })),
  ];
}

/** `*.` is validated as the name behind it. */
export function baseName(name: CertificateName): string {
  return name.startsWith('*.') ? name.slice(2) : name;
}

/** When so many more are within the limit: as soon as those that leave no room for them have left the window. */
function free(reads: UseReads, what: Pick<Use, 'kind' | 'subject'>, limits: CaLimits, more = 1): number {
  const { count, window } = limits[what.kind];
  const blocking = reads.useBefore(what, Math.max(count - more, 0));
  return blocking === undefined ? 0 : blocking + window + 1;
}

/** When there is room for a new certificate below a registered domain, though each of those under way may take a place. */
function roomBelow(subject: string, id: string, reads: UseReads, now: number, limits: CaLimits): number {
  const what = { kind: 'registeredDomain', subject } as const;
  const { count } = limits.registeredDomain;
  const open = reads.underWay(subject, id, count);
  if (open < count && free(reads, what, limits, open + 1) <= now) return 0;
  // One that is under way may still come to nothing, and so need not be waited for as long as for what was issued.
  const at = free(reads, what, limits);
  return at > now ? at : now + LOOK_AGAIN;
}

/** The domains that a registrar sold, of which these names are part. */
export function registeredDomains(names: readonly CertificateName[]): string[] {
  const bases = [...new Set(names.map(baseName))];
  return [...new Set(bases.map((name) => getDomain(name) ?? name))];
}
