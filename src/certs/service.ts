import { X509Certificate } from 'node:crypto';
import type { Clock, Timer } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Sealer } from '../core/seal.ts';
import { Name } from '../dns/wire/name.ts';
import type { Actor } from '../work/actor.ts';
import type { EventHub } from '../work/events.ts';
import type { UnitOfWork } from '../work/unit-of-work.ts';
import type { DomainPart } from '../zones/domains/parts.ts';
import type { Publisher } from '../zones/publisher/publisher.ts';
import type { StaleZones } from '../zones/stale/service.ts';
import { zoneRows } from '../zones/store.ts';
import { zoneOf } from '../zones/topology.ts';
import { createAccount } from './order/account.ts';
import { attemptOrder } from './order/attempt.ts';
import { accountFacts } from './published/caa-identity.ts';
import { AcmeError, problemSentence } from './acme/problem.ts';
import type { AcmeClient } from './acme/protocol.ts';
import { createAdoption } from './life/adopt.ts';
import { closeOpenAttempts } from './order/attempt-log.ts';
import { createChallenges } from './challenges/records.ts';
import type { WaitForSecondaries } from './challenges/secondaries.ts';
import { createAttemptTally } from './order/tally.ts';
import { type CertificateFigures, createLimitFigures, takeFigures } from './figures.ts';
import type { InstalledCertificates } from './installed/store.ts';
import type {
  AcmeSettings,
  CertificateName,
  CertificateService,
  CertificateView,
  KeyAlgorithm,
} from './model.ts';
import { installOwn, requestOwn } from './life/own.ts';
import { requestedNames } from './life/requested-names.ts';
import { system } from './actor.ts';
import { createRows } from './life/rows.ts';
import { ranks } from './life/desired.ts';
import { handleDue } from './life/due.ts';
import { createManager } from './schedule/manager.ts';
import { beginWithOtherCa, isOtherCa } from './order/other-ca.ts';
import { followAll, followBox, followDomain, newRow, type WantedOptions } from './life/wanted.ts';
import { type CertificateRow, certificateRows } from './store.ts';
import { viewOf } from './view.ts';

/** Milliseconds: domains added one after the other are looked at together, out of the way of the next one. */
const GATHER = 250;
/** Attempts that a view shows. */
const SHOWN = 20;

export interface CertificateOptions {
  work: UnitOfWork;
  publisher: Publisher;
  stale: Pick<StaleZones, 'publishAll' | 'publishNow'>;
  sealer: Sealer;
  installed: Pick<InstalledCertificates, 'follow' | 'announce' | 'forName'>;
  secondaries: WaitForSecondaries;
  settings: AcmeSettings;
  /** Speaks with the CA of the settings; undefined when there is none. */
  client: AcmeClient | undefined;
  events: EventHub;
  clock: Clock;
  random: Random;
  log: Log;
}

export interface Certificates extends CertificateService, DomainPart {
  /** Removes what a crash left in zones, and begins to work. */
  start(): Promise<void>;
  /** For good, also while it starts. Resolves when no zone or row is looked at any more. */
  stop(): Promise<void>;
  /** Whether nothing is under way. */
  idle(): boolean;
  /** What there is, in numbers. */
  figures(): CertificateFigures;
}

export function createCertificates(options: CertificateOptions): Certificates {
  const { work, stale, client, settings, clock, random, log, events } = options;
  const certificates = work.committed.rows(certificateRows);
  const zones = work.committed.rows(zoneRows);
  const { directory } = settings;
  const publishEvent = events.publish.bind(events);
  const orders = client !== undefined;
  const rows = createRows({ ...options, orders });
  const adoption = createAdoption({ ...options, rows, reads: zones, publishEvent });
  const challenges = createChallenges(options);
  const tally = createAttemptTally();
  const limits = createLimitFigures(certificates, clock);
  const account =
    client && directory !== undefined
      ? createAccount({ ...options, client, settings: { ...settings, directory }, onRegistered: nameAccount })
      : undefined;
  const manager = createManager({
    ...options,
    handle: (id) => handleDue({ ...options, rows, adoption, attempt }, id),
  });
  const wanted: WantedOptions = { ...options, orders };
  let following = Promise.resolve();
  let looking = 0;
  let gathering: Timer | undefined;
  let unsubscribe = (): void => undefined;
  let stopped = false;

  async function attempt(id: string): Promise<void> {
    if (!client || !account || directory === undefined) return;
    const made = { account, rows, adoption, challenges, tally };
    const stopping = (): boolean => manager.stopping();
    const ca = { client, settings: { ...settings, directory } };
    await attemptOrder({ ...options, ...made, ...ca, publishEvent, zonesReady, stopping }, id);
  }

  /** RFC 8657: from now on only this CA and this account give certificates. An order publishes the zones that it needs itself. */
  async function nameAccount(): Promise<void> {
    await work.change({ actor: system, cause: 'CA named' }, (change) => {
      change.rows(certificateRows).nameAccount(directory);
      stale.publishAll(change);
    });
  }

  /** Ahead of all others, which wait for nobody: an order may be among the first of thousands of zones. */
  function zonesReady(names: readonly CertificateName[]): Promise<void> {
    const needed = names.flatMap((name) => zoneOf(zones, Name.parse(name)) ?? []);
    return stale.publishNow({ actor: system, cause: 'CA named' }, needed);
  }

  /** Looks at what is due: once for however many domains were added at a time. */
  function kickSoon(): void {
    gathering ??= clock.after(GATHER, () => {
      gathering = undefined;
      manager.kick();
    });
  }

  function follow(action: () => Promise<void>): void {
    looking++;
    following = following
      .then(action)
      .then(() => manager.kick())
      .catch((error: unknown) =>
        log.error({ err: error }, 'the list of wanted certificates could not be made'),
      )
      .finally(() => looking--);
  }

  function view(row: CertificateRow): CertificateView {
    const attempts = certificates.attempts(row.id, SHOWN);
    const shown = orders ? row : { ...row, schedule: undefined };
    return viewOf(shown, attempts, { now: clock.now(), busy: manager.busy(row.id) });
  }

  const found = (id: string): CertificateRow => {
    const row = certificates.certificate(id);
    if (!row) throw new AppError('not-found', `There is no certificate ${id}.`);
    return row;
  };

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

  /** What was ordered or issued for the next key goes with it. @throws AppError in-use */
  async function takeKeyAlgorithm(id: string, keyAlgorithm: KeyAlgorithm): Promise<void> {
    await rows.update(id, (row) => {
      if (manager.busy(id))
        throw new AppError('in-use', 'An order for these names is under way; ask again when that has ended.');
      return { ...row, keyAlgorithm, next: undefined, sealedNextKey: undefined, pending: undefined };
    });
  }

  const own = { ...options, reads: zones, rows, adoption, busy: (id: string) => manager.busy(id) };

  return {
    list({ limit, cursor }) {
      const page = certificates.certificates(cursor, limit + 1);
      const items = page.slice(0, limit);
      return { items: items.map(view), next: page.length > limit ? items.at(-1)!.id : undefined };
    },

    get(id) {
      const row = certificates.certificate(id);
      return row && view(row);
    },

    async issue(actor, asked, keyAlgorithm) {
      needCa();
      const names = requestedNames(zones, asked);
      const existing = certificates.withNames(names);
      if (existing) {
        if (keyAlgorithm !== undefined && keyAlgorithm !== existing.keyAlgorithm)
          await takeKeyAlgorithm(existing.id, keyAlgorithm);
        else if (existing.current && existing.current.notAfter > clock.now()) return view(existing);
        return orderNow(actor, rows.get(existing.id), 'certificate.issue');
      }
      const purpose = { kind: 'requested' as const };
      const what = { names, purpose, rank: ranks.requested, keyAlgorithm: keyAlgorithm ?? 'ecdsa-p256' };
      const row = newRow(what, { clock, random, orders });
      await work.change({ actor, cause: `certificate of ${names[0]!} wanted` }, (change) =>
        change.rows(certificateRows).put(row),
      );
      return orderNow(actor, row, 'certificate.issue');
    },

    renew: (actor, id) => orderNow(actor, found(id), 'certificate.renew'),

    async revoke(actor, id, reason) {
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
      await asked(async () => needCa().revoke(await account!.ensure(), leaf, reason));
      await audit(actor, 'certificate.revoke', row, { reason });
      const schedule = { at: clock.now(), why: 'it was revoked' };
      const why = { actor, cause: `certificate of ${row.names[0]!} revoked` };
      const after = await rows.publish(id, why, (now) => ({
        ...now,
        current: now.current && { ...now.current, revokedAt: clock.now() },
        schedule,
      }));
      publishEvent('certificate.revoked', { id, names: [...row.names], reason });
      manager.kick();
      return view(after);
    },

    async request(actor, asked, keyAlgorithm = 'ecdsa-p256') {
      const names = requestedNames(zones, asked);
      const { row, csr } = await requestOwn(own, names, keyAlgorithm);
      await audit(actor, 'certificate.request', row);
      return { id: row.id, csr };
    },

    async install(actor, chain, privateKey) {
      const row = await installOwn(own, chain, privateKey);
      await audit(actor, 'certificate.install', row);
      manager.kick();
      return view(rows.get(row.id));
    },

    settings: () => ({ ...settings, ...accountFacts(certificates, directory) }),

    async rollAccountKey(actor) {
      needCa();
      await asked(() => account!.rollKey());
      await work.change({ actor, cause: 'account key rolled' }, (change) =>
        change.audit('acme.roll-key', directory!, {}),
      );
    },

    domainChanged(change, before, after) {
      followDomain(wanted, change, before, after);
      change.afterCommit(kickSoon);
    },

    async start() {
      await closeOpenAttempts(options);
      await challenges.removeAll();
      // Where no CA is set any more, zones must not keep all others out.
      if (directory === undefined && certificates.namesAccount()) await nameAccount();
      if (directory !== undefined && isOtherCa(certificates, directory))
        await beginWithOtherCa({ work, rows, clock });
      if (stopped) return;
      unsubscribe = events.subscribe(undefined, ({ type }) => {
        if (type === 'box.changed') follow(() => followBox(wanted));
      });
      // The box goes before all others, so it is known of first.
      follow(() => followBox(wanted));
      await following;
      manager.start();
      follow(() => followAll(wanted, () => stopped));
      await following;
    },

    figures: () =>
      takeFigures({
        reads: certificates,
        busy: manager.running(),
        tally,
        limits: client ? limits() : [],
        clock,
      }),

    idle: () => manager.idle() && !gathering && looking === 0,

    async stop() {
      stopped = true;
      unsubscribe();
      gathering?.cancel();
      manager.stop();
      await following;
    },
  };

  /** What the CA refuses a person. @throws AppError */
  async function asked(call: () => Promise<void>): Promise<void> {
    try {
      await call();
    } catch (error) {
      if (!(error instanceof AcmeError)) throw error;
      const { problem } = error;
      const sentence = problemSentence(problem, new URL(directory!).host);
      throw new AppError('ca-failed', `${sentence} (${problem.detail})`, { cause: error });
    }
  }
}
