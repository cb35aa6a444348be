import { and, desc, eq, lt } from './drizzle.ts';
import type { AuditEntry, AuditWrites } from '../work/audit.ts';
import type { Connection } from './database.ts';
import { prepared } from './prepared.ts';
import { audit } from './schema/access.ts';

export function auditRepository({ orm, sqlite }: Connection): AuditWrites {
  const drop = sqlite.prepare(
    'DELETE FROM audit WHERE id IN (SELECT id FROM audit WHERE at < ? ORDER BY at LIMIT ?)',
  );
  const insert = prepared((row: typeof audit.$inferInsert) => orm.insert(audit).values(row));
  return {
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
