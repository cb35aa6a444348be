import type { Name } from '../dns/wire/name.ts';
import { RowsKey } from '../work/rows.ts';
import type { Change } from '../work/unit-of-work.ts';
import type {
  Attempt,
  CertificateName,
  CertificateView,
  InstalledCertificate,
  KeyAlgorithm,
} from './model.ts';

/*
 * What is kept of certificates: a row for each set of names, with the certificate in use, the key of the next one, and the order under
 * way. Times are milliseconds since the epoch.
 */

/** A certificate that is, or was, in use. */
export interface StoredCertificate {
  kind: 'acme' | 'own';
  /** PEM, the leaf first. */
  chain: string;
  /** What it says it is for. */
  names: readonly CertificateName[];
  spkiSha256: string;
  issuer: string;
  serialNumber: string;
  notBefore: number;
  notAfter: number;
  revokedAt: number | undefined;
}

/**
 * How far the next certificate has come. Kept before each step that cannot be taken back, so that a crash loses nothing:
 * `creating`: the order may have been made or not; `ordered`: it has a URL; `issued`: the chain is there and waits for its TLSA.
 */
export type Pending =
  | { kind: 'creating' }
  | { kind: 'ordered'; url: string }
  | { kind: 'issued'; certificate: StoredCertificate; installAt: number };

/** When the next try is due, and why then. */
export interface Schedule {
  at: number;
  why: string;
}

/** What the CA suggested last (RFC 9773), and when it wants to be asked again. */
export interface Suggestion {
  /** Chosen in the window. */
  at: number | undefined;
  start: number;
  end: number;
  checkAt: number;
}

export interface CertificateRow {
  id: string;
  names: readonly CertificateName[];
  purpose: CertificateView['purpose'];
  keyAlgorithm: KeyAlgorithm;
  /** The lower, the earlier its turn. */
  rank: number;
  current: StoredCertificate | undefined;
  sealedKey: Uint8Array | undefined;
  /** The key of the next certificate, and what that will be for; `publishedAt`: when its TLSA was live. */
  next:
    { spkiSha256: string; names: readonly CertificateName[]; publishedAt: number | undefined } | undefined;
  sealedNextKey: Uint8Array | undefined;
  pending: Pending | undefined;
  /** The key of a signing request that was given out for a certificate of the person's own. */
  requested: { spkiSha256: string } | undefined;
  sealedRequestedKey: Uint8Array | undefined;
  /** Keys that are used no more, whose TLSA is still in caches. */
  retiring: readonly { spkiSha256: string; until: number }[];
  /** Failed attempts since the last good one. */
  failures: number;
  schedule: Schedule | undefined;
  suggestion: Suggestion | undefined;
  /** When there is anything to do about it, but for a new order. */
  wakeAt: number | undefined;
  createdAt: number;
}

export interface AccountRow {
  directory: string;
  /** undefined until the CA has said it. */
  url: string | undefined;
  /** Names by which CAA is to call the CA, as its directory had them last. */
  caaIdentities: readonly string[];
  /** Whether the CAA of all zones names it. */
  named: boolean;
  sealedKey: Uint8Array;
  /** The key that it is being rolled over to. */
  sealedNextKey: Uint8Array | undefined;
}

/** A DNS-01 answer that is in a zone. */
export interface ChallengeRow {
  owner: Name;
  value: string;
  /** The row that it was made for. */
  certificateId: string;
}

/** Something that a CA counts against one of its limits (order/limits.ts). */
export interface Use {
  kind: 'orders' | 'sameNames' | 'registeredDomain' | 'failures';
  /** Of what no more is allowed: nothing (an account's orders), the set of names, the registered domain, the name that failed. */
  subject: string;
  at: number;
}

/** What was used of the CA's limits. */
export interface UseReads {
  /** When the last use was that `skip` others followed; undefined: there are not so many. */
  useBefore(what: Pick<Use, 'kind' | 'subject'>, skip: number): number | undefined;
  /** How many there were from `since` on. */
  usesSince(what: Pick<Use, 'kind' | 'subject'>, since: number): number;
  /** The subjects with the most uses, those that have left the window and were not dropped yet included. */
  mostUsed(kind: Use['kind'], limit: number): { subject: string; count: number }[];
  /** Certificates below a registered domain, but for this one, that are ordered for the first time: `limit` at most. */
  underWay(domain: string, but: string, limit: number): number;
}

/** A certificate that could serve, as far as the choice needs it. Times are milliseconds since the epoch. */
export interface Servable {
  id: string;
  names: readonly CertificateName[];
  kind: InstalledCertificate['kind'];
  spkiSha256: string;
  serialNumber: string;
  notBefore: number;
  notAfter: number;
}

/** All certificates in numbers. */
export interface CertificateCounts {
  states: Record<CertificateView['state'], number>;
  /** When the first certificate in use expires, milliseconds since the epoch; those revoked apart. */
  firstExpiry: number | undefined;
  /** Orders that the CA has and that are not at their end. */
  orders: number;
}

/** What is left to do of the hooks for a certificate that came into use. */
export interface HookRow {
  certificateId: string;
  /** SHA-256 of the certificate, hex. */
  version: string;
  /** File names of hooks that have succeeded for it. */
  done: readonly string[];
  /** Runs in a row in which one did not. */
  failures: number;
  /** Milliseconds since the epoch. */
  dueAt: number;
}

/** Who has hooks to run when a certificate comes into use. */
export interface HookWishes {
  /** Part of the change by which it does: what is to run is known when that is committed, and never forgotten. */
  want(change: Pick<Change, 'rows' | 'afterCommit'>, id: string, certificate: StoredCertificate): void;
}

export interface CertificateReads extends UseReads {
  certificate(id: string): CertificateRow | undefined;
  withNames(names: readonly CertificateName[]): CertificateRow | undefined;
  /** The row that a domain has for itself; more than one only for a moment. */
  ofDomain(domain: Name): CertificateRow[];
  ofBox(): CertificateRow[];
  /** With any of these names: asked for, in use, or of the next certificate. */
  naming(names: readonly CertificateName[]): CertificateRow[];
  /** The one that waits for a person's own certificate with this key. */
  requested(spkiSha256: string): CertificateRow | undefined;
  /** In the order in which they were made, after the id `after`. */
  certificates(after: string | undefined, limit: number): CertificateRow[];
  /** The same, of those that an order was made or failed for since the last good one. */
  tried(after: string | undefined, limit: number): CertificateRow[];
  /** Those in use with any of these names. */
  servable(names: readonly CertificateName[]): Servable[];
  /** The first moment after this one at which a certificate in use becomes valid or is valid no more. */
  nextTurn(after: number): number | undefined;
  /** What those are for that do so at this moment. */
  namesTurning(at: number): CertificateName[];
  /** How many there are of each state, when nothing is done about any at this moment. */
  counts(now: number): CertificateCounts;
  /** With something to do by `now`: the most important first. `orders`: a new order is something to do. */
  due(now: number, limit: number, orders: boolean): CertificateRow[];
  /** When there is next something to do, but for new orders. */
  nextWake(): number | undefined;
  /** When the next new order is due. */
  nextOrder(): number | undefined;
  /** Newest first. */
  attempts(id: string, limit: number): Attempt[];
  /** Those that have not ended. */
  openAttempts(limit: number): { certificateId: string; attempt: Attempt }[];
  account(directory: string): AccountRow | undefined;
  /** Whether the CAA of zones names an account. */
  namesAccount(): boolean;
  challenges(): ChallengeRow[];
  challengesOf(certificateId: string): ChallengeRow[];
  /** At these owners, or at and below the zone's name. */
  challengesAt(zone: Name, owners: readonly Name[] | undefined): ChallengeRow[];
  hooks(certificateId: string): HookRow | undefined;
  /** The one that has been due for the longest time, or will be first. */
  nextHooks(): HookRow | undefined;
}

export interface CertificateTransaction extends CertificateReads {
  put(row: CertificateRow): void;
  delete(id: string): void;
  /** Adds the attempt, or replaces the one that started at the same time. */
  putAttempt(id: string, attempt: Attempt): void;
  putAccount(row: AccountRow): void;
  /** This account is the one that the CAA of all zones names, and no other; undefined: they name none. */
  nameAccount(directory: string | undefined): void;
  addChallenge(row: ChallengeRow): void;
  removeChallenge(row: ChallengeRow): void;
  /** In place of what was left for a certificate before it. */
  putHooks(row: HookRow): void;
  deleteHooks(certificateId: string): void;
  /** All that is left is due by `at`. */
  hurryHooks(at: number): void;
  addUse(use: Use): void;
  /** Drops those from before `before`. @returns how many, at most `limit` */
  dropUses(kind: Use['kind'], before: number, limit: number): number;
  /** Drops all. */
  forgetUses(): void;
}

export const certificateRows = new RowsKey<CertificateReads, CertificateTransaction>('certificates');

/** One string for a set of names. */
export function nameSet(names: readonly CertificateName[]): string {
  return [...names].sort().join(' ');
}
