import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Domain } from '../../zones/model.ts';
import type { Reads } from '../../zones/store.ts';
import type { Facts } from '../facts.ts';
import type { InstalledCertificates } from '../installed/store.ts';
import { type CertificateRow, type CertsStore, nameSet } from '../store.ts';
import { type Desired, desiredCertificates } from './desired.ts';

const PAGE = 500;

export interface WantedOptions {
  store: CertsStore;
  reads: Reads;
  facts: Facts;
  installed: Pick<InstalledCertificates, 'remove'>;
  clock: Clock;
  random: Random;
}

/** Makes rows for what the box and its domains need, and forgets those of domains that went. */
export async function followWanted(options: WantedOptions): Promise<void> {
  const { store, reads, facts, installed } = options;
  const box = reads.box();
  if (!box) return;
  const wanted = desiredCertificates(box, localDomains(reads));
  const bySet = new Map(wanted.map((one) => [nameSet(one.names), one]));
  const { put, gone } = await store.write((tx) => {
    const rows = tx.all();
    const gone = rows.filter((row) => row.purpose.kind !== 'requested' && !bySet.has(nameSet(row.names)));
    for (const row of gone) tx.delete(row.id);
    const have = new Map(rows.map((row) => [nameSet(row.names), row]));
    const put = [...bySet].flatMap(([set, one]) => changedRow(have.get(set), one, options) ?? []);
    for (const row of put) tx.put(row);
    return { put, gone };
  });
  for (const row of put) facts.setRow(row.id, row);
  for (const { id } of gone) {
    facts.setRow(id, undefined);
    installed.remove(id);
  }
}

function localDomains(reads: Reads): Domain[] {
  const all: Domain[] = [];
  for (let after: Domain | undefined; ;) {
    const page = reads.domains({ after: after?.name, limit: PAGE });
    all.push(...page.filter((domain) => domain.dns === 'local'));
    if (page.length < PAGE) return all;
    after = page.at(-1);
  }
}

/** undefined when it is as it should be. */
function changedRow(
  row: CertificateRow | undefined,
  { names, purpose, rank }: Desired,
  { clock, random }: WantedOptions,
): CertificateRow | undefined {
  if (!row) return newRow({ names, purpose, rank, keyAlgorithm: 'ecdsa-p256' }, clock.now(), random);
  if (row.purpose.kind === purpose.kind && row.rank === rank) return undefined;
  return { ...row, purpose, rank };
}

/** A row that wants its first certificate now. */
export function newRow(
  what: Pick<CertificateRow, 'names' | 'purpose' | 'rank' | 'keyAlgorithm'>,
  now: number,
  random: Random,
): CertificateRow {
  return {
    ...what,
    id: `crt_${Buffer.from(random.bytes(12)).toString('hex')}`,
    current: undefined,
    sealedKey: undefined,
    next: undefined,
    sealedNextKey: undefined,
    pending: undefined,
    requested: undefined,
    sealedRequestedKey: undefined,
    retiring: [],
    failures: 0,
    schedule: { at: now, why: 'there is none yet' },
    suggestion: undefined,
    wakeAt: now,
    createdAt: now,
  };
}
