import type { CertificateRow } from '../store.ts';

/** When there is something to do about a row; without a CA nothing is ordered, and nobody asked when to renew. */
export function wakeAt(
  { schedule, pending, suggestion, retiring }: Omit<CertificateRow, 'wakeAt'>,
  orders: boolean,
): number | undefined {
  const ordering = orders ? [schedule?.at, suggestion?.checkAt] : [];
  // The CA is not asked about a certificate whose successor is there already.
  const next = pending?.kind === 'issued' ? [pending.installAt] : ordering;
  const times = [...next, ...retiring.map(({ until }) => until)].filter((time) => time !== undefined);
  return times.length > 0 ? Math.min(...times) : undefined;
}
