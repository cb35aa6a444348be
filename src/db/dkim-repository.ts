import { asc, count, eq, sql } from 'drizzle-orm';
import { Name } from '../dns/wire/name.ts';
import type { DkimKeyRow, DkimReads, DkimStore, DkimTransaction } from '../mail/dkim/store.ts';
import type { Connection, Database } from './database.ts';
import { dkimKeys, dkimPool } from './schema/dkim.ts';

export function dkimRepository(database: Database): DkimStore {
  return {
    read: dkimReads(database.reader),
    write: (change) => database.write((writer) => change(dkimTransaction(writer))),
  };
}

const known = new WeakMap<Connection, DkimReads>();

/** The reads over one connection: made once, as every publication asks for them. */
export function dkimReads(connection: Connection): DkimReads {
  let reads = known.get(connection);
  if (!reads) known.set(connection, (reads = prepareReads(connection)));
  return reads;
}

function prepareReads({ orm }: Connection): DkimReads {
  const keysOf = orm
    .select()
    .from(dkimKeys)
    .where(eq(dkimKeys.domain, sql.placeholder('domain')))
    .orderBy(asc(dkimKeys.id))
    .prepare();
  return {
    keys: (domain) => keysOf.all({ domain: textOf(domain) }).map(toKey),
    pooled: () => orm.select({ count: count() }).from(dkimPool).get()?.count ?? 0,
    domainsWithoutRsa: () =>
      orm
        .select({ domain: dkimKeys.domain })
        .from(dkimKeys)
        .groupBy(dkimKeys.domain)
        .having(sql`sum(${dkimKeys.algorithm} = 'rsa') = 0`)
        .all()
        .map(({ domain }) => Name.parse(domain)),
  };
}

/** Reads and changes within a transaction that is already open. */
export function dkimTransaction(writer: Connection): DkimTransaction {
  const { orm } = writer;
  return {
    ...dkimReads(writer),
    insertKey({ sealedPrivateKey, domain, ...key }) {
      const row = { ...key, domain: textOf(domain), sealedPrivateKey: Buffer.from(sealedPrivateKey) };
      orm.insert(dkimKeys).values(row).run();
    },
    deleteKeys: (domain) =>
      void orm
        .delete(dkimKeys)
        .where(eq(dkimKeys.domain, textOf(domain)))
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
