import type { Clock } from '../../core/clock.ts';
import { Name } from '../../dns/wire/name.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { type CertificateRow, certificateRows } from '../store.ts';
import { domainNames } from './desired.ts';
import { RowGone, type Rows } from './rows.ts';

export interface FoundOptions {
  work: UnitOfWork;
  rows: Rows;
  clock: Clock;
}

/**
 * Tries again at once what failed while the world did not find the zone: the certificate of its domain, and that of the box where its name is there.
 * Its pauses begin anew, as what made them grow is over: the CA's resolvers may remember for a while that there was nothing.
 */
export async function retryFound({ work, rows, clock }: FoundOptions, zone: Name): Promise<void> {
  const certificates = work.committed.rows(certificateRows);
  const ofDomain = certificates.withNames(domainNames(zone));
  const ofBox = certificates.ofBox().filter(({ names }) => Name.parse(names[0]!).isAtOrBelow(zone));
  for (const { id } of [...(ofDomain ? [ofDomain] : []), ...ofBox].filter(hasFailed)) {
    try {
      await rows.update(id, (row) => (hasFailed(row) ? retried(row, clock.now()) : row));
    } catch (error) {
      if (!(error instanceof RowGone)) throw error;
    }
  }
}

/** A certificate that is issued only waits to be installed. */
function hasFailed({ failures, pending }: CertificateRow): boolean {
  return failures > 0 && pending?.kind !== 'issued';
}

function retried(row: CertificateRow, at: number): CertificateRow {
  return { ...row, failures: 0, schedule: { at, why: 'its domain is delegated to the box now' } };
}
