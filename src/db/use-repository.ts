import { and, count, desc, eq, gte, lt, ne, sql } from './drizzle.ts';
import { registeredDomains } from '../certs/order/limits.ts';
import type { CertificateRow, CertificateTransaction, UseReads } from '../certs/store.ts';
import type { Connection } from './database.ts';
import { acmePlaces, acmeUseCounts, acmeUses } from './schema/certs.ts';

const { kind, subject, at } = acmeUses;
const [ofKind, ofSubject] = [sql.placeholder('kind'), sql.placeholder('subject')];

/** What was used of the CA's limits. */
export function useReads({ orm }: Connection): UseReads {
  const ofBoth = and(eq(kind, ofKind), eq(subject, ofSubject));
  const before = orm
    .select({ at })
    .from(acmeUses)
    .where(ofBoth)
    .orderBy(desc(at))
    .limit(1)
    .offset(sql.placeholder('skip'))
    .prepare();
  const since = orm
    .select({ count: count() })
    .from(acmeUses)
    .where(and(ofBoth, gte(at, sql.placeholder('since'))))
    .prepare();
  const most = orm
    .select({ subject: acmeUseCounts.subject, count: acmeUseCounts.count })
    .from(acmeUseCounts)
    .where(eq(acmeUseCounts.kind, ofKind))
    .orderBy(desc(acmeUseCounts.count))
    .limit(sql.placeholder('limit'))
    .prepare();
  const places = orm
    .select({ id: acmePlaces.certificateId })
    .from(acmePlaces)
    .where(
      and(
        eq(acmePlaces.domain, sql.placeholder('domain')),
        ne(acmePlaces.certificateId, sql.placeholder('but')),
      ),
    )
    .limit(sql.placeholder('limit'))
    .prepare();
  return {
    useBefore: (what, skip) => before.get({ ...what, skip })?.at,
    usesSince: (what, from) => since.get({ ...what, since: from })!.count,
    mostUsed: (which, limit) => most.all({ kind: which, limit }),
    underWay: (domain, but, limit) => places.all({ domain, but, limit }).length,
  };
}

export function useWrites({ orm, sqlite }: Connection) {
  const add = orm.insert(acmeUses).values({ kind: ofKind, subject: ofSubject, at: sql.placeholder('at') });
  const adding = add.prepare();
  const raise = sqlite.prepare(
    `INSERT INTO acme_use_counts (kind, subject, count) VALUES (@kind, @subject, 1)
     ON CONFLICT (kind, subject) DO UPDATE SET count = count + 1`,
  );
  const lower = sqlite.prepare(
    'UPDATE acme_use_counts SET count = count - 1 WHERE kind = @kind AND subject = @subject',
  );
  const forget = sqlite.prepare(
    'DELETE FROM acme_use_counts WHERE kind = @kind AND subject = @subject AND count <= 0',
  );
  const old = orm
    .select({ id: acmeUses.id, kind, subject })
    .from(acmeUses)
    .where(and(eq(kind, ofKind), lt(at, sql.placeholder('before'))))
    .orderBy(at)
    .limit(sql.placeholder('limit'))
    .prepare();
  const drop = sqlite.prepare('DELETE FROM acme_uses WHERE id = @id');
  return {
    addUse(use) {
      adding.run({ ...use });
      raise.run({ ...use });
    },
    dropUses(which, before, limit) {
      const gone = old.all({ kind: which, before, limit });
      for (const use of gone) {
        drop.run(use);
        lower.run(use);
        forget.run(use);
      }
      return gone.length;
    },
    forgetUses() {
      // Without a condition SQLite empties a table as a whole.
      orm.delete(acmeUses).run();
      orm.delete(acmeUseCounts).run();
    },
  } satisfies Partial<CertificateTransaction>;
}

/** Keeps which registered domains a certificate may take a place below at any moment: those of one that is ordered for the first time. */
export function placesOver({ orm }: Connection): (row: CertificateRow) => void {
  const { domain, certificateId } = acmePlaces;
  const [ofId, ofDomain] = [sql.placeholder('id'), sql.placeholder('domain')];
  const taken = orm.select({ domain }).from(acmePlaces).where(eq(certificateId, ofId)).prepare();
  const insert = orm.insert(acmePlaces).values({ domain: ofDomain, certificateId: ofId }).prepare();
  const remove = orm.delete(acmePlaces).where(eq(certificateId, ofId)).prepare();
  return ({ id, names, current, pending }) => {
    const isFirst = current?.kind !== 'acme' && pending !== undefined && pending.kind !== 'issued';
    const has = taken.all({ id }).length > 0;
    // It keeps its names for as long as it is there.
    if (has && !isFirst) remove.run({ id });
    if (!has && isFirst) for (const one of registeredDomains(names)) insert.run({ id, domain: one });
  };
}
