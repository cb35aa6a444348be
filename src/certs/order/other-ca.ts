import { setImmediate } from 'node:timers/promises';
import type { Clock } from '../../core/clock.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import { system } from '../actor.ts';
import { RowGone, type Rows } from '../life/rows.ts';
import { type CertificateReads, type CertificateRow, certificateRows } from '../store.ts';

/** Rows that are looked at between two turns of everything else. */
const SLICE = 100;

/**
 * Whether the CA of this directory is another one than that which rows were tried with: no attempt was ever made with it, or the account that
 * zones name is with another.
 */
export function isOtherCa(reads: CertificateReads, directory: string): boolean {
  const account = reads.account(directory);
  return account === undefined || (!account.named && reads.namesAccount());
}

/**
 * Begins anew with a CA: what another one refused, or was asked too often, says nothing about this one, and an order there is none here.
 * Certificates that are issued already, and those that are good for long yet, stay as they are.
 */
export async function beginWithOtherCa(options: {
  work: UnitOfWork;
  rows: Rows;
  clock: Clock;
}): Promise<void> {
  const { work, rows, clock } = options;
  const reads = work.committed.rows(certificateRows);
  const now = clock.now();
  await work.change({ actor: system, cause: 'another CA is set' }, (unit) =>
    unit.rows(certificateRows).forgetUses(),
  );
  for (let after: string | undefined; ;) {
    const slice = reads.certificates(after, SLICE);
    for (const row of slice) if (wasTried(row)) await rows.update(row.id, fresh).catch(unlessGone);
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

function wasTried({ failures, pending }: CertificateRow): boolean {
  return failures > 0 || (pending !== undefined && pending.kind !== 'issued');
}

function unlessGone(error: unknown): void {
  if (!(error instanceof RowGone)) throw error;
}
