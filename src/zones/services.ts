import type { Name } from '../dns/wire/name.ts';
import type { Box, CustomRecord, Domain, RecordLevel, RecordSource, Zone } from './model.ts';

/**
 * What the API (and through it the CLI and the panel) can ask for. Every call that changes something resolves when the change is
 * durable and served by every worker, and has written its audit entry in the same transaction. Names are given as typed values;
 * refusals are thrown as AppError.
 */

/** Who asked: kept in the audit log and in the versions of zones. */
export interface Actor {
  kind: 'token' | 'local' | 'system';
  /** Token id, or the name of a job. */
  id: string;
  /** The token's name, shown to people. */
  name: string;
  /** Network address, when there is one. */
  address: string | undefined;
}

export interface Page<T> {
  items: T[];
  /** Opaque; undefined at the end. */
  next: string | undefined;
}

export interface PageRequest {
  /** 1 to 500. */
  limit: number;
  cursor: string | undefined;
}

/** What a change of a zone led to. */
export interface Published {
  zone: Name;
  serial: number;
}

export interface BoxService {
  /** undefined while the box has no hostname. */
  get(): Box | undefined;
  put(actor: Actor, box: Box): Promise<Box>;
  /** Public addresses found on this machine's interfaces, offered for confirmation. */
  detectAddresses(): { ipv4: string[]; ipv6: string[] };
}

/** A domain with where it is published. */
export interface DomainView extends Domain {
  /** The zone that holds it; undefined for external DNS. */
  zone: Name | undefined;
  /** The serial that is live; undefined for external DNS. */
  serial: number | undefined;
}

export interface DomainChange {
  dns?: Domain['dns'];
  mail?: boolean;
  web?: boolean;
  ttl?: number | null;
}

export interface DomainService {
  list(page: PageRequest, filter: { search?: string | undefined }): Page<DomainView>;
  get(name: Name): DomainView | undefined;
  add(
    actor: Actor,
    domain: { name: Name; dns: Domain['dns']; mail: boolean; web: boolean; ttl?: number },
  ): Promise<DomainView>;
  update(actor: Actor, name: Name, change: DomainChange): Promise<DomainView>;
  /** Its own records go too; those of other domains below it stay, in zones of their own. */
  remove(actor: Actor, name: Name): Promise<Published[]>;
  /** Every record of the domain; for external DNS the advice. */
  records(name: Name, page: PageRequest): Page<RecordView>;
}

/** A record as the API shows it. */
export interface RecordView {
  owner: Name;
  type: string;
  ttl: number;
  value: string;
  source: RecordSource;
  why: string;
  level: RecordLevel;
  rfc: string | undefined;
}

/** A custom record as written, with its effective TTL. */
export interface CustomRecordView extends CustomRecord {
  zone: Name;
  effectiveTtl: number;
  /** Why the zone does not hold it, in a sentence; undefined when it does. */
  warning: string | undefined;
}

/** A custom record that its zone does not hold, with the reason in a sentence. */
export interface RecordWarning {
  owner: Name;
  type: number;
  value: string;
  reason: string;
}

/** A custom record as asked for: texts, validated by the service. */
export interface RecordRequest {
  owner: string;
  type: string;
  ttl?: number | undefined;
  value: string;
}

export interface RecordService {
  list(zone: Name, page: PageRequest, filter: { owner?: Name; type?: string }): Page<CustomRecordView>;
  get(zone: Name, id: string): CustomRecordView | undefined;
  /** Adds all or none. */
  add(
    actor: Actor,
    zone: Name,
    records: RecordRequest[],
  ): Promise<{ records: CustomRecordView[]; published: Published }>;
  /** Replaces all custom records at these owners and types by the given ones (the same value twice is one record). */
  replace(
    actor: Actor,
    zone: Name,
    records: RecordRequest[],
  ): Promise<{ records: CustomRecordView[]; published: Published }>;
  /** Removes by id, or by owner, type and value (all that match what is given). */
  remove(
    actor: Actor,
    zone: Name,
    which: { id: string } | { owner: string; type?: string | undefined; value?: string | undefined },
  ): Promise<{ removed: number; published: Published | undefined }>;
}

export interface VersionView {
  serial: number;
  publishedAt: string;
  /** Such as `domain example.com added`, `record www.example.com A added`, `signatures refreshed`, `rolled back to 17…`. */
  cause: string;
  actor: string;
  added: number;
  removed: number;
}

/** A line of a diff: a record of the zone without its DNSSEC machinery (RRSIG, NSEC, NSEC3 only when asked for). */
export interface DiffLine {
  op: '+' | '-';
  owner: Name;
  type: string;
  ttl: number;
  value: string;
}

export interface KeyView {
  keyTag: number;
  algorithm: number;
  flags: number;
  role: 'CSK' | 'KSK' | 'ZSK';
  state: string;
  createdAt: string;
  ds: DsView[];
  dnskey: DnskeyView;
}

export interface DsView {
  keyTag: number;
  algorithm: number;
  digestType: number;
  digest: string;
}

export interface DnskeyView {
  flags: number;
  protocol: number;
  algorithm: number;
  publicKey: string;
}

/** A zone file or a server to transfer from. */
export interface ImportRequest {
  zone: Name;
  from: { kind: 'zonefile'; text: string } | { kind: 'axfr'; server: string; port: number };
  /** Says what would happen, changes nothing. */
  dryRun: boolean;
  /** Domain settings if the zone's domain does not exist yet. */
  mail: boolean;
  web: boolean;
}

export interface ImportResult {
  zone: Name;
  /** Records taken as custom records. */
  imported: RecordRequest[];
  /** Records left out, with why (the box derives it itself, DNSSEC of the old server, …). */
  skipped: (RecordRequest & { reason: string })[];
  published: Published | undefined;
}

export interface ZoneService {
  list(page: PageRequest): Page<Zone & { records: number }>;
  get(zone: Name): (Zone & { records: number }) | undefined;
  /** What the person wrote and the zone does not hold; the first hundred. */
  warnings(zone: Name): RecordWarning[];
  update(actor: Actor, zone: Name, change: { ttl?: number | null; denial?: 'nsec' | 'nsec3' }): Promise<Zone>;
  /** The served version as a zone file; `signed` with RRSIG and NSEC. */
  zonefile(zone: Name, options: { signed: boolean; serial?: number }): string;
  versions(zone: Name, page: PageRequest): Page<VersionView>;
  diff(zone: Name, from: number, to: number, options: { dnssec: boolean }): DiffLine[];
  /** The person's records become what they were at `serial`; published under a new serial. */
  rollback(actor: Actor, zone: Name, serial: number): Promise<Published>;
  import(actor: Actor, request: ImportRequest): Promise<ImportResult>;
  keys(zone: Name): KeyView[];
}

export type ParentState = 'unknown' | 'not-delegated' | 'glue-wrong' | 'insecure' | 'secure' | 'bogus';

/** What to set at the registrar, and what the parent has. */
export interface RegistrarView {
  nameservers: Name[];
  glue: { name: Name; addresses: string[] }[];
  ds: DsView[];
  dnskey: DnskeyView[];
  parent: {
    state: ParentState;
    /** One sentence on what to do. */
    message: string;
    nameservers: Name[];
    glue: { name: Name; addresses: string[] }[];
    ds: DsView[];
    /** RFC 3339; undefined while never asked. */
    checkedAt: string | undefined;
  };
}

export interface RegistrarService {
  /** From the last check; `refresh` asks the parent's servers first. */
  get(domain: Name, options: { refresh: boolean }): Promise<RegistrarView>;
}

/** Something that happened: for GET /events. */
export interface SignpostEvent {
  /** Rising; a client resumes after it (Last-Event-ID). */
  id: number;
  /** RFC 3339. */
  at: string;
  type:
    | 'box.changed'
    | 'domain.added'
    | 'domain.changed'
    | 'domain.removed'
    | 'zone.published'
    | 'registrar.checked'
    /** An order came to its next step. */
    | 'certificate.step'
    | 'certificate.installed'
    | 'certificate.failed'
    | 'certificate.revoked';
  data: Record<string, unknown>;
}

export interface EventSource {
  /** Events after `lastId` that are still remembered, then new ones, until unsubscribed. */
  subscribe(lastId: number | undefined, listener: (event: SignpostEvent) => void): () => void;
}

export interface AuditEntry {
  id: number;
  at: string;
  actor: Actor;
  /** Such as `domain.add`. */
  action: string;
  /** What was changed, such as the domain's name. */
  target: string;
  /** The request without secrets. */
  detail: Record<string, unknown>;
}

/** Where a token may act. Zones and names limit `dns:write` only. */
export interface TokenScope {
  scope: 'admin' | 'domains:write' | 'dns:write' | 'read';
  /** For `dns:write`: zones it may write in, or exact owner names (such as `_acme-challenge.example.com`); both empty: everywhere. */
  zones?: Name[];
  names?: Name[];
}

export interface TokenView {
  id: string;
  name: string;
  scopes: TokenScope[];
  createdAt: string;
  lastUsedAt: string | undefined;
  expiresAt: string | undefined;
}

export interface TokenService {
  list(page: PageRequest): Page<TokenView>;
  /** The secret is shown once and kept only as a hash. */
  create(
    actor: Actor,
    token: { name: string; scopes: TokenScope[]; expiresAt?: string | undefined },
  ): Promise<{ token: TokenView; secret: string }>;
  revoke(actor: Actor, id: string): Promise<void>;
  /** Constant time over the secret; undefined for an unknown, revoked or expired one. */
  authenticate(secret: string): TokenView | undefined;
  /** Whether no valid admin token exists: then the start prints a one-time link. */
  none(): boolean;
  /** Makes the one-time secret of the first-run link; one at a time, valid for an hour of life of this process or until used. */
  createSetupSecret(): string;
  /** Trades the one-time secret for an admin token; undefined when it is wrong or used. */
  redeemSetupSecret(actor: Actor, secret: string): Promise<{ token: TokenView; secret: string } | undefined>;
}

export interface AuditService {
  list(page: PageRequest, filter: { target?: string; action?: string }): Page<AuditEntry>;
}

/** Answers kept for repeated requests (Idempotency-Key); a key lives 24 hours. */
export interface IdempotencyStore {
  /** `fresh`: this caller goes ahead. `done`: the stored answer. `running`: the first request has not ended. `conflict`: the key was used with another request. */
  begin(
    key: string,
    fingerprint: string,
  ):
    | { kind: 'fresh' }
    | { kind: 'done'; status: number; body: string }
    | { kind: 'running' }
    | { kind: 'conflict' };
  /** Resolves when the answer is durable: only then is it sent. */
  finish(key: string, status: number, body: string): Promise<void>;
  /** The request failed before it did anything: the key may be used again. */
  abandon(key: string): void;
}

export interface Health {
  ready: boolean;
  /** Why not ready; each a public sentence. */
  problems: string[];
  /** Zones that are not served as they should be, a sentence each: not for strangers, as it names them. */
  zoneProblems: string[];
  zones: number;
  dns: string[];
  version: string;
  startedAt: string;
}

/** All that the API is built on. */
export interface Services {
  box: BoxService;
  domains: DomainService;
  records: RecordService;
  zones: ZoneService;
  registrar: RegistrarService;
  tokens: TokenService;
  audit: AuditService;
  idempotency: IdempotencyStore;
  events: EventSource;
  health(): Health;
}
