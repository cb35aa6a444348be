import { blob, index, integer, primaryKey, real, sql, sqliteTable, text } from '../drizzle.ts';

/*
 * Addresses are `local@domain` in lower case, the domain in A-labels. Aliases may have no local part: `@domain` stands for all of the
 * domain that is nothing else.
 */

export const mailboxes = sqliteTable(
  'mailboxes',
  {
    address: text().primaryKey(),
    domain: text().notNull(),
    displayName: text('display_name').notNull(),
    /** As Dovecot reads it, with its scheme: `{ARGON2ID}$argon2id$…`; null: no sign-in. */
    password: text(),
    passwordChangedAt: text('password_changed_at'),
    /** Octets; 0: none. */
    quota: integer().notNull(),
    /** Whether its owner may sign in. */
    enabled: integer({ mode: 'boolean' }).notNull(),
    /** Whether mail that is forwarded stays here, too. */
    keepCopy: integer('keep_copy', { mode: 'boolean' }).notNull(),
    /** Messages that may be sent in so many seconds; null: the domain's limit. */
    limitMessages: integer('limit_messages'),
    limitSeconds: integer('limit_seconds'),
    state: text({ enum: ['active', 'retired'] }).notNull(),
    createdAt: text('created_at').notNull(),
    retiredAt: text('retired_at'),
  },
  // In the order of the lists.
  (table) => [index('mailboxes_state_domain').on(table.state, table.domain, table.address)],
);

export const mailAliases = sqliteTable(
  'mail_aliases',
  {
    address: text().primaryKey(),
    domain: text().notNull(),
    /** Who may send as this address; null: whoever its mail comes to. */
    senders: text({ mode: 'json' }).$type<string[]>(),
    enabled: integer({ mode: 'boolean' }).notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('mail_aliases_domain').on(table.domain, table.address)],
);

/** Where aliases lead, and where mailboxes forward to. */
export const mailTargets = sqliteTable(
  'mail_targets',
  {
    source: text().notNull(),
    /** An address, or `@domain`: the same local part there. */
    target: text().notNull(),
    /** In the order in which they were given. */
    position: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.source, table.target] }),
    index('mail_targets_target').on(table.target),
  ],
);

export const appPasswords = sqliteTable(
  'app_passwords',
  {
    id: text().primaryKey(),
    address: text().notNull(),
    name: text().notNull(),
    /** Lower-case hex of the SHA-256: they have 128 random bits, so that no slow hash is needed. */
    digest: text().notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('app_passwords_address').on(table.address)],
);

/** What of a mail domain is not said by the domain itself. */
export const mailDomains = sqliteTable(
  'mail_domains',
  {
    domain: text().primaryKey(),
    limitMessages: integer('limit_messages'),
    limitSeconds: integer('limit_seconds'),
    /** Of all its mailboxes together; null: the box's. */
    totalMessages: integer('total_messages'),
    totalSeconds: integer('total_seconds'),
    /** Where mail goes for addresses that are not here: a host name or an IP address; null: it is refused. */
    relayHost: text('relay_host'),
    relayPort: integer('relay_port'),
    /** Whether what scores is moved into Junk or refused. */
    spamFilter: integer('spam_filter', { mode: 'boolean' }).notNull().default(true),
    /** Scores from which mail goes into Junk, and is refused; null: the box's. */
    junkScore: real('junk_score'),
    rejectScore: real('reject_score'),
  },
  // Those that Rspamd must know of.
  (table) => [
    index('mail_domains_spam')
      .on(table.domain)
      .where(sql`spam_filter = 0 or junk_score is not null`),
  ],
);

/** What changed of the directory that the mail servers read, in order: what a crash left undone there is done again at start. */
export const directoryChanges = sqliteTable('directory_changes', {
  sequence: integer().primaryKey({ autoIncrement: true }),
  /** An address, `@domain` for what holds for a domain as a whole, or `*` for all there is. */
  key: text().notNull(),
});

/** What a person chose of the mail servers as a whole; one row, or none while all is as it comes. */
export const mailSettings = sqliteTable('mail_settings', {
  id: integer().primaryKey(),
  /** All mail for elsewhere goes there: a host name or an IP address. */
  relayHost: text('relay_host'),
  relayPort: integer('relay_port'),
  relayUser: text('relay_user'),
  /** Sealed. */
  relayPassword: blob('relay_password', { mode: 'buffer' }),
  greylisting: integer({ mode: 'boolean' }).notNull(),
  /** Octets; null: as it comes. */
  messageSizeLimit: integer('message_size_limit'),
  /** Scores from which mail goes into Junk, and is refused; null: as it comes. */
  junkScore: real('junk_score'),
  rejectScore: real('reject_score'),
  /** Of each mailbox that has none of its own nor its domain's; null: no limit. */
  limitMessages: integer('limit_messages'),
  limitSeconds: integer('limit_seconds'),
  /** Of all mailboxes of a domain together, where it has none of its own; null: no limit. */
  totalMessages: integer('total_messages'),
  totalSeconds: integer('total_seconds'),
});

/** What a person chose of a domain's web site; a domain that is not here is a folder of files. */
export const webSites = sqliteTable('web_sites', {
  domain: text().primaryKey(),
  /** Seconds for which browsers use HTTPS alone (HSTS, RFC 6797); null: they are not told. */
  hstsSeconds: integer('hsts_seconds'),
  hstsSubdomains: integer('hsts_subdomains', { mode: 'boolean' }).notNull(),
  /** What is not a file below the domain's folder. */
  rules: text({ mode: 'json' }).$type<WebRule[]>().notNull(),
});

/** A path with all below it leads elsewhere, or is another program's. */
export interface WebRule {
  /** `/` is all of the site. */
  path: string;
  kind: 'redirect' | 'permanent-redirect' | 'proxy';
  /** A URL. */
  to: string;
}
