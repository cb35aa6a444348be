import type { ResourceRecord } from '../dns/rr.ts';
import type { Name } from '../dns/wire/name.ts';

/** What the box is and how it publishes; set once by the person, changed seldom. */
export interface Box {
  /** H of the design: the box's own host name. Its zone holds H, ns1.H and ns2.H. */
  hostname: Name;
  /** Public addresses in presentation form, at least one in all. ns1 gets the first of each family, ns2 the second where there is one. */
  ipv4: readonly string[];
  ipv6: readonly string[];
  /** Where people are reached: SOA rname is hostmaster@H whatever this is. */
  adminEmail: string | undefined;
  /** Seconds; default for records without a TTL of their own. */
  ttl: number;
  /** Names of secondary nameservers that replace ns2.H in NS; empty: ns1.H and ns2.H. */
  secondaries: readonly Name[];
  /**
   * Issuer domain of the CA for CAA (RFC 8659), such as letsencrypt.org; `auto`: that of the CA which the box gets its
   * certificates from; undefined publishes no CAA.
   */
  caaIssuer: string | undefined;
  /** undefined: {@link defaultRetention}. */
  retention?: Retention | undefined;
  /** Hostnames of before that still answer, the oldest first; undefined: none. */
  formerHostnames?: readonly FormerHostname[] | undefined;
}

/** What the parent's data means for a zone; `unknown`: it has not been asked, or did not answer. */
export type ParentState = 'unknown' | 'not-delegated' | 'glue-wrong' | 'insecure' | 'secure' | 'bogus';

/** A hostname of before: it and the nameservers below it answer until no parent leads to them any more. */
export interface FormerHostname {
  hostname: Name;
  /** Since when the box has another one; milliseconds since the epoch. */
  since: number;
  /** Since when no parent is known to name it (milliseconds since the epoch); undefined while some do, or have not been asked. */
  leftAt: number | undefined;
  /** Seconds for which caches may lead to it when no parent does any more: the longest that is known. */
  longestTtl: number;
}

/** For how long what is past is kept; seconds. */
export interface Retention {
  /** Versions of zones: with them one can roll back, and see what changed. */
  versions: number;
  /** So many versions of each zone are kept whatever their age, the one that is served included. */
  versionsAtLeast: number;
  audit: number;
  /** Jobs that ended. */
  jobs: number;
  /** Keys, records and versions of what the box serves no more; undefined: for ever. */
  removedZones: number | undefined;
}

const DAY = 86_400;

export const defaultRetention: Retention = {
  versions: 90 * DAY,
  versionsAtLeast: 10,
  audit: 365 * DAY,
  jobs: 30 * DAY,
  removedZones: 30 * DAY,
};

/** A domain that a person added. */
export interface Domain {
  name: Name;
  /** `local`: served by the box. `external`: served elsewhere; the table of records is advice. */
  dns: 'local' | 'external';
  /** Takes part in mail. */
  mail: boolean;
  /** Is served by the box's web server. */
  web: boolean;
  /** Seconds; undefined: the zone's, then the box's. */
  ttl: number | undefined;
  /** RFC 3339, UTC. */
  createdAt: string;
}

/** A DKIM key as its record needs it (RFC 6376 §3.6.1); `publicKey` is the base64 of `p=`. */
export interface DkimRecordKey {
  domain: Name;
  selector: string;
  /** The `k=` tag. */
  algorithm: 'rsa' | 'ed25519';
  /** Base64 for `p=`; empty when the key is revoked. */
  publicKey: string;
}

/** A certificate's key as TLSA needs it: `3 1 1` of the SHA-256 of the SubjectPublicKeyInfo. */
export interface TlsaKey {
  /** Hex, 32 octets. */
  spkiSha256: string;
}

/** An SSH host key's fingerprint (RFC 4255). */
export interface SshFingerprint {
  algorithm: number;
  /** Hex of the SHA-256 (fingerprint type 2). */
  sha256: string;
}

/** A record that the person wrote. */
export interface CustomRecord {
  id: string;
  owner: Name;
  type: number;
  /** Seconds; undefined: the zone's default. */
  ttl: number | undefined;
  /** As written: presentation form, or `local` for A and AAAA (the box's own addresses). */
  value: string;
}

export type RecordSource = 'derived' | 'custom' | 'acme' | 'update';
export type RecordLevel = 'required' | 'recommended' | 'optional';

/** A record of a zone with where it comes from: what the API shows and what the zone is built of. */
export interface SourcedRecord extends ResourceRecord {
  source: RecordSource;
  /** One sentence for a person who does not know DNS. */
  why: string;
  level: RecordLevel;
  /** Such as `RFC 7208`; undefined for a person's own records. */
  rfc: string | undefined;
}

/** A zone as it is published: one for each local domain that is not below another local domain, and one for H. */
export interface Zone {
  name: Name;
  /** Seconds; undefined: the box's. */
  ttl: number | undefined;
  denial: 'nsec' | 'nsec3';
  /** Serial that is live; undefined before the first publication. */
  serial: number | undefined;
}

/** Everything a zone is derived from. Built by the publisher from the stores, inside the transaction of the change. */
export interface ZoneInput {
  box: Box;
  zone: Zone;
  /** The local domains that live in this zone (the apex domain, if it is one, and those below it). */
  domains: readonly Domain[];
  /** Whether this zone is H's. */
  holdsHostname: boolean;
  /**
   * Mail domains that send reports to the box (all, or those of a narrowed derivation): for `D._report._dmarc.H`. Only set when `holdsHostname`.
   */
  reportingDomains: readonly Name[];
  /** CDS/CDNSKEY of zones bootstrapped by RFC 9615 under `_signal.ns1.H` (all, or those of a narrowed derivation). Only set when `holdsHostname`. */
  signalledZones: readonly { zone: Name; cds: readonly Uint8Array[]; cdnskey: readonly Uint8Array[] }[];
  dkimKeys: readonly DkimRecordKey[];
  /** Keys of H's certificates; empty until there is one. */
  tlsaKeys: readonly TlsaKey[];
  sshFingerprints: readonly SshFingerprint[];
  /** URI of the ACME account (RFC 8657 §3); undefined until there is one. */
  acmeAccountUri: string | undefined;
  /** Names that the CA in use knows itself by in CAA (RFC 8555 §7.1.1); empty while it has not said any. */
  acmeCaaIdentities: readonly string[];
  /** DNS-01 answers in this zone (all, or those at `owners`). */
  acmeChallenges: readonly { owner: Name; value: string }[];
  /** Domains (by `Name.key`) whose `mta-sts.` certificate is valid and served, with the id of their policy (RFC 8461 §3.1). */
  mtaStsPolicies: ReadonlyMap<string, string>;
  /** Domains (by `Name.key`) with a DAV server. */
  davDomains: ReadonlySet<string>;
  /** Domains (by `Name.key`) with a BIMI logo, and its URL. */
  bimiLogos: ReadonlyMap<string, string>;
  /** Rdata of the zone's DNSKEY RRset (published keys). */
  dnskeys: readonly Uint8Array[];
  /** Rdata of CDS and CDNSKEY by key state. */
  cds: readonly Uint8Array[];
  cdnskey: readonly Uint8Array[];
  serial: number;
  /** The person's records in this zone (all, or those at `owners`). */
  custom: readonly CustomRecord[];
}

/** What can be wrong with a custom record, said for a person. */
export interface RecordProblem {
  code: 'invalid-name' | 'invalid-record' | 'record-conflict' | 'outside-zone';
  field: 'owner' | 'type' | 'ttl' | 'value';
  message: string;
}
