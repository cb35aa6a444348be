import { sql } from '../drizzle.ts';
import { blob, index, integer, primaryKey, sqliteTable, text, unique } from '../drizzle.ts';
import type { CertificateView, KeyAlgorithm, OrderStep } from '../../certs/model.ts';
import type { CertificateRow, Pending, StoredCertificate, Suggestion, Use } from '../../certs/store.ts';

/** A set of names and its certificate: the one in use, the next key, the order under way. Times are milliseconds. */
export const certificates = sqliteTable(
  'certificates',
  {
    seq: integer('seq').primaryKey({ autoIncrement: true }),
    id: text('id').notNull().unique(),
    names: text('names', { mode: 'json' }).$type<string[]>().notNull(),
    /** The names sorted, parted by blanks. */
    nameSet: text('name_set').notNull().unique(),
    purpose: text('purpose').$type<CertificateRow['purpose']['kind']>().notNull(),
    /** Lower case, without final dot; for the purpose `domain`. */
    domain: text('domain'),
    keyAlgorithm: text('key_algorithm').$type<KeyAlgorithm>().notNull(),
    rank: integer('rank').notNull(),
    current: text('current', { mode: 'json' }).$type<StoredCertificate>(),
    /** PKCS#8 DER, sealed for the key's digest. */
    sealedKey: blob('sealed_key', { mode: 'buffer' }),
    next: text('next', { mode: 'json' }).$type<NonNullable<CertificateRow['next']>>(),
    sealedNextKey: blob('sealed_next_key', { mode: 'buffer' }),
    pending: text('pending', { mode: 'json' }).$type<Pending>(),
    requested: text('requested', { mode: 'json' }).$type<NonNullable<CertificateRow['requested']>>(),
    sealedRequestedKey: blob('sealed_requested_key', { mode: 'buffer' }),
    retiring: text('retiring', { mode: 'json' }).$type<{ spkiSha256: string; until: number }[]>().notNull(),
    failures: integer('failures').notNull(),
    scheduledAt: integer('scheduled_at'),
    scheduledWhy: text('scheduled_why'),
    suggestion: text('suggestion', { mode: 'json' }).$type<Suggestion>(),
    wakeAt: integer('wake_at'),
    createdAt: integer('created_at').notNull(),
    /*
     * What is asked of all of them at once, computed from the columns above and kept in indexes alone: nobody reads a row for it.
     */
    notBefore: integer('not_before').generatedAlwaysAs(sql`json_extract("current", '$.notBefore')`),
    notAfter: integer('not_after').generatedAlwaysAs(sql`json_extract("current", '$.notAfter')`),
    pendingKind: text('pending_kind')
      .$type<Pending['kind']>()
      .generatedAlwaysAs(sql`json_extract("pending", '$.kind')`),
    /** When a new order falls due: the CA's limits may put all of these off. One that has a URL only goes on. */
    orderAt: integer('order_at').generatedAlwaysAs(
      sql`CASE WHEN "pending" IS NULL OR json_extract("pending", '$.kind') = 'creating' THEN "scheduled_at" END`,
    ),
    /** As `stateOf` (certs/view.ts) says it of one about which nothing is done at this moment, and whatever the time is. */
    state: text('state')
      .$type<Exclude<CertificateView['state'], 'expired'>>()
      .generatedAlwaysAs(
        sql`CASE
          WHEN json_extract("current", '$.revokedAt') IS NOT NULL THEN 'revoked'
          WHEN "pending" IS NULL OR ("failures" > 0 AND json_extract("pending", '$.kind') <> 'issued') THEN
            CASE WHEN "current" IS NOT NULL THEN 'valid' WHEN "failures" > 0 THEN 'failed' ELSE 'self-signed' END
          ELSE CASE WHEN "current" IS NULL THEN 'ordering' ELSE 'renewing' END END`,
      ),
  },
  (table) => [
    // What is due, by its importance, and the first that will be.
    index('certificates_turn').on(table.rank, table.wakeAt),
    index('certificates_order').on(table.rank, table.orderAt),
    index('certificates_state').on(table.state, table.notAfter),
    index('certificates_not_before').on(table.notBefore),
    index('certificates_not_after').on(table.notAfter),
    index('certificates_domain').on(table.domain),
    index('certificates_box')
      .on(table.purpose)
      .where(sql`${table.purpose} = 'box'`),
    index('certificates_requested')
      .on(table.seq)
      .where(sql`${table.requested} is not null`),
    // What another CA has no part in.
    index('certificates_tried')
      .on(table.seq)
      .where(sql`${table.failures} > 0 or ${table.pending} is not null`),
    // Nearly all have nothing under way.
    index('certificates_pending')
      .on(table.pendingKind)
      .where(sql`${table.pending} is not null`),
  ],
);

/** Every name that a certificate is for: asked for, in use, or of the next one. */
export const certificateNames = sqliteTable(
  'certificate_names',
  {
    name: text('name').notNull(),
    certificateId: text('certificate_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.name, table.certificateId] }),
    index('certificate_names_certificate').on(table.certificateId),
  ],
);

export const certificateAttempts = sqliteTable(
  'certificate_attempts',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    certificateId: text('certificate_id').notNull(),
    startedAt: text('started_at').notNull(),
    endedAt: text('ended_at'),
    step: text('step').$type<OrderStep>().notNull(),
    problem: text('problem'),
    detail: text('detail'),
  },
  (table) => [
    unique('certificate_attempts_start').on(table.certificateId, table.startedAt),
    // A few at most: those under way, and those that a crash cut short.
    index('certificate_attempts_open')
      .on(table.id)
      .where(sql`${table.endedAt} is null`),
  ],
);

/** Certificates that came into use and whose hooks have not all succeeded yet. Times are milliseconds. */
export const certificateHooks = sqliteTable(
  'certificate_hooks',
  {
    certificateId: text('certificate_id').primaryKey(),
    /** Digest of the certificate. */
    version: text('version').notNull(),
    /** Hooks that have succeeded for it. */
    done: text('done', { mode: 'json' }).$type<string[]>().notNull(),
    failures: integer('failures').notNull(),
    dueAt: integer('due_at').notNull(),
  },
  (table) => [index('certificate_hooks_due').on(table.dueAt)],
);

/** The account with each CA that was ever used. */
export const acmeAccounts = sqliteTable('acme_accounts', {
  directory: text('directory').primaryKey(),
  url: text('url'),
  caaIdentities: text('caa_identities', { mode: 'json' }).$type<string[]>().notNull(),
  /** Whether the CAA of all zones names it. */
  named: integer('named', { mode: 'boolean' }).notNull(),
  /** PKCS#8 DER, sealed for the directory. */
  sealedKey: blob('sealed_key', { mode: 'buffer' }).notNull(),
  sealedNextKey: blob('sealed_next_key', { mode: 'buffer' }),
});

/** DNS-01 answers that are in zones now. */
export const acmeChallenges = sqliteTable(
  'acme_challenges',
  {
    /** Canonical sort key: those of names below begin with it. */
    ownerKey: blob('owner_key', { mode: 'buffer' }).notNull(),
    owner: text('owner').notNull(),
    value: text('value').notNull(),
    certificateId: text('certificate_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.ownerKey, table.value, table.certificateId] }),
    index('acme_challenges_certificate').on(table.certificateId),
  ],
);

/** What the CA counts against its limits. */
export const acmeUses = sqliteTable(
  'acme_uses',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    kind: text('kind').$type<Use['kind']>().notNull(),
    subject: text('subject').notNull(),
    at: integer('at').notNull(),
  },
  (table) => [
    index('acme_uses_subject').on(table.kind, table.subject, table.at),
    // What has left its window.
    index('acme_uses_old').on(table.kind, table.at),
  ],
);

/** How many of them there are of each subject, so that those with the most are found. */
export const acmeUseCounts = sqliteTable(
  'acme_use_counts',
  {
    kind: text('kind').$type<Use['kind']>().notNull(),
    subject: text('subject').notNull(),
    count: integer('count').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.kind, table.subject] }),
    index('acme_use_counts_most').on(table.kind, table.count),
  ],
);

/** Certificates that are ordered for the first time, and so may take a place below a registered domain at any moment. */
export const acmePlaces = sqliteTable(
  'acme_places',
  {
    domain: text('domain').notNull(),
    certificateId: text('certificate_id').notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.domain, table.certificateId] }),
    index('acme_places_certificate').on(table.certificateId),
  ],
);
