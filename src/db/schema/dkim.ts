import { blob, index, integer, sql, sqliteTable, text, unique } from '../drizzle.ts';

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

/** Where each domain is with the replacement of its keys. */
export const dkimRotations = sqliteTable(
  'dkim_rotations',
  {
    /** Lower case, without final dot. */
    domain: text('domain').primaryKey(),
    /**
     * From when on the time until its next keys counts, milliseconds since the epoch: the schedule of the box is added, so that another one
     * needs no new rows. Null: they are on their way.
     */
    rollsFrom: integer('rolls_from'),
    /** When its next step falls due, or is tried again; milliseconds since the epoch. Null: nothing does. */
    wakeAt: integer('wake_at'),
    /** When its new keys may sign, milliseconds since the epoch. Null: not every nameserver was seen to have them. */
    signAt: integer('sign_at'),
    /** The change of keys (`dkim_changes`) that must have come to Rspamd before the old ones count as retired. */
    change: integer('change'),
    /** Tries of a step in a row that came to nothing. */
    failures: integer('failures').notNull().default(0),
    /** Why, a sentence. */
    problem: text('problem'),
    /** From when on that is named, milliseconds since the epoch: what takes a while every time is no trouble yet. */
    troubleAt: integer('trouble_at'),
  },
  (table) => [
    index('dkim_rotations_rolls').on(table.rollsFrom),
    index('dkim_rotations_wakes')
      .on(table.wakeAt)
      .where(sql`${table.wakeAt} IS NOT NULL`),
    index('dkim_rotations_troubled')
      .on(table.troubleAt)
      .where(sql`${table.troubleAt} IS NOT NULL`),
  ],
);
