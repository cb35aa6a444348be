import { and, asc, desc, eq, gt, inArray, isNotNull, lte, min, sql } from './drizzle.ts';
import { ranks } from '../certs/life/desired.ts';
import {
  type CertificateReads,
  type CertificateRow,
  type CertificateTransaction,
  nameSet,
} from '../certs/store.ts';
import { acmeReads, acmeWrites } from './acme-repository.ts';
import { type CertificateColumns, earliest, fromRow, stored, toAttempt, toRow } from './certificate-rows.ts';
import type { Connection } from './database.ts';
import { hookReads, hookWrites } from './hook-repository.ts';
import { prepared } from './prepared.ts';
import {
  acmePlaces,
  certificateAttempts,
  certificateHooks,
  certificateNames,
  certificates,
} from './schema/certs.ts';
import { servedReads } from './served-certificates.ts';
import { placesOver, useReads, useWrites } from './use-repository.ts';

/** Attempts that are kept of each certificate. */
const ATTEMPTS = 50;
/** The lower, the earlier their turn. */
const allRanks = [...new Set<number>(Object.values(ranks))].sort((a, b) => a - b);

export function certificateRepository(connection: Connection): CertificateTransaction {
  const reads: CertificateReads = {
    ...certificateReads(connection),
    ...servedReads(connection),
    ...acmeReads(connection),
    ...hookReads(connection),
    ...useReads(connection),
  };
  return {
    ...reads,
    ...writesOver(connection),
    ...acmeWrites(connection),
    ...hookWrites(connection),
    ...useWrites(connection),
  };
}

function certificateReads({ orm }: Connection) {
  const select = () => orm.select(stored).from(certificates).$dynamic();
  const one = (found: CertificateColumns | undefined) => found && toRow(found);
  // These are asked at every look for what is due.
  const byId = select()
    .where(eq(certificates.id, sql.placeholder('id')))
    .prepare();
  const ofNames = select()
    .where(eq(certificates.nameSet, sql.placeholder('names')))
    .prepare();
  const ofDomain = select()
    .where(eq(certificates.domain, sql.placeholder('domain')))
    .prepare();
  const ofBox = select()
    .where(sql`${certificates.purpose} = 'box'`)
    .prepare();
  const naming = select()
    .where(
      inArray(
        certificates.id,
        orm
          .select({ id: certificateNames.certificateId })
          .from(certificateNames)
          .where(eq(certificateNames.name, sql.placeholder('name'))),
      ),
    )
    .prepare();
  // One rank after the other: all of a box may be due at once, and are not to be sorted at each look.
  const [rank, now] = [sql.placeholder('rank'), sql.placeholder('now')];
  const due = [certificates.wakeAt, certificates.orderAt].map((time) =>
    select()
      .where(and(eq(certificates.rank, rank), lte(time, now)))
      .orderBy(asc(time), asc(certificates.seq))
      .limit(sql.placeholder('limit'))
      .prepare(),
  );
  const [nextWake, nextOrder] = [certificates.wakeAt, certificates.orderAt].map((time) => {
    const first = orm
      .select({ at: min(time) })
      .from(certificates)
      .where(and(eq(certificates.rank, rank), isNotNull(time)))
      .prepare();
    return () => earliest(allRanks.map((one) => first.get({ rank: one })?.at));
  });
  const behind = (after: string | undefined) =>
    after === undefined
      ? undefined
      : gt(
          certificates.seq,
          orm.select({ seq: certificates.seq }).from(certificates).where(eq(certificates.id, after)),
        );
  return {
    certificate: (id) => one(byId.get({ id })),
    withNames: (names) => one(ofNames.get({ names: nameSet(names) })),
    ofDomain: (domain) => ofDomain.all({ domain: domain.canonical().toText() }).map(toRow),
    ofBox: () => ofBox.all().map(toRow),
    naming: (names) =>
      names
        .flatMap((name) => naming.all({ name }))
        .filter(({ id }, index, all) => all.findIndex((other) => other.id === id) === index)
        .map(toRow),
    requested: (spkiSha256) =>
      one(
        select()
          .where(
            and(
              sql`${certificates.requested} is not null`,
              sql`json_extract(${certificates.requested}, '$.spkiSha256') = ${spkiSha256}`,
            ),
          )
          .get(),
      ),
    certificates: (after, limit) =>
      select().where(behind(after)).orderBy(asc(certificates.seq)).limit(limit).all().map(toRow),
    tried: (after, limit) =>
      select()
        .where(and(sql`(${certificates.failures} > 0 or ${certificates.pending} is not null)`, behind(after)))
        .orderBy(asc(certificates.seq))
        .limit(limit)
        .all()
        .map(toRow),
    due(until, limit, orders) {
      const found = new Map<string, CertificateColumns>();
      for (const one of allRanks)
        for (const some of orders ? due : due.slice(0, 1))
          if (found.size < limit)
            for (const row of some.all({ rank: one, now: until, limit })) found.set(row.id, row);
      return [...found.values()].slice(0, limit).map(toRow);
    },
    nextWake: nextWake!,
    nextOrder: nextOrder!,
    attempts: (id, limit) =>
      orm
        .select()
        .from(certificateAttempts)
        .where(eq(certificateAttempts.certificateId, id))
        .orderBy(desc(certificateAttempts.id))
        .limit(limit)
        .all()
        .map(toAttempt),
    openAttempts: (limit) =>
      orm
        .select()
        .from(certificateAttempts)
        .where(sql`${certificateAttempts.endedAt} is null`)
        .orderBy(asc(certificateAttempts.id))
        .limit(limit)
        .all()
        .map((row) => ({ certificateId: row.certificateId, attempt: toAttempt(row) })),
  } satisfies Partial<CertificateReads>;
}

function writesOver(writer: Connection) {
  const { orm } = writer;
  const put = prepared((set: ReturnType<typeof fromRow>) =>
    orm.insert(certificates).values(set).onConflictDoUpdate({ target: certificates.id, set }),
  );
  const putNames = namesOver(writer);
  const putPlaces = placesOver(writer);
  return {
    put(row) {
      const set = fromRow(row);
      put(set).run(set);
      putNames(row);
      putPlaces(row);
    },
    delete(id) {
      orm.delete(certificates).where(eq(certificates.id, id)).run();
      orm.delete(certificateNames).where(eq(certificateNames.certificateId, id)).run();
      orm.delete(certificateAttempts).where(eq(certificateAttempts.certificateId, id)).run();
      orm.delete(certificateHooks).where(eq(certificateHooks.certificateId, id)).run();
      orm.delete(acmePlaces).where(eq(acmePlaces.certificateId, id)).run();
    },
    putAttempt(certificateId, attempt) {
      const { startedAt, step, endedAt = null, problem = null, detail = null } = attempt;
      const set = { certificateId, startedAt, step, endedAt, problem, detail };
      const target = [certificateAttempts.certificateId, certificateAttempts.startedAt];
      orm.insert(certificateAttempts).values(set).onConflictDoUpdate({ target, set }).run();
      dropOldAttempts(writer, certificateId);
    },
  } satisfies Partial<CertificateTransaction>;
}

function namesOver({ orm }: Connection): (row: CertificateRow) => void {
  const { name, certificateId } = certificateNames;
  const [ofId, ofName] = [sql.placeholder('id'), sql.placeholder('name')];
  const stored = orm.select({ name }).from(certificateNames).where(eq(certificateId, ofId)).prepare();
  const remove = orm
    .delete(certificateNames)
    .where(and(eq(certificateId, ofId), eq(name, ofName)))
    .prepare();
  const insert = orm.insert(certificateNames).values({ name: ofName, certificateId: ofId }).prepare();
  return ({ id, names, current, next }) => {
    const wanted = new Set([...names, ...(current?.names ?? []), ...(next?.names ?? [])]);
    const known = new Set(stored.all({ id }).map((row) => row.name));
    for (const gone of known.difference(wanted)) remove.run({ id, name: gone });
    for (const added of wanted.difference(known)) insert.run({ id, name: added });
  };
}

function dropOldAttempts({ orm }: Connection, id: string): void {
  const { certificateId, id: number } = certificateAttempts;
  const oldest = orm
    .select({ id: number })
    .from(certificateAttempts)
    .where(eq(certificateId, id))
    .orderBy(desc(number))
    .limit(1)
    .offset(ATTEMPTS);
  orm
    .delete(certificateAttempts)
    .where(and(eq(certificateId, id), lte(number, oldest)))
    .run();
}
