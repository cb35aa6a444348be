import type { TokenScope } from '../../access/scopes.ts';
import type { Actor } from '../../work/actor.ts';
import { index, integer, blob, sqliteTable, text } from '../drizzle.ts';

/** API tokens; the secret itself is never stored. */
export const tokens = sqliteTable('tokens', {
  /** The public part of the secret. */
  id: text('id').primaryKey(),
  name: text('name').notNull(),
  /** SHA-256 of the whole secret: it is 256 random bits, so a slow hash would add nothing. */
  hash: blob('hash', { mode: 'buffer' }).notNull(),
  /** JSON of TokenScope[], names without final dot. */
  scopes: text('scopes', { mode: 'json' }).$type<StoredScope[]>().notNull(),
  createdAt: text('created_at').notNull(),
  lastUsedAt: text('last_used_at'),
  expiresAt: text('expires_at'),
  /** JSON of the networks it may come from; null: from anywhere. */
  addresses: text('addresses', { mode: 'json' }).$type<string[]>(),
});

export interface StoredScope {
  scope: TokenScope['scope'];
  zones?: string[];
  names?: string[];
}

/** Who changed what. */
export const audit = sqliteTable(
  'audit',
  {
    id: integer('id').primaryKey({ autoIncrement: true }),
    at: text('at').notNull(),
    actorKind: text('actor_kind').$type<Actor['kind']>().notNull(),
    actorId: text('actor_id').notNull(),
    actorName: text('actor_name').notNull(),
    actorAddress: text('actor_address'),
    action: text('action').notNull(),
    target: text('target').notNull(),
    detail: text('detail', { mode: 'json' }).$type<Record<string, unknown>>().notNull(),
  },
  (table) => [
    index('audit_target').on(table.target, table.id),
    index('audit_action').on(table.action, table.id),
    // Who did it is asked for by any of these.
    index('audit_actor_id').on(table.actorId, table.id),
    index('audit_actor_name').on(table.actorName, table.id),
    index('audit_actor_kind').on(table.actorKind, table.id),
    index('audit_at').on(table.at),
  ],
);

/** Answers of finished requests with an Idempotency-Key. Those still running are known to the process only. */
export const idempotency = sqliteTable(
  'idempotency',
  {
    key: text('key').primaryKey(),
    fingerprint: text('fingerprint').notNull(),
    status: integer('status').notNull(),
    body: text('body').notNull(),
    /** Milliseconds since the epoch. */
    finishedAt: integer('finished_at').notNull(),
  },
  (table) => [index('idempotency_finished_at').on(table.finishedAt)],
);
