import type { CertificateRow } from '../store.ts';

/**
 * When there is something to do about a row, but for a new order; without a CA nothing is ordered, and nobody asked when to renew.
 * New orders have a time of their own ({@link orderAt}), as all of them may have to wait for the CA.
 */
export function wakeAt(row: Omit<CertificateRow, 'wakeAt'>, orders: boolean): number | undefined {
  const { schedule, pending, suggestion, retiring } = row;
  const begun = pending?.kind === 'ordered' ? schedule?.at : undefined;
  const ordering = orders ? [begun, suggestion?.checkAt] : [];
  // The CA is not asked about a certificate whose successor is there already.
  const next = pending?.kind === 'issued' ? [pending.installAt] : ordering;
  const times = [...next, ...retiring.map(({ until }) => until)].filter((time) => time !== undefined);
  return times.length > 0 ? Math.min(...times) : undefined;
}

/** When a new order for the row falls due: none while one goes on, or its certificate waits to be used. */
export function orderAt({ schedule, pending }: Omit<CertificateRow, 'wakeAt'>): number | undefined {
  return pending === undefined || pending.kind === 'creating' ? schedule?.at : undefined;
}
