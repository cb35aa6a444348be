import { getTableColumns } from './drizzle.ts';
import type { Attempt } from '../certs/model.ts';
import { type CertificateRow, nameSet } from '../certs/store.ts';
import { Name } from '../dns/wire/name.ts';
import type { certificateAttempts } from './schema/certs.ts';
import { certificates } from './schema/certs.ts';

/** All that is stored: those computed are asked for where they are needed. */
const {
  notBefore: _b,
  notAfter: _a,
  pendingKind: _p,
  orderAt: _o,
  state: _s,
  ...stored
} = getTableColumns(certificates);
export { stored };

export type CertificateColumns = Omit<
  typeof certificates.$inferSelect,
  'notBefore' | 'notAfter' | 'pendingKind' | 'orderAt' | 'state'
>;

export function toAttempt(row: typeof certificateAttempts.$inferSelect): Attempt {
  const { startedAt, endedAt, step, problem, detail } = row;
  return {
    startedAt,
    endedAt: endedAt ?? undefined,
    step,
    problem: problem ?? undefined,
    detail: detail ?? undefined,
  };
}

export function toRow(row: CertificateColumns): CertificateRow {
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

export function fromRow({ schedule, purpose, ...row }: CertificateRow) {
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

/** The first of the times that there are. */
export function earliest(times: readonly (number | null | undefined)[]): number | undefined {
  const known = times.filter((time) => typeof time === 'number');
  return known.length > 0 ? Math.min(...known) : undefined;
}
