import { getDomain } from 'tldts';
import type { CertificateName } from '../model.ts';
import { nameSet, type Use } from '../store.ts';

/** At most `count` within any `window` milliseconds. */
interface Limit {
  count: number;
  window: number;
}

const HOUR = 3_600_000;
const WEEK = 7 * 24 * HOUR;

export interface CaLimits {
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

/** Milliseconds for which a use can count. */
export const LONGEST_WINDOW = WEEK;

export interface Allowed {
  /** Milliseconds since the epoch; not before `now`. */
  at: number;
  /** The limit that makes it wait. */
  because: string | undefined;
}

/** Milliseconds after which it is seen whether an order that was under way took its place or left it. */
const LOOK_AGAIN = 5 * 60_000;

/** What counts against the limits. */
export interface Done {
  /** In the last week, oldest first. */
  uses: readonly Use[];
  /** Sets of names whose first certificate is ordered and may come at any moment. */
  underWay: readonly string[];
}

/** From when on an order for these names breaks no limit. */
export function orderAllowed(
  { names, renews }: { names: readonly CertificateName[]; renews: boolean },
  { uses, underWay }: Done,
  now: number,
  limits: CaLimits = letsEncryptLimits,
): Allowed {
  const set = nameSet(names);
  const certificates = uses.filter(({ kind }) => kind === 'certificate' || kind === 'renewal');
  const candidates: Allowed[] = [
    {
      at: free(
        uses.filter(({ kind }) => kind === 'order'),
        limits.orders,
      ),
      because: 'the CA allows only so many orders at a time',
    },
    {
      at: free(
        certificates.filter(({ subject }) => subject === set),
        limits.sameNames,
      ),
      because: 'the CA allows only so many certificates for the same names in a week',
    },
    ...names.map(baseName).map((name) => ({
      at: free(
        uses.filter(({ kind, subject }) => kind === 'failure' && subject === name),
        limits.failures,
        // A name and its wildcard may both fail.
        names.filter((other) => baseName(other) === name).length,
      ),
      because: `the CA allows only so many failures for ${name} in an hour`,
    })),
    ...(renews ? [] : registeredDomains(names)).map((domain) => ({
      at: roomBelow(domain, set, { uses, underWay }, now, limits.registeredDomain),
      because: `the CA allows only so many new certificates below ${domain} in a week`,
    })),
  ];
  const latest = candidates.reduce((a, b) => (b.at > a.at ? b : a));
  return latest.at > now ? latest : { at: now, because: undefined };
}

/** `*.` is validated as the name behind it. */
export function baseName(name: CertificateName): string {
  return name.startsWith('*.') ? name.slice(2) : name;
}

/** When so many more are within the limit: as soon as those that leave no room for them have left the window. */
function free(uses: readonly Use[], { count, window }: Limit, more = 1): number {
  const blocking = uses.at(more - 1 - count);
  return blocking ? blocking.at + window + 1 : 0;
}

/** When there is room for a new certificate below a registered domain, though each of those under way may take a place. */
function roomBelow(domain: string, set: string, { uses, underWay }: Done, now: number, limit: Limit): number {
  // Nearly all are below others, which is seen without a look at the list of public suffixes.
  const isBelow = (other: string): boolean =>
    other.includes(domain) && registeredDomains(other.split(' ')).includes(domain);
  const issued = uses.filter(({ kind, subject }) => kind === 'certificate' && isBelow(subject));
  const taken = issued.filter(({ at }) => at + limit.window >= now).length;
  const open = underWay.filter((other) => other !== set && isBelow(other)).length;
  if (taken + open < limit.count) return 0;
  // One that is under way may still come to nothing, and so need not be waited for as long as for what was issued.
  return taken < limit.count ? now + LOOK_AGAIN : free(issued, limit);
}

/** The domains that a registrar sold, of which these names are part. */
export function registeredDomains(names: readonly CertificateName[]): string[] {
  const bases = [...new Set(names.map(baseName))];
  return [...new Set(bases.map((name) => getDomain(name) ?? name))];
}
