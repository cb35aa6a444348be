import { and, desc, eq, gte, lte } from './drizzle.ts';
import type { AuditEntry, AuditWrites } from '../work/audit.ts';
import type { Connection } from './database.ts';
import { prepared } from './prepared.ts';
import { audit } from './schema/access.ts';

export function auditRepository({ orm, sqlite }: Connection): AuditWrites {
  const drop = sqlite.prepare(
    'DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?)',
  );
  const insert = prepared((row: typeof audit.$inferInsert) => orm.insert(audit).values(row));
  // Entries are written in the order of time, so a time is a place among the ids.
  const firstSince = sqlite
    .prepare<[string], number>('SELECT id FROM audit WHERE at >= ? ORDER BY at, id LIMIT 1')
    .pluck();
  const lastBefore = sqlite
    .prepare<[string], number>('SELECT id FROM audit WHERE at < ? ORDER BY at DESC, id DESC LIMIT 1')
    .pluck();
  return {
    audit(before, limit, { target, action, after, since, until }) {
      const first = since === undefined ? 0 : firstSince.get(since);
      const last = until === undefined ? Infinity : lastBefore.get(until);
      if (first === undefined || last === undefined) return [];
      const from = Math.max(first, (after ?? 0) + 1);
      const to = Math.min(last, (before ?? Infinity) - 1);
      return orm
        .select()
        .from(audit)
        .where(
          and(
            from > 0 ? gte(audit.id, from) : undefined,
            to < Infinity ? lte(audit.id, to) : undefined,
            target === undefined ? undefined : eq(audit.target, target),
            action === undefined ? undefined : eq(audit.action, action),
          ),
        )
        .orderBy(desc(audit.id))
        .limit(limit)
        .all()
        .map(toAuditEntry);
    },
    append({ actor, ...entry }, at) {
      const { kind, id, name, address } = actor;
      const row = { ...entry, at, actorKind: kind, actorId: id, actorName: name, actorAddress: address };
      insert(row).run(row);
    },
    dropAudit: (time, limit) => drop.run(time, limit).changes,
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
