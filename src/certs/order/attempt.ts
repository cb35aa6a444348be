import type { Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Random } from '../../core/random.ts';
import { type Adoption, storedCertificate } from '../life/adopt.ts';
import { type AttemptOptions, beginAttempt } from './attempt-log.ts';
import type { Challenges } from '../challenges/records.ts';
import type { WaitForSecondaries } from '../challenges/secondaries.ts';
import type { AttemptTally } from './tally.ts';
import type { AcmeSettings, CertificateName } from '../model.ts';
import { system } from '../actor.ts';
import { RowGone, type Rows } from '../life/rows.ts';
import { backOff } from './back-off.ts';
import { dropOldUses } from './limit-uses.ts';
import { type Allowed, orderAllowed, usesOfCertificate, usesOfOrder } from './limits.ts';
import {
  type CertificateReads,
  type CertificateRow,
  certificateRows,
  type CertificateTransaction,
  type StoredCertificate,
  type Use,
} from '../store.ts';
import { createCsr } from '../x509/csr.ts';
import { parseChain } from '../x509/parse-chain.ts';
import type { Account } from './account.ts';
import { checkIssued, readIssued } from './check-issued.ts';
import { AcmeError, type AcmeProblem, isPassing, problemSentence } from '../acme/problem.ts';
import type { AcmeClient } from '../acme/protocol.ts';
import type { NewOrders } from './new-orders.ts';
import { runOrder } from './run-order.ts';

export interface OrderingOptions extends AttemptOptions {
  rows: Rows;
  adoption: Adoption;
  challenges: Challenges;
  secondaries: WaitForSecondaries;
  client: AcmeClient;
  account: Account;
  settings: AcmeSettings & { directory: string };
  tally: AttemptTally;
  newOrders: NewOrders;
  /** Resolves when the zones of these names say what is wanted of them now: the CA looks at their CAA (RFC 8659 §3). */
  zonesReady: (names: readonly CertificateName[]) => Promise<void>;
  clock: Clock;
  random: Random;
  log: Log;
  /** Whether the box is stopping: what is cut short then is no failure. */
  stopping: () => boolean;
}

const INTERNAL = 'internal';

/** Others that run at the same time used up what the CA allows. */
class MustWait extends Error {
  override readonly name = 'MustWait';
  readonly until: Allowed;

  constructor(until: Allowed) {
    super(until.because);
    this.until = until;
  }
}

/** Tries to get the certificate of a row, within the CA's limits; whatever comes of it is kept, with when to try again. */
export async function attemptOrder(options: OrderingOptions, id: string): Promise<void> {
  const { rows, log } = options;
  const row = rows.get(id);
  if (row.pending?.kind !== 'ordered' && (await mustWait(options, row))) return;
  const attempt = beginAttempt(options, row);
  try {
    await attempt.step('waiting');
    const certificate = await order(options, row, (step) => attempt.step(step));
    await addUses(options, usesOfCertificate({ names: row.names, renews: renews(row) }, options.clock.now()));
    const after = await options.adoption.adopt(id, certificate);
    // Where its TLSA has to wait, it is installed later.
    options.tally.count('success');
    await attempt.end(after.pending ? 'issued' : 'installed');
  } catch (error) {
    if (options.stopping()) return;
    if (error instanceof RowGone) {
      log.info({ names: row.names }, 'a certificate is not wanted any more');
      return;
    }
    if (error instanceof MustWait) {
      await putOff(options, id, error.until);
      await attempt.end('waiting');
      return;
    }
    if (error instanceof AcmeError) options.newOrders.refused(error.problem, row.names);
    const problem = problemOf(error, options.settings.directory);
    const { sentence, detail } = problem;
    if (problem.type === INTERNAL)
      log.error({ err: error, names: row.names }, 'an order failed inside the box');
    else log.warn({ names: row.names, problem: sentence, detail }, 'no certificate yet');
    if (problem.type === 'accountDoesNotExist') await options.account.forget();
    options.tally.count('failed', problem.type);
    await fail(options, id, problem);
    await attempt.end('failed', problem);
  } finally {
    if (!options.stopping()) await options.challenges.forOrder(id).removeAll();
  }
}

async function order(
  options: OrderingOptions,
  row: CertificateRow,
  step: Parameters<typeof runOrder>[0]['step'],
): Promise<StoredCertificate> {
  const { id, names, pending } = row;
  const { rows, clock, client, settings } = options;
  const key = await options.adoption.nextKey(id);
  const account = await options.account.ensure();
  await options.zonesReady(names);
  const chain = await runOrder({
    client,
    account,
    clock,
    names,
    profile: settings.profile,
    records: options.challenges.forOrder(id),
    everywhere: (challenges) => options.secondaries(challenges, options.stopping),
    replaces: replacedId(row),
    url: pending?.kind === 'ordered' ? pending.url : undefined,
    csr: async () => (await createCsr(names, key)).der,
    step,
    async creating() {
      await rows.update(id, (current, tx) => {
        takePlace(tx, current, clock.now());
        return { ...current, pending: { kind: 'creating' } };
      });
    },
    async created(url) {
      await rows.update(id, (current) => ({ ...current, pending: { kind: 'ordered', url } }));
    },
    failed: (name) => addUses(options, [{ kind: 'failures', subject: name, at: clock.now() }]),
  });
  const parsed = readIssued(chain);
  const problems = parsed.ok ? checkIssued(parsed.parsed.leaf, names, key) : parsed.problems;
  if (!parsed.ok || problems.length > 0)
    throw new AcmeError({ type: 'malformedAnswer', detail: problems.join(' '), retryAt: undefined });
  return storedCertificate('acme', parsed.parsed);
}

function addUses({ work }: OrderingOptions, uses: readonly Use[]): Promise<void> {
  return work.change({ actor: system, cause: 'use of the CA counted' }, (unit) => {
    for (const use of uses) unit.rows(certificateRows).addUse(use);
  });
}

/** Looks and counts in one transaction: several orders may be about to take the last place. @throws MustWait */
function takePlace(tx: CertificateTransaction, row: CertificateRow, now: number): void {
  const until = allowed(tx, row, now);
  if (until.because !== undefined) throw new MustWait(until);
  for (const use of usesOfOrder(now)) tx.addUse(use);
  dropOldUses(tx, now);
}

function renews({ current }: CertificateRow): boolean {
  return current?.kind === 'acme';
}

/** RFC 9773 §5: only the CA's own certificates are replaced, and only once. */
function replacedId({ current }: CertificateRow): string | undefined {
  if (current?.kind !== 'acme') return undefined;
  const parsed = parseChain(current.chain);
  return parsed.ok ? parsed.parsed.leaf.renewalInfoId : undefined;
}

/** Puts the attempt off when it would break a limit of the CA's. */
async function mustWait(options: OrderingOptions, row: CertificateRow): Promise<boolean> {
  const any = options.newOrders.allowed();
  const own = allowed(options.work.committed.rows(certificateRows), row, options.clock.now());
  const until = own.at > any.at ? own : any;
  if (until.because === undefined) return false;
  await putOff(options, row.id, until);
  return true;
}

function allowed(reads: CertificateReads, row: CertificateRow, now: number): Allowed {
  return orderAllowed({ id: row.id, names: row.names, renews: renews(row) }, reads, now);
}

/**
 * No failure: it only waits. An order that it was to take the place of is gone by now, or was never heard of. What all orders wait for is
 * known without a word in each row (new-orders.ts).
 */
async function putOff({ rows, tally }: OrderingOptions, id: string, until: Allowed): Promise<void> {
  tally.count('postponed');
  await rows.update(id, (row) => ({
    ...row,
    schedule: until.forAll ? row.schedule : { at: until.at, why: until.because ?? '' },
    pending: undefined,
  }));
}

async function fail(
  { rows, work, clock, random }: OrderingOptions,
  id: string,
  { type, retryAt, passing, sentence }: Problem,
): Promise<void> {
  const now = clock.now();
  // The attempt that fails, and the one before.
  const [, before] = work.committed.rows(certificateRows).attempts(id, 2);
  // A new account needs no rest; but not for the second time in a row.
  const soon = type === 'accountDoesNotExist' && before?.problem !== sentence;
  await rows.update(id, (row) => {
    const failures = row.failures + 1;
    const left = (row.current?.notAfter ?? 0) - now;
    const at = Math.max(soon ? now : now + backOff(failures, random, left), retryAt ?? 0);
    const asked = retryAt !== undefined && at === retryAt;
    const why = asked ? 'the CA asks for this rest' : 'back-off after a failure';
    const goesOn = passing && row.pending?.kind === 'ordered';
    return { ...row, failures, schedule: { at, why }, pending: goesOn ? row.pending : undefined };
  });
}

interface Problem extends Pick<AcmeProblem, 'type' | 'detail' | 'retryAt'> {
  sentence: string;
  passing: boolean;
}

function problemOf(error: unknown, directory: string): Problem {
  if (error instanceof AcmeError) {
    const { problem } = error;
    return {
      ...problem,
      sentence: problemSentence(problem, new URL(directory).host),
      passing: isPassing(problem),
    };
  }
  if (error instanceof AppError)
    return { type: error.code, detail: '', retryAt: undefined, sentence: error.message, passing: false };
  const sentence = 'Something went wrong inside the box; its log has more.';
  return { type: INTERNAL, detail: '', retryAt: undefined, sentence, passing: true };
}
