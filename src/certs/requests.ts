import { X509Certificate } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Random } from '../core/random.ts';
import type { Actor } from '../work/actor.ts';
import type { EventHub } from '../work/events.ts';
import type { UnitOfWork } from '../work/unit-of-work.ts';
import { zoneRows } from '../zones/store.ts';
import { AcmeError, problemSentence } from './acme/problem.ts';
import type { AcmeClient } from './acme/protocol.ts';
import type { Adoption } from './life/adopt.ts';
import { ranks } from './life/desired.ts';
import { installOwn, requestOwn } from './life/own.ts';
import { requestedNames } from './life/requested-names.ts';
import type { Rows } from './life/rows.ts';
import { newRow } from './life/wanted.ts';
import type {
  AcmeSettings,
  CertificateName,
  CertificateService,
  CertificateView,
  KeyAlgorithm,
} from './model.ts';
import type { Account } from './order/account.ts';
import type { Manager } from './schedule/manager.ts';
import { type CertificateRow, certificateRows } from './store.ts';

export interface RequestOptions {
  work: UnitOfWork;
  rows: Rows;
  adoption: Adoption;
  manager: Pick<Manager, 'busy' | 'kick'>;
  /** Both undefined: no CA is set. */
  client: AcmeClient | undefined;
  account: Account | undefined;
  settings: Pick<AcmeSettings, 'directory'>;
  view: (row: CertificateRow) => CertificateView;
  events: Pick<EventHub, 'publish'>;
  clock: Clock;
  random: Random;
}

type Requests = Pick<
  CertificateService,
  'issue' | 'renew' | 'revoke' | 'request' | 'install' | 'rollAccountKey'
>;

/** What people ask for about certificates. */
export function createRequests(options: RequestOptions): Requests {
  const tools = createTools(options);
  return {
    issue: (actor, asked, keyAlgorithm) => issue(options, tools, actor, asked, keyAlgorithm),
    renew: (actor, id) => tools.orderNow(actor, tools.found(id), 'certificate.renew'),
    revoke: (actor, id, reason) => revoke(options, tools, actor, id, reason),
    ...ownRequests(options, tools),
    rollAccountKey: (actor) => rollAccountKey(options, tools, actor),
  };
}

type Tools = ReturnType<typeof createTools>;

/** What several requests do. */
function createTools({ work, rows, manager, client, view, clock }: RequestOptions) {
  const certificates = work.committed.rows(certificateRows);

  function needCa(): AcmeClient {
    if (client) return client;
    throw new AppError('invalid-request', 'No CA is set; start the box with --acme-directory URL.');
  }

  const audit = (actor: Actor, action: string, row: CertificateRow, detail: Record<string, unknown> = {}) =>
    work.change({ actor, cause: action }, (change) =>
      change.audit(action, row.names[0]!, { names: [...row.names], ...detail }),
    );

  /** Whether an attempt is being made. In the moment of rest after one nothing is, and a new one has to be planned. */
  function underWay(id: string): boolean {
    return manager.busy(id) && certificates.attempts(id, 1)[0]?.endedAt === undefined;
  }

  function found(id: string): CertificateRow {
    const row = certificates.certificate(id);
    if (!row) throw new AppError('not-found', `There is no certificate ${id}.`);
    return row;
  }

  async function orderNow(actor: Actor, row: CertificateRow, action: string): Promise<CertificateView> {
    needCa();
    await audit(actor, action, row);
    if (!underWay(row.id) && row.pending?.kind !== 'issued') {
      const schedule = { at: clock.now(), why: `${actor.name} asked for it` };
      await rows.update(row.id, (current) => ({ ...current, schedule }));
      manager.kick();
    }
    return view(rows.get(row.id));
  }

  return { certificates, needCa, audit, found, orderNow };
}

async function issue(
  options: RequestOptions,
  { certificates, needCa, orderNow }: Tools,
  actor: Actor,
  asked: CertificateName[],
  keyAlgorithm: KeyAlgorithm | undefined,
): Promise<CertificateView> {
  const { work, rows, view, clock } = options;
  needCa();
  const names = requestedNames(work.committed.rows(zoneRows), asked);
  const existing = certificates.withNames(names);
  if (existing) {
    if (keyAlgorithm !== undefined && keyAlgorithm !== existing.keyAlgorithm)
      await takeKeyAlgorithm(options, existing.id, keyAlgorithm);
    else if (existing.current && existing.current.notAfter > clock.now()) return view(existing);
    return orderNow(actor, rows.get(existing.id), 'certificate.issue');
  }
  const purpose = { kind: 'requested' as const };
  const what = { names, purpose, rank: ranks.requested, keyAlgorithm: keyAlgorithm ?? 'ecdsa-p256' };
  const row = newRow(what, { ...options, orders: true });
  await work.change({ actor, cause: `certificate of ${names[0]!} wanted` }, (change) =>
    change.rows(certificateRows).put(row),
  );
  return orderNow(actor, row, 'certificate.issue');
}

/** What was ordered or issued for the next key goes with it. @throws AppError in-use */
async function takeKeyAlgorithm(
  { rows, manager }: RequestOptions,
  id: string,
  keyAlgorithm: KeyAlgorithm,
): Promise<void> {
  await rows.update(id, (row) => {
    if (manager.busy(id))
      throw new AppError('in-use', 'An order for these names is under way; ask again when that has ended.');
    return { ...row, keyAlgorithm, next: undefined, sealedNextKey: undefined, pending: undefined };
  });
}

async function revoke(
  options: RequestOptions,
  { found, needCa, audit }: Tools,
  actor: Actor,
  id: string,
  reason: number,
): Promise<CertificateView> {
  const { rows, manager, account, settings, view, clock, events } = options;
  const row = found(id);
  const { current } = row;
  if (current?.kind !== 'acme')
    throw new AppError(
      'invalid-request',
      current
        ? `The certificate for ${row.names[0]!} is your own; have the CA that it comes from revoke it.`
        : `There is no certificate for ${row.names[0]!} yet, and so nothing to revoke.`,
    );
  const leaf = new X509Certificate(current.chain).raw;
  await asked(settings.directory, async () => needCa().revoke(await account!.ensure(), leaf, reason));
  await audit(actor, 'certificate.revoke', row, { reason });
  const schedule = { at: clock.now(), why: 'it was revoked' };
  const why = { actor, cause: `certificate of ${row.names[0]!} revoked` };
  const after = await rows.publish(id, why, (now) => ({
    ...now,
    current: now.current && { ...now.current, revokedAt: clock.now() },
    schedule,
  }));
  events.publish('certificate.revoked', { id, names: [...row.names], reason });
  manager.kick();
  return view(after);
}

/** A person's own certificates. */
function ownRequests(options: RequestOptions, { audit }: Tools): Pick<Requests, 'request' | 'install'> {
  const { work, rows, manager, view } = options;
  const zones = work.committed.rows(zoneRows);
  const own = { ...options, reads: zones, busy: (id: string) => manager.busy(id) };
  return {
    async request(actor, names, keyAlgorithm = 'ecdsa-p256') {
      const { row, csr } = await requestOwn(own, requestedNames(zones, names), keyAlgorithm);
      await audit(actor, 'certificate.request', row);
      return { id: row.id, csr };
    },
    async install(actor, chain, privateKey) {
      const row = await installOwn(own, chain, privateKey);
      await audit(actor, 'certificate.install', row);
      manager.kick();
      return view(rows.get(row.id));
    },
  };
}

async function rollAccountKey(
  { work, account, settings }: RequestOptions,
  { needCa }: Tools,
  actor: Actor,
): Promise<void> {
  const { directory } = settings;
  needCa();
  await asked(directory, () => account!.rollKey());
  await work.change({ actor, cause: 'account key rolled' }, (change) =>
    change.audit('acme.roll-key', directory!, {}),
  );
}

/** What the CA refuses a person. @throws AppError */
async function asked(directory: string | undefined, call: () => Promise<void>): Promise<void> {
  try {
    await call();
  } catch (error) {
    if (!(error instanceof AcmeError)) throw error;
    const { problem } = error;
    const sentence = problemSentence(problem, new URL(directory!).host);
    throw new AppError('ca-failed', `${sentence} (${problem.detail})`, { cause: error });
  }
}
