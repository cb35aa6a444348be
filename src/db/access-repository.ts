import { and, asc, eq, gt, gte, sql } from './drizzle.ts';
import type { TokenScope } from '../access/scopes.ts';
import type { AccessWrites, StoredToken } from '../access/store.ts';
import { Name } from '../dns/wire/name.ts';
import type { Connection } from './database.ts';
import { idempotency, type StoredScope, tokens } from './schema/access.ts';

export function accessRepository({ orm, sqlite }: Connection): AccessWrites {
  const dropAnswers = sqlite.prepare(
    `DELETE FROM idempotency WHERE key IN (
       SELECT key FROM idempotency WHERE finished_at < ? ORDER BY finished_at LIMIT ?)`,
  );
  const tokenOf = orm
    .select()
    .from(tokens)
    .where(eq(tokens.id, sql.placeholder('id')))
    .prepare();
  return {
    token(id) {
      const row = tokenOf.get({ id });
      return row && toToken(row);
    },
    tokens: (after, limit) =>
      orm
        .select()
        .from(tokens)
        .where(after === undefined ? undefined : gt(tokens.id, after))
        .orderBy(asc(tokens.id))
        .limit(limit)
        .all()
        .map(toToken),
    answer: (key, since) =>
      orm
        .select()
        .from(idempotency)
        .where(and(eq(idempotency.key, key), gte(idempotency.finishedAt, since)))
        .get(),
    insertToken: (token) => void orm.insert(tokens).values(fromToken(token)).run(),
    deleteToken: (id) => orm.delete(tokens).where(eq(tokens.id, id)).run().changes > 0,
    touchToken: (id, lastUsedAt) =>
      void orm.update(tokens).set({ lastUsedAt }).where(eq(tokens.id, id)).run(),
    putAnswer(key, answer, finishedAt) {
      const row = { key, ...answer, finishedAt };
      orm.insert(idempotency).values(row).onConflictDoUpdate({ target: idempotency.key, set: row }).run();
    },
    dropAnswers: (before, limit) => dropAnswers.run(before, limit).changes,
  };
}

function fromToken({ scopes, hash, addresses, ...token }: StoredToken): typeof tokens.$inferInsert {
  return {
    ...token,
    hash: Buffer.from(hash),
    scopes: scopes.map(fromScope),
    addresses: addresses.length > 0 ? addresses : null,
  };
}

function toToken({
  scopes,
  lastUsedAt,
  expiresAt,
  addresses,
  ...row
}: typeof tokens.$inferSelect): StoredToken {
  return {
    ...row,
    scopes: scopes.map(toScope),
    lastUsedAt: lastUsedAt ?? undefined,
    expiresAt: expiresAt ?? undefined,
    addresses: addresses ?? [],
  };
}

function fromScope({ scope, zones, names }: TokenScope): StoredScope {
  return {
    scope,
    ...(zones ? { zones: zones.map((zone) => zone.toText()) } : {}),
    ...(names ? { names: names.map((name) => name.toText()) } : {}),
  };
}

function toScope({ scope, zones, names }: StoredScope): TokenScope {
  return {
    scope,
    ...(zones ? { zones: zones.map((zone) => Name.parse(zone)) } : {}),
    ...(names ? { names: names.map((name) => Name.parse(name)) } : {}),
  };
}
