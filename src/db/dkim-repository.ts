import { asc, count, eq, sql } from './drizzle.ts';
import { Name } from '../dns/wire/name.ts';
import { BEFORE_ANY, type DkimKeyRow, type DkimWrites, type KeyMark } from '../mail/dkim/store.ts';
import type { Connection } from './database.ts';
import { prepared } from './prepared.ts';
import { dkimKeys, dkimPool, dkimWaiting } from './schema/dkim.ts';

export function dkimRepository({ orm, sqlite }: Connection): DkimWrites {
  const keysOf = orm
    .select()
    .from(dkimKeys)
    .where(eq(dkimKeys.domain, sql.placeholder('domain')))
    .prepare();
  const waiting = orm
    .select({ domain: dkimWaiting.domain })
    .from(dkimWaiting)
    .orderBy(asc(dkimWaiting.id))
    .limit(1)
    .prepare();
  const domain = sql.placeholder('domain');
  const insert = prepared((row: typeof dkimKeys.$inferInsert) => orm.insert(dkimKeys).values(row));
  const wait = orm.insert(dkimWaiting).values({ domain }).onConflictDoNothing().prepare();
  const waitNoMore = orm.delete(dkimWaiting).where(eq(dkimWaiting.domain, domain)).prepare();
  const takeOldest = orm
    .delete(dkimPool)
    .where(eq(dkimPool.id, orm.select({ id: sql`min(${dkimPool.id})` }).from(dkimPool)))
    .returning({ publicKey: dkimPool.publicKey, sealedPrivateKey: dkimPool.sealedPrivateKey })
    .prepare();
  const domainsAfter = sqlite
    .prepare<[string, number], string>(
      'SELECT DISTINCT domain FROM dkim_keys WHERE domain > ? ORDER BY domain LIMIT ?',
    )
    .pluck();
  const lastChange = sqlite.prepare<[], KeyMark>(
    'SELECT sequence, mark FROM dkim_changes ORDER BY sequence DESC LIMIT 1',
  );
  const markOf = sqlite.prepare<[number], string>('SELECT mark FROM dkim_changes WHERE sequence = ?').pluck();
  const changesAfter = sqlite.prepare<[number, number], KeyMark & { domain: string }>(
    'SELECT sequence, mark, domain FROM dkim_changes WHERE sequence > ? ORDER BY sequence LIMIT ?',
  );
  const addChange = sqlite.prepare('INSERT INTO dkim_changes (domain, mark) VALUES (?, ?)');
  const dropChanges = sqlite.prepare(
    'DELETE FROM dkim_changes WHERE sequence IN (SELECT sequence FROM dkim_changes WHERE sequence <= ? LIMIT ?)',
  );
  return {
    // A few, sorted here: SQLite would take longer to make ready for it than for all the rest.
    keys: (domain) =>
      keysOf
        .all({ domain: textOf(domain) })
        .sort((a, b) => a.id - b.id)
        .map(toKey),
    domains: ({ after, limit }) => domainsAfter.all(after, limit),
    lastChange: () => lastChange.get() ?? BEFORE_ANY,
    changeMark: (sequence) => (sequence === 0 ? BEFORE_ANY.mark : markOf.get(sequence)),
    changes: (after, limit) => changesAfter.all(after, limit),
    addChange: (domain, mark) => void addChange.run(textOf(domain), mark),
    dropChanges: (through, limit) => dropChanges.run(through, limit).changes,
    pooled: () => orm.select({ count: count() }).from(dkimPool).get()?.count ?? 0,
    nextWaiting() {
      const first = waiting.get();
      return first && Name.parse(first.domain);
    },
    insertKey({ sealedPrivateKey, domain, ...key }) {
      const row = { ...key, domain: textOf(domain), sealedPrivateKey: Buffer.from(sealedPrivateKey) };
      insert(row).run(row);
    },
    deleteKeys: (domain) =>
      void orm
        .delete(dkimKeys)
        .where(eq(dkimKeys.domain, textOf(domain)))
        .run(),
    addWaiting: (domain) => void wait.run({ domain: textOf(domain) }),
    deleteWaiting: (domain) => void waitNoMore.run({ domain: textOf(domain) }),
    addPooled: ({ publicKey, sealedPrivateKey }) =>
      void orm
        .insert(dkimPool)
        .values({ publicKey, sealedPrivateKey: Buffer.from(sealedPrivateKey) })
        .run(),
    takePooled: () => takeOldest.get(),
  };
}

function textOf(domain: Name): string {
  return domain.canonical().toText();
}

function toKey({ id: _id, domain, ...row }: typeof dkimKeys.$inferSelect): DkimKeyRow {
  return { ...row, domain: Name.parse(domain) };
}
