import type { Name } from '../dns/wire/name.ts';
import type { Actor } from '../work/actor.ts';
import type { Page, PageRequest } from '../work/page.ts';

/*
 * Certificates: one for the box (H and what clients call it), one for each local domain D (`D`, `*.D`). They come from an
 * ACME CA by DNS-01, or are the person's own; until the first one is there, a self-signed one serves.
 */

/** A name of a certificate, in lower-case A-labels; `*.` in front for a wildcard. */
export type CertificateName = string;

export type KeyAlgorithm = 'ecdsa-p256' | 'rsa-2048' | 'rsa-3072' | 'rsa-4096';

/** Where certificates come from; set by flags, changed over the API. */
export interface AcmeSettings {
  /** RFC 8555 §7.1.1 directory; undefined: no CA is asked. */
  directory: string | undefined;
  /** PEM of the roots that the CA's own HTTPS is checked against, when they are not public. */
  caBundle: string | undefined;
  email: string | undefined;
  /** External account binding (RFC 8555 §7.3.4). */
  eab: { keyId: string; hmacKey: string } | undefined;
  /** Profile of the CA (such as `shortlived`); undefined: its default. */
  profile: string | undefined;
}

/** A key and chain that can be served: what the store gives to consumers. */
export interface InstalledCertificate {
  id: string;
  names: readonly CertificateName[];
  kind: 'self-signed' | 'acme' | 'own';
  /** PEM, the leaf first. */
  chain: string;
  /** PKCS#8 PEM; in memory only, sealed at rest. */
  privateKey: string;
  /** Hex SHA-256 of the SubjectPublicKeyInfo: TLSA 3 1 1. */
  spkiSha256: string;
  /** RFC 3339. */
  notBefore: string;
  notAfter: string;
}

/** What happened in an attempt, step by step, for people. */
export type OrderStep =
  'waiting' | 'order' | 'record' | 'live' | 'validated' | 'issued' | 'installed' | 'failed';

export interface Attempt {
  startedAt: string;
  endedAt: string | undefined;
  step: OrderStep;
  /** One sentence: what went wrong and what to do, with the CA's own words in `detail`. */
  problem: string | undefined;
  detail: string | undefined;
}

export interface CertificateView {
  id: string;
  names: readonly CertificateName[];
  /** The box, the domain it belongs to, or a set of names that a person asked for. */
  purpose: { kind: 'box' } | { kind: 'domain'; domain: Name } | { kind: 'requested' };
  kind: InstalledCertificate['kind'];
  keyAlgorithm: KeyAlgorithm;
  issuer: string | undefined;
  serialNumber: string | undefined;
  notBefore: string | undefined;
  notAfter: string | undefined;
  /** Of the certificate in use: one that is valid stays so while its renewal fails. `failed`: there is none, for the order failed. */
  state: 'self-signed' | 'ordering' | 'valid' | 'renewing' | 'failed' | 'expired' | 'revoked';
  step: OrderStep | undefined;
  /** What the last orders failed for, in one sentence; undefined once one succeeded. */
  problem: string | undefined;
  /** RFC 3339 of the next try, and why then: `two thirds of its lifetime`, `the CA suggests it (ARI)`, `back-off after a failure`. */
  nextAttemptAt: string | undefined;
  nextAttemptWhy: string | undefined;
  attempts: readonly Attempt[];
}

/** The certificate in use as it is given out. */
export interface ExportedCertificate {
  id: string;
  kind: 'acme' | 'own';
  /** What it says it is for. */
  names: readonly CertificateName[];
  issuer: string;
  serialNumber: string;
  /** RFC 3339. */
  notBefore: string;
  notAfter: string;
  /** PEM, the leaf first. */
  chain: string;
}

/** For the API, the CLI and the panel. Refusals are thrown as AppError. */
export interface CertificateService {
  list(page: PageRequest): Page<CertificateView>;
  get(id: string): CertificateView | undefined;
  /** Those that the box keeps for a domain, and others for its name. */
  ofDomain(domain: Name): CertificateView[];
  /** Orders one for these names (which must be in zones of ours), or takes the existing one with the same names. Does not wait. */
  issue(actor: Actor, names: CertificateName[], keyAlgorithm?: KeyAlgorithm): Promise<CertificateView>;
  renew(actor: Actor, id: string): Promise<CertificateView>;
  revoke(actor: Actor, id: string, reason: number): Promise<CertificateView>;
  /** A certificate signing request (PEM) for one's own certificate; its key stays in the box. */
  request(
    actor: Actor,
    names: CertificateName[],
    keyAlgorithm?: KeyAlgorithm,
  ): Promise<{ id: string; csr: string }>;
  /** Installs one's own chain (PEM): key match, chain order, names and dates are checked. */
  install(actor: Actor, chain: string, privateKey: string | undefined): Promise<CertificateView>;
  /** What is in use, without its key. @throws AppError not-found, where nothing but a self-signed one is */
  chain(id: string): ExportedCertificate;
  /**
   * The same with its key (PKCS#8 PEM), once the audit log says so. Who may ask is for the caller to know.
   * @throws AppError not-found, storage-full, storage-read-only
   */
  exportKey(actor: Actor, id: string): Promise<ExportedCertificate & { privateKey: string }>;
  /** With what is known of the account: its URL, and the names that the CA has for itself in CAA (RFC 8555 §7.1.1). */
  settings(): AcmeSettings & { accountUri: string | undefined; caaIdentities: readonly string[] };
  /** Takes a new key for the account with the CA (RFC 8555 §7.3.5). */
  rollAccountKey(actor: Actor): Promise<void>;
}

/** Whoever uses a name's certificate: the HTTPS listener now, the mail servers later. */
export interface CertificateConsumer {
  /** The next certificate will be used from `at` (RFC 3339) on: its TLSA is published, the old one's TTL is running. */
  before?(next: InstalledCertificate, at: string): void;
  /** This certificate is to be used from now on. */
  changed(current: InstalledCertificate): void;
}

/** Certificates by name, for consumers. */
export interface CertificateStore {
  /** The best one for a host name: exact before wildcard before the box's own; always one (self-signed at worst). */
  forName(host: string): InstalledCertificate;
  subscribe(consumer: CertificateConsumer): () => void;
}

/**
 * Puts DNS-01 answers into zones: resolves when every worker serves them. Several at one name stand side by side. What was presented is
 * kept in the database and removed at the next start when a crash left it.
 */
export interface ChallengeRecords {
  /** `_acme-challenge.NAME` (a CNAME there is followed to where it leads, when that is in a zone of ours). @throws AppError */
  present(host: Name, value: string): Promise<{ owner: Name; zone: Name }>;
}
