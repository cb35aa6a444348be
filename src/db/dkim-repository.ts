import { asc, count, eq, sql } from './drizzle.ts';
import { Name } from '../dns/wire/name.ts';
import type { DkimKeyRow, DkimWrites } from '../mail/dkim/store.ts';
import type { Connection } from './database.ts';
import { dkimKeys, dkimPool, dkimWaiting } from './schema/dkim.ts';

export function dkimRepository({ orm }: Connection): DkimWrites {
  const keysOf = orm
    .select()
    .from(dkimKeys)
    .where(eq(dkimKeys.domain, sql.placeholder('domain')))
    .orderBy(asc(dkimKeys.id))
    .prepare();
  const waiting = orm
    .select({ domain: dkimWaiting.domain })
    .from(dkimWaiting)
    .orderBy(asc(dkimWaiting.id))
    .limit(1)
    .prepare();
  return {
    keys: (domain) => keysOf.all({ domain: textOf(domain) }).map(toKey),
    pooled: () => orm.select({ count: count() }).from(dkimPool).get()?.count ?? 0,
    nextWaiting() {
      const first = waiting.get();
      return first && Name.parse(first.domain);
    },
    insertKey({ sealedPrivateKey, domain, ...key }) {
      const row = { ...key, domain: textOf(domain), sealedPrivateKey: Buffer.from(sealedPrivateKey) };
      orm.insert(dkimKeys).values(row).run();
    },
    deleteKeys: (domain) =>
      void orm
        .delete(dkimKeys)
        .where(eq(dkimKeys.domain, textOf(domain)))
        .run(),
    addWaiting: (domain) =>
      void orm
        .insert(dkimWaiting)
        .values({ domain: textOf(domain) })
        .onConflictDoNothing()
        .run(),
    deleteWaiting: (domain) =>
      void orm
        .delete(dkimWaiting)
        .where(eq(dkimWaiting.domain, textOf(domain)))
        .run(),
    addPooled: ({ publicKey, sealedPrivateKey }) =>
      void orm
        .insert(dkimPool)
        .values({ publicKey, sealedPrivateKey: Buffer.from(sealedPrivateKey) })
        .run(),
    takePooled() {
      const oldest = orm.select({ id: sql`min(${dkimPool.id})` }).from(dkimPool);
      return orm
        .delete(dkimPool)
        .where(eq(dkimPool.id, oldest))
        .returning({ publicKey: dkimPool.publicKey, sealedPrivateKey: dkimPool.sealedPrivateKey })
        .get();
    },
  };
}

function textOf(domain: Name): string {
  return domain.canonical().toText();
}

function toKey({ id: _id, domain, ...row }: typeof dkimKeys.$inferSelect): DkimKeyRow {
  return { ...row, domain: Name.parse(domain) };
}
