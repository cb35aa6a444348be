import type { Clock } from '../../core/clock.ts';
import type { Sealer } from '../../core/seal.ts';
import type { Actor } from '../../work/actor.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { Publisher, ZoneChange } from '../../zones/publisher/publisher.ts';
import { system } from '../actor.ts';
import { touchRecords } from '../published/touch.ts';
import { wakeAt } from '../schedule/wake.ts';
import { openCertificateKey, sealCertificateKey } from '../x509/sealed-key.ts';
import { type CertificateRow, certificateRows, type CertificateTransaction } from '../store.ts';
import type { CertificateKey } from '../x509/key.ts';

/** The row went away while something was done about it: its domain was removed. */
export class RowGone extends Error {
  override readonly name = 'RowGone';
}

/** Rows of certificates, changed one step at a time from what is stored then. */
export interface Rows {
  /** @throws RowGone */
  get(id: string): CertificateRow;
  /** @throws RowGone, and what `change` throws: then nothing was changed. */
  update(
    id: string,
    change: (row: CertificateRow, tx: CertificateTransaction) => CertificateRow,
  ): Promise<CertificateRow>;
  /** The same, and publishes what zones say about it, in one transaction. @throws RowGone */
  publish(
    id: string,
    why: { actor: Actor; cause: string },
    change: (row: CertificateRow, tx: ZoneChange) => CertificateRow,
  ): Promise<CertificateRow>;
  seal(key: CertificateKey): Uint8Array;
  /** @throws Error when it cannot be opened. */
  open(sealed: Uint8Array, spkiSha256: string): CertificateKey;
}

export interface RowOptions {
  work: UnitOfWork;
  publisher: Publisher;
  sealer: Sealer;
  clock: Clock;
  /** Whether there is a CA to order from. */
  orders: boolean;
}

export function createRows({ work, publisher, sealer, orders }: RowOptions): Rows {
  const reads = work.committed.rows(certificateRows);
  const existing = (row: CertificateRow | undefined, id: string): CertificateRow => {
    if (!row) throw new RowGone(id);
    return row;
  };
  const prepared = (row: CertificateRow): CertificateRow => ({ ...row, wakeAt: wakeAt(row, orders) });

  return {
    get: (id) => existing(reads.certificate(id), id),

    update: (id, change) =>
      work.change({ actor: system, cause: 'certificate changed' }, (unit) => {
        const rows = unit.rows(certificateRows);
        const changed = prepared(change(existing(rows.certificate(id), id), rows));
        rows.put(changed);
        return changed;
      }),

    async publish(id, why, change) {
      const { value } = await publisher.change(why, (draft) => {
        const rows = draft.unit.rows(certificateRows);
        const after = prepared(change(existing(rows.certificate(id), id), draft));
        rows.put(after);
        touchRecords(draft, after);
        return after;
      });
      return value;
    },

    seal: (key) => sealCertificateKey(sealer, key),
    open: (sealed, spkiSha256) => openCertificateKey(sealer, sealed, spkiSha256),
  };
}
