import { and, desc, eq, gte, lte, sql, type SQL } from './drizzle.ts';
import type { AuditEntry, AuditKeys, AuditWrites } from '../work/audit.ts';
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
  /** Newest first, where `what` is so, or one of several things: each is answered by an index. */
  const newest = ({ from, to }: Places, limit: number, what: readonly (SQL | undefined)[]): AuditRow[] => {
    const rows = new Map<number, AuditRow>();
    const place = [from > 0 ? gte(audit.id, from) : undefined, to < Infinity ? lte(audit.id, to) : undefined];
    for (const one of what)
      for (const row of orm
        .select()
        .from(audit)
        .where(and(...place, one))
        .orderBy(desc(audit.id))
        .limit(limit)
        .all())
        rows.set(row.id, row);
    return [...rows.values()].sort((a, b) => b.id - a.id).slice(0, limit);
  };
  return {
    audit(before, limit, { after, since, until, ...what }) {
      const first = since === undefined ? 0 : firstSince.get(since);
      const last = until === undefined ? Infinity : lastBefore.get(until);
      if (first === undefined || last === undefined) return [];
      const places = {
        from: Math.max(first, (after ?? 0) + 1),
        to: Math.min(last, (before ?? Infinity) - 1),
      };
      return newest(places, limit, wanted(what)).map(toAuditEntry);
    },
    append({ actor, ...entry }, at) {
      const { kind, id, name, address } = actor;
      const row = { ...entry, at, actorKind: kind, actorId: id, actorName: name, actorAddress: address };
      insert(row).run(row);
    },
    dropAudit: (time, limit) => drop.run(time, limit).changes,
  };
}

type AuditRow = typeof audit.$inferSelect;

/** Ids. */
interface Places {
  from: number;
  to: number;
}

/** The one thing that is looked for: what is likely to be so of the fewest. */
function wanted({ target, actor, action }: AuditKeys): (SQL | undefined)[] {
  if (target !== undefined) return [eq(audit.target, target)];
  if (actor !== undefined)
    return [audit.actorId, audit.actorName, audit.actorKind].map((column) => sql`${column} = ${actor}`);
  return [action === undefined ? undefined : eq(audit.action, action)];
}

function toAuditEntry(row: AuditRow): AuditEntry {
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
