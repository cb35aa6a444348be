import {
  and,
  asc,
  count,
  desc,
  eq,
  getTableColumns,
  gt,
  gte,
  inArray,
  isNotNull,
  lt,
  lte,
  min,
  sql,
} from './drizzle.ts';
import type { Attempt } from '../certs/model.ts';
import { ranks } from '../certs/life/desired.ts';
import {
  type CertificateReads,
  type CertificateRow,
  type CertificateTransaction,
  nameSet,
  type StoredCertificate,
} from '../certs/store.ts';
import { Name } from '../dns/wire/name.ts';
import type { Connection } from './database.ts';
import { prepared } from './prepared.ts';
import {
  acmeAccounts,
  acmeChallenges,
  acmeUses,
  certificateAttempts,
  certificateHooks,
  certificateNames,
  certificates,
} from './schema/certs.ts';
import { keyOf, rangeOf } from './zone-reads.ts';

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
  };
  return { ...reads, ...writesOver(connection) };
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
  const due = select()
    .where(
      and(eq(certificates.rank, sql.placeholder('rank')), lte(certificates.wakeAt, sql.placeholder('now'))),
    )
    .orderBy(asc(certificates.wakeAt), asc(certificates.seq))
    .limit(sql.placeholder('limit'))
    .prepare();
  const nextWake = orm
    .select({ at: min(certificates.wakeAt) })
    .from(certificates)
    .where(and(eq(certificates.rank, sql.placeholder('rank')), isNotNull(certificates.wakeAt)))
    .prepare();
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
    certificates(after, limit) {
      const from = orm
        .select({ seq: certificates.seq })
        .from(certificates)
        .where(eq(certificates.id, after ?? ''));
      const rows = select().where(after === undefined ? undefined : gt(certificates.seq, from));
      return rows.orderBy(asc(certificates.seq)).limit(limit).all().map(toRow);
    },
    due(now, limit) {
      const found: CertificateColumns[] = [];
      for (const rank of allRanks)
        if (found.length < limit) found.push(...due.all({ rank, now, limit: limit - found.length }));
      return found.map(toRow);
    },
    nextWake: () => earliest(allRanks.map((rank) => nextWake.get({ rank })?.at)),
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

/** What servers and figures ask of all certificates: answered from indexes, and without their chains. */
function servedReads({ orm }: Connection) {
  const { notBefore, notAfter, state, pendingKind, current, id } = certificates;
  const servable = orm
    .select({
      ...{ id, notBefore, notAfter },
      names: sql<string>`json_extract(${current}, '$.names')`,
      kind: sql<StoredCertificate['kind']>`json_extract(${current}, '$.kind')`,
      spkiSha256: sql<string>`json_extract(${current}, '$.spkiSha256')`,
      serialNumber: sql<string>`json_extract(${current}, '$.serialNumber')`,
    })
    .from(certificateNames)
    .innerJoin(certificates, eq(id, certificateNames.certificateId))
    .where(and(eq(certificateNames.name, sql.placeholder('name')), isNotNull(current)))
    .prepare();
  const turns = [notBefore, notAfter].map((time) =>
    orm
      .select({ at: min(time) })
      .from(certificates)
      .where(gt(time, sql.placeholder('after')))
      .prepare(),
  );
  const turning = [notBefore, notAfter].map((time) =>
    orm
      .select({ names: sql<string>`json_extract(${current}, '$.names')` })
      .from(certificates)
      .where(eq(time, sql.placeholder('at')))
      .prepare(),
  );
  const byState = orm.select({ state, count: count() }).from(certificates).groupBy(state).prepare();
  const expired = orm
    .select({ count: count() })
    .from(certificates)
    .where(and(eq(state, sql.placeholder('state')), lt(notAfter, sql.placeholder('now'))))
    .prepare();
  const firstExpiry = orm
    .select({ at: min(notAfter) })
    .from(certificates)
    .where(eq(state, sql.placeholder('state')))
    .prepare();
  const orders = orm
    .select({ count: count() })
    .from(certificates)
    .where(and(isNotNull(certificates.pending), inArray(pendingKind, ['creating', 'ordered'])))
    .prepare();
  return {
    servable: (names) =>
      names
        .flatMap((name) =>
          servable
            .all({ name })
            .map((row) => ({
              ...row,
              names: JSON.parse(row.names) as string[],
              notBefore: row.notBefore!,
              notAfter: row.notAfter!,
            }))
            .filter((row) => row.names.includes(name)),
        )
        .filter((row, index, all) => all.findIndex((other) => other.id === row.id) === index),
    nextTurn: (after) =>
      // The end is part of the time for which a certificate is valid.
      earliest([turns[0]!.get({ after })?.at, next(turns[1]!.get({ after: after - 1 })?.at)]),
    namesTurning: (at) =>
      [turning[0]!.all({ at }), turning[1]!.all({ at: at - 1 })]
        .flat()
        .flatMap(({ names }) => JSON.parse(names) as string[]),
    counts(now) {
      const states = {
        'self-signed': 0,
        ordering: 0,
        valid: 0,
        renewing: 0,
        failed: 0,
        expired: 0,
        revoked: 0,
      };
      for (const row of byState.all()) states[row.state!] = row.count;
      for (const inUse of ['valid', 'renewing'] as const) {
        const { count: over } = expired.get({ state: inUse, now })!;
        states[inUse] -= over;
        states.expired += over;
      }
      return {
        states,
        firstExpiry: earliest(['valid', 'renewing'].map((inUse) => firstExpiry.get({ state: inUse })?.at)),
        orders: orders.get()!.count,
      };
    },
  } satisfies Partial<CertificateReads>;
}

const next = (time: number | null | undefined) => (typeof time === 'number' ? time + 1 : undefined);

function earliest(times: readonly (number | null | undefined)[]): number | undefined {
  const known = times.filter((time) => typeof time === 'number');
  return known.length > 0 ? Math.min(...known) : undefined;
}

function hookReads({ orm }: Connection) {
  const select = () => orm.select().from(certificateHooks).$dynamic();
  return {
    hooks: (id) => select().where(eq(certificateHooks.certificateId, id)).get(),
    nextHooks: () => select().orderBy(asc(certificateHooks.dueAt)).limit(1).get(),
  } satisfies Partial<CertificateReads>;
}

function acmeReads({ orm }: Connection) {
  const toChallenge = ({ owner, value, certificateId }: typeof acmeChallenges.$inferSelect) => ({
    owner: Name.parse(owner),
    value,
    certificateId,
  });
  const below = orm
    .select()
    .from(acmeChallenges)
    .where(
      and(
        gte(acmeChallenges.ownerKey, sql.placeholder('key')),
        lt(acmeChallenges.ownerKey, sql.placeholder('end')),
      ),
    )
    .prepare();
  const at = orm
    .select()
    .from(acmeChallenges)
    .where(eq(acmeChallenges.ownerKey, sql.placeholder('key')))
    .prepare();
  const any = orm.select({ owner: acmeChallenges.owner }).from(acmeChallenges).limit(1).prepare();
  const ordered = orm
    .select({ set: certificates.nameSet })
    .from(certificates)
    .where(
      and(
        isNotNull(certificates.pending),
        inArray(certificates.pendingKind, ['creating', 'ordered']),
        sql`json_extract(${certificates.current}, '$.kind') is not 'acme'`,
      ),
    )
    .prepare();
  return {
    account(directory) {
      const row = orm.select().from(acmeAccounts).where(eq(acmeAccounts.directory, directory)).get();
      return row && { ...row, url: row.url ?? undefined, sealedNextKey: row.sealedNextKey ?? undefined };
    },
    namesAccount: () =>
      orm.select().from(acmeAccounts).where(eq(acmeAccounts.named, true)).limit(1).get() !== undefined,
    challenges: () => orm.select().from(acmeChallenges).all().map(toChallenge),
    challengesOf: (certificateId) =>
      orm
        .select()
        .from(acmeChallenges)
        .where(eq(acmeChallenges.certificateId, certificateId))
        .all()
        .map(toChallenge),
    challengesAt(zone, owners) {
      // Nearly always there are none.
      if (!any.get()) return [];
      if (!owners) return below.all(rangeOf(zone)).map(toChallenge);
      return owners.flatMap((owner) => at.all({ key: keyOf(owner) })).map(toChallenge);
    },
    underWay: () => ordered.all().map(({ set }) => set),
    uses: (since) =>
      orm
        .select({ kind: acmeUses.kind, subject: acmeUses.subject, at: acmeUses.at })
        .from(acmeUses)
        .where(gte(acmeUses.at, since))
        .orderBy(asc(acmeUses.at))
        .all(),
  } satisfies Partial<CertificateReads>;
}

function writesOver(writer: Connection): Omit<CertificateTransaction, keyof CertificateReads> {
  const { orm } = writer;
  const put = prepared((set: ReturnType<typeof fromRow>) =>
    orm.insert(certificates).values(set).onConflictDoUpdate({ target: certificates.id, set }),
  );
  const putNames = namesOver(writer);
  return {
    put(row) {
      const set = fromRow(row);
      put(set).run(set);
      putNames(row);
    },
    delete(id) {
      orm.delete(certificates).where(eq(certificates.id, id)).run();
      orm.delete(certificateNames).where(eq(certificateNames.certificateId, id)).run();
      orm.delete(certificateAttempts).where(eq(certificateAttempts.certificateId, id)).run();
      orm.delete(certificateHooks).where(eq(certificateHooks.certificateId, id)).run();
    },
    putAttempt(certificateId, attempt) {
      const { startedAt, step, endedAt = null, problem = null, detail = null } = attempt;
      const set = { certificateId, startedAt, step, endedAt, problem, detail };
      const target = [certificateAttempts.certificateId, certificateAttempts.startedAt];
      orm.insert(certificateAttempts).values(set).onConflictDoUpdate({ target, set }).run();
      dropOldAttempts(writer, certificateId);
    },
    putAccount(row) {
      const caaIdentities = [...row.caaIdentities];
      const set = { ...row, caaIdentities, url: row.url ?? null, ...buffers(row) };
      const target = acmeAccounts.directory;
      orm.insert(acmeAccounts).values(set).onConflictDoUpdate({ target, set }).run();
    },
    nameAccount(directory) {
      orm.update(acmeAccounts).set({ named: false }).run();
      if (directory === undefined) return;
      orm.update(acmeAccounts).set({ named: true }).where(eq(acmeAccounts.directory, directory)).run();
    },
    addChallenge({ owner, value, certificateId }) {
      const row = { ownerKey: keyOf(owner), owner: owner.toText(), value, certificateId };
      orm.insert(acmeChallenges).values(row).onConflictDoNothing().run();
    },
    removeChallenge({ owner, value, certificateId }) {
      const { ownerKey, value: text, certificateId: id } = acmeChallenges;
      const which = and(eq(ownerKey, keyOf(owner)), eq(text, value), eq(id, certificateId));
      orm.delete(acmeChallenges).where(which).run();
    },
    putHooks(row) {
      const set = { ...row, done: [...row.done] };
      const target = certificateHooks.certificateId;
      orm.insert(certificateHooks).values(set).onConflictDoUpdate({ target, set }).run();
    },
    deleteHooks: (id) =>
      void orm.delete(certificateHooks).where(eq(certificateHooks.certificateId, id)).run(),
    hurryHooks: (at) =>
      void orm.update(certificateHooks).set({ dueAt: at }).where(gt(certificateHooks.dueAt, at)).run(),
    addUse: (use) => void orm.insert(acmeUses).values(use).run(),
    dropUses: (before) => void orm.delete(acmeUses).where(lt(acmeUses.at, before)).run(),
  };
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

/** All that is stored: those computed are asked for where they are needed. */
const {
  notBefore: _b,
  notAfter: _a,
  pendingKind: _p,
  orderAt: _o,
  state: _s,
  ...stored
} = getTableColumns(certificates);

type CertificateColumns = Omit<
  typeof certificates.$inferSelect,
  'notBefore' | 'notAfter' | 'pendingKind' | 'orderAt' | 'state'
>;

function toAttempt(row: typeof certificateAttempts.$inferSelect): Attempt {
  const { startedAt, endedAt, step, problem, detail } = row;
  return {
    startedAt,
    endedAt: endedAt ?? undefined,
    step,
    problem: problem ?? undefined,
    detail: detail ?? undefined,
  };
}

function toRow(row: CertificateColumns): CertificateRow {
  const { purpose, domain, scheduledAt, scheduledWhy } = row;
  return {
    id: row.id,
    names: row.names,
    purpose: purpose === 'domain' ? { kind: purpose, domain: Name.parse(domain!) } : { kind: purpose },
    keyAlgorithm: row.keyAlgorithm,
    rank: row.rank,
    // JSON has no undefined.
    current: row.current ? { ...row.current, revokedAt: row.current.revokedAt } : undefined,
    sealedKey: row.sealedKey ?? undefined,
    next: row.next ? { ...row.next, publishedAt: row.next.publishedAt } : undefined,
    sealedNextKey: row.sealedNextKey ?? undefined,
    pending: row.pending ?? undefined,
    requested: row.requested ?? undefined,
    sealedRequestedKey: row.sealedRequestedKey ?? undefined,
    retiring: row.retiring,
    failures: row.failures,
    schedule: scheduledAt === null ? undefined : { at: scheduledAt, why: scheduledWhy ?? '' },
    suggestion: row.suggestion ?? undefined,
    wakeAt: row.wakeAt ?? undefined,
    createdAt: row.createdAt,
  };
}

function fromRow({ schedule, purpose, ...row }: CertificateRow) {
  return {
    ...row,
    names: [...row.names],
    nameSet: nameSet(row.names),
    purpose: purpose.kind,
    domain: purpose.kind === 'domain' ? purpose.domain.canonical().toText() : null,
    current: row.current ?? null,
    sealedKey: row.sealedKey ? Buffer.from(row.sealedKey) : null,
    next: row.next ?? null,
    sealedNextKey: row.sealedNextKey ? Buffer.from(row.sealedNextKey) : null,
    pending: row.pending ?? null,
    requested: row.requested ?? null,
    sealedRequestedKey: row.sealedRequestedKey ? Buffer.from(row.sealedRequestedKey) : null,
    retiring: [...row.retiring],
    scheduledAt: schedule?.at ?? null,
    scheduledWhy: schedule?.why ?? null,
    suggestion: row.suggestion ?? null,
    wakeAt: row.wakeAt ?? null,
  };
}

function buffers({
  sealedKey,
  sealedNextKey,
}: {
  sealedKey: Uint8Array;
  sealedNextKey: Uint8Array | undefined;
}) {
  return {
    sealedKey: Buffer.from(sealedKey),
    sealedNextKey: sealedNextKey ? Buffer.from(sealedNextKey) : null,
  };
}
