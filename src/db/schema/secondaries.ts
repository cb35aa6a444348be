import { blob, integer, sqliteTable, text } from '../drizzle.ts';

/** Secrets that secondaries sign with (RFC 8945). */
export const tsigKeys = sqliteTable('tsig_keys', {
  /** Lower case, without final dot. */
  name: text().primaryKey(),
  algorithm: text({ enum: ['hmac-sha256', 'hmac-sha384', 'hmac-sha512'] }).notNull(),
  /** Sealed with secret.key. */
  sealedSecret: blob('sealed_secret', { mode: 'buffer' }).notNull(),
  /** The zones that may be transferred with it, or all. */
  transfer: text({ mode: 'json' }).$type<'all' | string[]>().notNull(),
  createdAt: text('created_at').notNull(),
});

/** Nameservers of others that take our zones. */
export const secondaries = sqliteTable('secondaries', {
  /** Lower case, without final dot. */
  name: text().primaryKey(),
  /** None: those that the name resolves to. */
  addresses: text({ mode: 'json' }).$type<string[]>().notNull(),
  port: integer().notNull(),
  tsigKey: text('tsig_key').references(() => tsigKeys.name),
  /** Whether zones are to have an NS record for it. */
  publish: integer({ mode: 'boolean' }).notNull(),
  createdAt: text('created_at').notNull(),
});
