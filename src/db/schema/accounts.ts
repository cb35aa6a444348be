import { blob, index, integer, primaryKey, sqliteTable, text } from '../drizzle.ts';

/*
 * People and their sessions. What belongs to a person is kept by the id of the account; a mailbox user has none in `accounts`, and the
 * address of the mailbox is the id.
 */

export const accounts = sqliteTable(
  'accounts',
  {
    /** Twelve hexadecimal digits. */
    id: text().primaryKey(),
    /** As it was given. */
    name: text().notNull(),
    /** In lower case: two names that differ in case alone are one. */
    nameKey: text('name_key').notNull().unique(),
    displayName: text('display_name'),
    role: text().$type<'owner' | 'administrator' | 'domain-administrator'>().notNull(),
    /** Null: none was set yet. */
    password: text(),
    language: text(),
    disabled: integer({ mode: 'boolean' }).notNull(),
    createdAt: text('created_at').notNull(),
  },
  (table) => [index('accounts_role').on(table.role, table.disabled)],
);

/** The domains of domain administrators. */
export const accountDomains = sqliteTable(
  'account_domains',
  {
    account: text().notNull(),
    /** In lower case, without final dot. */
    domain: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.account, table.domain] }),
    index('account_domains_domain').on(table.domain),
  ],
);

/** Times are in milliseconds since the epoch. */
export const sessions = sqliteTable(
  'sessions',
  {
    /** The public part of the cookie. */
    id: text().primaryKey(),
    account: text().notNull(),
    /** SHA-256 of the whole cookie: it is 256 random bits. */
    hash: blob({ mode: 'buffer' }).notNull(),
    /** Of the password that was valid when it began: with another one it ends. */
    stamp: text().notNull(),
    method: text().$type<'password' | 'passkey' | 'setup'>().notNull(),
    startedAt: integer('started_at').notNull(),
    /** Not written with every request. */
    seenAt: integer('seen_at').notNull(),
    /** When the person last proved who they are. */
    confirmedAt: integer('confirmed_at').notNull(),
    address: text(),
    agent: text(),
  },
  (table) => [
    index('sessions_account').on(table.account, table.startedAt),
    index('sessions_seen').on(table.seenAt),
    index('sessions_started').on(table.startedAt),
  ],
);

export const passkeys = sqliteTable(
  'passkeys',
  {
    /** What the authenticator calls it, in base64url. */
    id: text().primaryKey(),
    account: text().notNull(),
    name: text().notNull(),
    /** COSE. */
    publicKey: blob('public_key', { mode: 'buffer' }).notNull(),
    counter: integer().notNull(),
    transports: text({ mode: 'json' }).$type<string[]>().notNull(),
    /** The host name that it is for. */
    host: text().notNull(),
    /** Whether the person has it on other devices too. */
    synced: integer({ mode: 'boolean' }).notNull(),
    createdAt: text('created_at').notNull(),
    lastUsedAt: text('last_used_at'),
  },
  (table) => [index('passkeys_account').on(table.account, table.createdAt)],
);

/** One-time passwords by time (RFC 6238). */
export const oneTimePasswords = sqliteTable('one_time_passwords', {
  account: text().primaryKey(),
  /** Sealed. */
  secret: blob({ mode: 'buffer' }).notNull(),
  /** The time step of the code that was taken last: neither it nor an earlier one is taken again. */
  lastStep: integer('last_step').notNull(),
  createdAt: text('created_at').notNull(),
});

export const recoveryCodes = sqliteTable(
  'recovery_codes',
  {
    account: text().notNull(),
    /** SHA-256: each has 80 random bits. */
    hash: blob({ mode: 'buffer' }).notNull(),
  },
  (table) => [primaryKey({ columns: [table.account, table.hash] })],
);

/** Links by which a password is set, once. */
export const passwordLinks = sqliteTable(
  'password_links',
  {
    /** SHA-256 of the secret. */
    hash: blob({ mode: 'buffer' }).primaryKey(),
    account: text().notNull(),
    /** Milliseconds since the epoch. */
    expiresAt: integer('expires_at').notNull(),
  },
  (table) => [
    index('password_links_account').on(table.account),
    index('password_links_expires').on(table.expiresAt),
  ],
);
