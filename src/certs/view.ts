import { toRfc3339 } from '../core/rfc3339.ts';
import type { Attempt, CertificateView } from './model.ts';
import type { Allowed } from './order/limits.ts';
import { orderAt } from './schedule/wake.ts';
import type { CertificateRow, Schedule } from './store.ts';

/** A row as people see it. `busy`: something is done about it at this moment. */
export function viewOf(
  row: CertificateRow,
  attempts: readonly Attempt[],
  { now, busy }: { now: number; busy: boolean },
): CertificateView {
  const { current, schedule, pending } = row;
  const last = attempts[0];
  const waits = pending?.kind === 'issued' ? pending.installAt : undefined;
  const next = waits ?? schedule?.at;
  return {
    id: row.id,
    names: current?.kind === 'own' ? current.names : row.names,
    purpose: row.purpose,
    kind: current?.kind ?? 'self-signed',
    keyAlgorithm: row.keyAlgorithm,
    issuer: current?.issuer,
    serialNumber: current?.serialNumber,
    notBefore: current && toRfc3339(current.notBefore),
    notAfter: current && toRfc3339(current.notAfter),
    state: stateOf(row, now, busy),
    step: last?.step,
    problem: problemOf(row, attempts),
    nextAttemptAt: next === undefined ? undefined : toRfc3339(next),
    nextAttemptWhy: waits === undefined ? schedule?.why : 'its TLSA record must be known everywhere first',
    attempts,
  };
}

/** When the next try is due and why then: where it is a new order, not before new orders are `allowed`. */
export function scheduleOf(row: CertificateRow, allowed: Allowed): Schedule | undefined {
  const at = orderAt(row);
  if (at === undefined || at >= allowed.at || allowed.because === undefined) return row.schedule;
  return { at: allowed.at, why: allowed.because };
}

export function stateOf(
  { current, failures, pending }: CertificateRow,
  now: number,
  busy: boolean,
): CertificateView['state'] {
  // An order that rests after a failure is not under way, though it may be gone on with.
  const rests = failures > 0 && !busy && pending?.kind !== 'issued';
  const underWay = (busy || pending !== undefined) && !rests;
  if (!current) return rests ? 'failed' : underWay ? 'ordering' : 'self-signed';
  if (current.revokedAt !== undefined) return 'revoked';
  if (current.notAfter < now) return 'expired';
  return underWay ? 'renewing' : 'valid';
}

function problemOf({ failures, pending }: CertificateRow, attempts: readonly Attempt[]): string | undefined {
  if (failures === 0 || pending?.kind === 'issued') return undefined;
  return attempts.find(({ step }) => step === 'failed')?.problem;
}
