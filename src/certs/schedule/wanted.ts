import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Domain } from '../../zones/model.ts';
import type { Reads } from '../../zones/store.ts';
import type { Facts } from '../facts.ts';
import type { InstalledCertificates } from '../installed/store.ts';
import { type CertificateRow, type CertificateTransaction, type CertsStore, nameSet } from '../store.ts';
import { type Desired, desiredCertificates, desiredForDomain, domainNames } from './desired.ts';
import { wakeAt } from './wake.ts';

const PAGE = 500;

export interface WantedOptions {
  store: CertsStore;
  reads: Reads;
  facts: Facts;
  installed: Pick<InstalledCertificates, 'remove'>;
  clock: Clock;
  random: Random;
  /** Whether there is a CA to order from. */
  orders: boolean;
}

/** Makes rows for what the box and all its domains need, and forgets those of domains that went. */
export async function followWanted(options: WantedOptions): Promise<void> {
  const { store, reads } = options;
  const box = reads.box();
  if (!box) return;
  const wanted = bySet(desiredCertificates(box, localDomains(reads)));
  const changes = await store.write((tx) => {
    const rows = tx.all();
    const gone = rows.filter((row) => row.purpose.kind !== 'requested' && !wanted.has(nameSet(row.names)));
    const have = new Map(rows.map((row) => [nameSet(row.names), row]));
    const put = [...wanted].flatMap(([set, one]) => changedRow(have.get(set), one, options) ?? []);
    const settled = new Set([...put, ...gone].map(({ id }) => id));
    return change(tx, [...put, ...wokenOtherwise(rows, settled, options)], gone);
  });
  note(options, changes);
}

/** The same for these domains alone, whether they are there or went: adding one must not cost in proportion to all. */
export async function followDomains(options: WantedOptions, names: readonly Name[]): Promise<void> {
  const { store, reads } = options;
  if (!reads.box()) return;
  const changes = await store.write((tx) => {
    const put: CertificateRow[] = [];
    const gone: CertificateRow[] = [];
    for (const name of names) {
      const domain = reads.domain(name);
      const [wanted] = domain ? desiredForDomain(domain) : [];
      const row = tx.withNames(domainNames(name));
      if (wanted) {
        const changed = changedRow(row, wanted, options);
        if (changed) put.push(changed);
      } else if (row?.purpose.kind === 'domain') gone.push(row);
    }
    return change(tx, put, gone);
  });
  note(options, changes);
}

/** Rows that were stored when there was a CA and is none now, or the other way round. */
function wokenOtherwise(rows: CertificateRow[], settled: Set<string>, { orders }: WantedOptions) {
  return rows
    .filter((row) => !settled.has(row.id) && row.wakeAt !== wakeAt(row, orders))
    .map((row) => ({ ...row, wakeAt: wakeAt(row, orders) }));
}

interface Changes {
  put: CertificateRow[];
  gone: CertificateRow[];
}

function bySet(wanted: readonly Desired[]): Map<string, Desired> {
  return new Map(wanted.map((one) => [nameSet(one.names), one]));
}

function change(tx: CertificateTransaction, put: CertificateRow[], gone: CertificateRow[]): Changes {
  for (const row of gone) tx.delete(row.id);
  for (const row of put) tx.put(row);
  return { put, gone };
}

function note({ facts, installed }: WantedOptions, { put, gone }: Changes): void {
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
  options: WantedOptions,
): CertificateRow | undefined {
  if (!row) return newRow({ names, purpose, rank, keyAlgorithm: 'ecdsa-p256' }, options);
  if (row.purpose.kind === purpose.kind && row.rank === rank) return undefined;
  const { orders } = options;
  return { ...row, purpose, rank, wakeAt: wakeAt(row, orders) };
}

/** A row that wants its first certificate now. */
export function newRow(
  what: Pick<CertificateRow, 'names' | 'purpose' | 'rank' | 'keyAlgorithm'>,
  { clock, random, orders }: Pick<WantedOptions, 'clock' | 'random' | 'orders'>,
): CertificateRow {
  const now = clock.now();
  const row = {
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
    createdAt: now,
  };
  return { ...row, wakeAt: wakeAt(row, orders) };
}
