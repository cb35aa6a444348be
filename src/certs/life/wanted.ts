import type { Clock } from '../../core/clock.ts';
import type { Random } from '../../core/random.ts';
import { eachStep, inSlices } from '../../core/slices.ts';
import { factRows } from '../../work/facts.ts';
import type { Change, UnitOfWork } from '../../work/unit-of-work.ts';
import { hosts } from '../../zones/box-names.ts';
import type { Domain } from '../../zones/model.ts';
import { zoneRows } from '../../zones/store.ts';
import type { InstalledCertificates } from '../installed/store.ts';
import { system } from '../actor.ts';
import { type CertificateRow, certificateRows, nameSet } from '../store.ts';
import { type Desired, desiredForBox, desiredForDomain, domainNames } from './desired.ts';
import { wakeAt } from '../schedule/wake.ts';

/** Rows and domains that are looked at in one change. */
const PAGE = 200;
/** Whether rows were last woken for a CA or for none. */
const FACT = 'certificates-ordered';

export interface WantedOptions {
  work: UnitOfWork;
  installed: Pick<InstalledCertificates, 'follow'>;
  clock: Clock;
  random: Random;
  /** Whether there is a CA to order from. */
  orders: boolean;
}

/** Makes the row for what a domain needs, or forgets it with the domain, in the change of the domain. */
export function followDomain(
  options: WantedOptions,
  change: Change,
  before: Domain | undefined,
  after: Domain | undefined,
): void {
  const rows = change.rows(certificateRows);
  const row = rows.withNames(domainNames((after ?? before)!.name));
  const [wanted] = after ? desiredForDomain(after) : [];
  if (wanted) {
    const changed = changedRow(row, wanted, options);
    if (changed) rows.put(changed);
  } else if (row?.purpose.kind === 'domain') forget(options, change, row);
}

/** Makes the row for the box under the name that it has now; those of names that it had before stay for as long as these answer. */
export async function followBox(options: WantedOptions): Promise<void> {
  await options.work.change({ actor: system, cause: 'certificate of the box wanted' }, (change) => {
    const box = change.rows(zoneRows).box();
    if (!box) return;
    const rows = change.rows(certificateRows);
    const wanted = desiredForBox(box);
    const kept = hosts(box).map((host) => nameSet(desiredForBox(host).names));
    for (const row of rows.ofBox()) if (!kept.includes(nameSet(row.names))) forget(options, change, row);
    const changed = changedRow(rows.withNames(wanted.names), wanted, options);
    if (changed) rows.put(changed);
  });
}

function forget({ installed }: WantedOptions, change: Change, { id, current }: CertificateRow): void {
  if (current) installed.follow(change, current.names);
  change.rows(certificateRows).delete(id);
}

/** After a start: what another version, or a start with a CA where there is none now, left otherwise. */
export async function followAll(options: WantedOptions, stopping: () => boolean): Promise<void> {
  const { work, clock, orders } = options;
  const known = work.committed.rows(factRows).fact(FACT)?.[0];
  if (known === Number(orders)) return;
  for (let after: Domain | undefined; !stopping();) {
    const page = work.committed.rows(zoneRows).domains({ after: after?.name, limit: PAGE });
    await work.change({ actor: system, cause: 'certificates wanted' }, (change) =>
      inSlices(
        eachStep(page, ({ name }) => {
          const domain = change.rows(zoneRows).domain(name);
          if (domain) followDomain(options, change, undefined, domain);
        }),
        clock,
      ),
    );
    if (page.length < PAGE) break;
    after = page.at(-1);
  }
  await wakeAll(options, stopping);
  if (stopping()) return;
  await work.change({ actor: system, cause: 'certificates wanted' }, (change) =>
    change.rows(factRows).putFact(FACT, Uint8Array.of(Number(orders))),
  );
}

/** Rows that were stored when there was a CA and is none now, or the other way round. */
async function wakeAll({ work, clock, orders }: WantedOptions, stopping: () => boolean): Promise<void> {
  for (let after: string | undefined; !stopping();) {
    const page = work.committed.rows(certificateRows).certificates(after, PAGE);
    await work.change({ actor: system, cause: 'certificates wanted' }, (change) => {
      const rows = change.rows(certificateRows);
      const wake = ({ id }: CertificateRow): void => {
        const row = rows.certificate(id);
        if (row && row.wakeAt !== wakeAt(row, orders)) rows.put({ ...row, wakeAt: wakeAt(row, orders) });
      };
      return inSlices(eachStep(page, wake), clock);
    });
    if (page.length < PAGE) return;
    after = page.at(-1)!.id;
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
