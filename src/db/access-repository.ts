import { and, asc, desc, eq, gt, gte, lt } from 'drizzle-orm';
import type { TokenScope } from '../access/scopes.ts';
import type { AccessStore, AccessTransaction, StoredToken } from '../access/store.ts';
import { Name } from '../dns/wire/name.ts';
import type { AuditEntry, NewAuditEntry } from '../work/audit.ts';
import type { Connection, Database } from './database.ts';
import { audit, idempotency, type StoredScope, tokens } from './schema/access.ts';

export function accessRepository(database: Database): AccessStore {
  const { orm } = database.reader;
  return {
    token(id) {
      const row = orm.select().from(tokens).where(eq(tokens.id, id)).get();
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
    audit: (before, limit, { target, action }) =>
      orm
        .select()
        .from(audit)
        .where(
          and(
            before === undefined ? undefined : lt(audit.id, before),
            target === undefined ? undefined : eq(audit.target, target),
            action === undefined ? undefined : eq(audit.action, action),
          ),
        )
        .orderBy(desc(audit.id))
        .limit(limit)
        .all()
        .map(toAuditEntry),
    answer: (key, since) =>
      orm
        .select()
        .from(idempotency)
        .where(and(eq(idempotency.key, key), gte(idempotency.finishedAt, since)))
        .get(),
    write: (change) => database.write((writer) => change(accessTransaction(writer))),
  };
}

/** Changes within a transaction that is already open. */
export function accessTransaction(writer: Connection): AccessTransaction {
  const { orm } = writer;
  return {
    insertToken: (token) => void orm.insert(tokens).values(fromToken(token)).run(),
    deleteToken: (id) => orm.delete(tokens).where(eq(tokens.id, id)).run().changes > 0,
    touchToken: (id, lastUsedAt) =>
      void orm.update(tokens).set({ lastUsedAt }).where(eq(tokens.id, id)).run(),
    appendAudit: (entry, at) => appendAudit(writer, entry, at),
    putAnswer(key, answer, finishedAt) {
      const row = { key, ...answer, finishedAt };
      orm.insert(idempotency).values(row).onConflictDoUpdate({ target: idempotency.key, set: row }).run();
    },
    pruneAnswers: (before) => void orm.delete(idempotency).where(lt(idempotency.finishedAt, before)).run(),
  };
}

/** Writes an audit entry in the transaction of what it tells of; `at` is RFC 3339. */
export function appendAudit(writer: Connection, { actor, ...entry }: NewAuditEntry, at: string): void {
  const { kind, id, name, address } = actor;
  const row = { ...entry, at, actorKind: kind, actorId: id, actorName: name, actorAddress: address };
  writer.orm.insert(audit).values(row).run();
}

function fromToken({ scopes, hash, ...token }: StoredToken): typeof tokens.$inferInsert {
  return { ...token, hash: Buffer.from(hash), scopes: scopes.map(fromScope) };
}

function toToken({ scopes, lastUsedAt, expiresAt, ...row }: typeof tokens.$inferSelect): StoredToken {
  return {
    ...row,
    scopes: scopes.map(toScope),
    lastUsedAt: lastUsedAt ?? undefined,
    expiresAt: expiresAt ?? undefined,
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

function toAuditEntry(row: typeof audit.$inferSelect): AuditEntry {
  const { id, at, actorKind, actorId, actorName, actorAddress, action, target, detail } = row;
  const address = actorAddress ?? undefined;
  return {
    id,
    at,
    actor: { kind: actorKind, id: actorId, name: actorName, address },
    action,
    target,
    detail,
  };
}
