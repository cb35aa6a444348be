import type { Clock } from '../core/clock.ts';
import type { Sealer } from '../core/seal.ts';
import { Type } from '../dns/type-codes.ts';
import type { Name } from '../dns/wire/name.ts';
import type { Actor } from '../work/actor.ts';
import { affectedOwners } from '../zones/compose.ts';
import { below } from '../zones/derive/rule.ts';
import { TLSA_PORTS } from '../zones/derive/tlsa.ts';
import type { Change, Publisher } from '../zones/publisher/publisher.ts';
import { hostZone, zoneOf } from '../zones/topology.ts';
import { type Facts, isFor, policyDomain, standsIn } from './facts.ts';
import { wakeAt } from './schedule/wake.ts';
import type { CertificateRow, CertificateTransaction, CertsStore } from './store.ts';
import { type CertificateKey, readKey } from './x509/key.ts';

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
    change: (row: CertificateRow, tx: Change) => CertificateRow,
  ): Promise<CertificateRow>;
  seal(key: CertificateKey): Uint8Array;
  /** @throws Error when it cannot be opened. */
  open(sealed: Uint8Array, spkiSha256: string): CertificateKey;
}

export interface RowOptions {
  store: CertsStore;
  publisher: Publisher;
  facts: Facts;
  sealer: Sealer;
  clock: Clock;
  /** Whether there is a CA to order from. */
  orders: boolean;
}

export function createRows({ store, publisher, facts, sealer, orders }: RowOptions): Rows {
  const existing = (row: CertificateRow | undefined, id: string): CertificateRow => {
    if (!row) throw new RowGone(id);
    return row;
  };
  const prepared = (row: CertificateRow): CertificateRow => ({ ...row, wakeAt: wakeAt(row, orders) });

  return {
    get: (id) => existing(store.read.certificate(id), id),

    async update(id, change) {
      const row = await store.write((tx) => {
        const changed = prepared(change(existing(tx.certificate(id), id), tx));
        tx.put(changed);
        return changed;
      });
      facts.setRow(id, row);
      return row;
    },

    async publish(id, why, change) {
      try {
        const { value } = await publisher.change(why, (draft) => {
          const tx = store.within(draft.tx);
          const before = existing(tx.certificate(id), id);
          const after = prepared(change(before, draft));
          tx.put(after);
          facts.setRow(id, after);
          touchRecords(draft, after);
          return after;
        });
        return value;
      } catch (error) {
        facts.setRow(id, store.read.certificate(id));
        throw error;
      }
    },

    seal: (key) => sealer.seal(Buffer.from(key.pkcs8), keyContext(key.spkiSha256)),
    open(sealed, spkiSha256) {
      const key = readKey(Buffer.from(sealer.open(sealed, keyContext(spkiSha256))).toString());
      if (!key) throw new Error('a sealed key is no key');
      return key;
    },
  };
}

function keyContext(spkiSha256: string): string {
  return `certificate:${spkiSha256}`;
}

/** TLSA of H, and MTA-STS of the domain that the certificate makes trusted. */
export function touchRecords(change: Change, row: CertificateRow): void {
  const box = change.box();
  const hostname = box.hostname.canonical().toText();
  if (isFor(row, hostname) || standsIn(row, hostname))
    change.touch(hostZone(change.tx, box), { owners: tlsaOwners(box.hostname) });
  const domain = policyDomain(row, box);
  const zone = domain && zoneOf(change.tx, domain);
  if (zone) change.touch(zone, { owners: affectedOwners(domain, [Type.MX]) });
}

export function tlsaOwners(hostname: Name): Name[] {
  return TLSA_PORTS.flatMap((port) => below(`_${port}._tcp`, hostname) ?? []);
}
