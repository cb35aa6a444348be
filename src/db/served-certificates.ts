import { and, count, eq, gt, inArray, isNotNull, lt, min, sql } from './drizzle.ts';
import type { CertificateReads, StoredCertificate } from '../certs/store.ts';
import type { Connection } from './database.ts';
import { earliest } from './certificate-rows.ts';
import { certificateNames, certificates } from './schema/certs.ts';

/** What servers and figures ask of all certificates: answered from indexes, and without their chains. */
export function servedReads({ orm }: Connection) {
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
