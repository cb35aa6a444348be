import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import { factRows } from '../../work/facts.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { system } from '../actor.ts';
import { RowGone, type Rows } from '../life/rows.ts';
import { type CertificateReads, type CertificateRow, certificateRows } from '../store.ts';

/** Rows that are looked at between two turns of everything else. */
const SLICE = 100;

/** The directory of the CA that rows were tried with last, as UTF-8. */
const FACT = 'certificates-ca';

export interface OtherCaOptions {
  work: UnitOfWork;
  rows: Pick<Rows, 'update'>;
  clock: Clock;
}

/**
 * Begins anew where the CA of this directory is another one than that which rows were tried with: what another one refused, or was asked too
 * often, says nothing about this one, and an order there is none here. Certificates that are issued already, and those that are good for
 * long yet, stay as they are.
 */
export async function followCa({ work, rows, clock }: OtherCaOptions, directory: string): Promise<void> {
  const known = work.committed.rows(factRows).fact(FACT);
  if (known && Buffer.from(known).toString() === directory) return;
  const reads = work.committed.rows(certificateRows);
  if (known || isOther(reads, directory)) await beginAnew({ work, rows, clock }, reads);
  await work.change({ actor: system, cause: 'another CA is set' }, (change) =>
    change.rows(factRows).putFact(FACT, Buffer.from(directory)),
  );
}

/** Where an earlier version kept no fact: no attempt was ever made with it, or the account that zones name is with another. */
function isOther(reads: CertificateReads, directory: string): boolean {
  const account = reads.account(directory);
  return account === undefined || (!account.named && reads.namesAccount());
}

async function beginAnew({ work, rows, clock }: OtherCaOptions, reads: CertificateReads): Promise<void> {
  const now = clock.now();
  await work.change({ actor: system, cause: 'another CA is set' }, (unit) =>
    unit.rows(certificateRows).forgetUses(),
  );
  for (let after: string | undefined; ;) {
    const slice = reads.tried(after, SLICE);
    for (const row of slice)
      if (row.pending?.kind !== 'issued' || row.failures > 0)
        await rows.update(row.id, fresh).catch(unlessGone);
    if (slice.length < SLICE) return;
    after = slice.at(-1)!.id;
    await setImmediate();
  }

  function fresh(row: CertificateRow): CertificateRow {
    const schedule = row.failures > 0 ? { at: now, why: 'another CA is set' } : row.schedule;
    return {
      ...row,
      failures: 0,
      schedule,
      pending: row.pending?.kind === 'issued' ? row.pending : undefined,
    };
  }
}

function unlessGone(error: unknown): void {
  if (!(error instanceof RowGone)) throw error;
}
