import { blob, index, integer, sqliteTable, text, unique } from '../drizzle.ts';

/** DKIM keys of the mail domains (RFC 6376, RFC 8463). */
export const dkimKeys = sqliteTable(
  'dkim_keys',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    /** Lower case, without final dot. */
    domain: text('domain').notNull(),
    selector: text('selector').notNull(),
    algorithm: text('algorithm').$type<'rsa' | 'ed25519'>().notNull(),
    /** Base64 for `p=`. */
    publicKey: text('public_key').notNull(),
    /** PKCS#8 DER, sealed for this domain and selector. */
    sealedPrivateKey: blob('sealed_private_key', { mode: 'buffer' }).notNull(),
    /** `published`: in the DNS only; `active`: signs; `retired`: signs no more, still in the DNS; `revoked`: in the DNS with an empty `p=`. */
    state: text('state').$type<'published' | 'active' | 'retired' | 'revoked'>().notNull(),
    createdAt: text('created_at').notNull(),
    /** When it entered its state. */
    stateSince: text('state_since').notNull(),
  },
  (table) => [
    unique('dkim_keys_domain_selector').on(table.domain, table.selector),
    // What is due next on its way.
    index('dkim_keys_state').on(table.state, table.stateSince),
  ],
);

/** RSA keys made ahead of need: generating one takes longer than adding a domain may. */
export const dkimPool = sqliteTable('dkim_pool', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  publicKey: text('public_key').notNull(),
  /** PKCS#8 DER, sealed for the pool. */
  sealedPrivateKey: blob('sealed_private_key', { mode: 'buffer' }).notNull(),
});

/** Domains that want an RSA key and had none given yet, the first that asked first. */
export const dkimWaiting = sqliteTable('dkim_waiting', {
  id: integer('id').primaryKey({ autoIncrement: true }),
  /** Lower case, without final dot. */
  domain: text('domain').notNull().unique(),
});

/** Domains whose keys that sign are others than before, in order: what Rspamd's keys are brought up to date by. */
export const dkimChanges = sqliteTable('dkim_changes', {
  sequence: integer('sequence').primaryKey({ autoIncrement: true }),
  /** Lower case, without final dot. */
  domain: text('domain').notNull(),
  /** When: tells this change from one of the same number in another course of events, such as before a backup was put back. */
  mark: text('mark').notNull(),
});
