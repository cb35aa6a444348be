import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Sealer } from '../core/seal.ts';
import { Name } from '../dns/wire/name.ts';
import type { EventHub } from '../work/events.ts';
import type { UnitOfWork } from '../work/unit-of-work.ts';
import type { DomainPart } from '../zones/domains/parts.ts';
import type { Publisher } from '../zones/publisher/publisher.ts';
import type { StaleZones } from '../zones/stale/service.ts';
import { zoneRows } from '../zones/store.ts';
import { type Account, createAccount } from './order/account.ts';
import { attemptOrder } from './order/attempt.ts';
import { accountFacts } from './published/caa-identity.ts';
import type { AcmeClient } from './acme/protocol.ts';
import { createAdoption } from './life/adopt.ts';
import { closeOpenAttempts } from './order/attempt-log.ts';
import { createChallenges } from './challenges/records.ts';
import type { WaitForSecondaries } from './challenges/secondaries.ts';
import { createAttemptTally } from './order/tally.ts';
import { type CertificateFigures, takeFigures } from './figures.ts';
import { createExport } from './installed/export.ts';
import type { InstalledCertificates } from './installed/store.ts';
import type { AcmeSettings, CertificateName, CertificateService, CertificateView } from './model.ts';
import { retryFound } from './life/found.ts';
import { createRows } from './life/rows.ts';
import { handleDue } from './life/due.ts';
import { createFollowing } from './life/following.ts';
import { limitUses } from './order/limit-uses.ts';
import { nameAccount, zonesReady } from './order/name-account.ts';
import { createNewOrders } from './order/new-orders.ts';
import { createRequests } from './requests.ts';
import { createManager } from './schedule/manager.ts';
import { followCa } from './order/other-ca.ts';
import { followAll, followBox, followDomain, type WantedOptions } from './life/wanted.ts';
import { type CertificateRow, certificateRows, type HookWishes } from './store.ts';
import { scheduleOf, viewOf } from './view.ts';

/** Attempts that a view shows. */
const SHOWN = 20;

export interface CertificateOptions {
  work: UnitOfWork;
  publisher: Publisher;
  stale: Pick<StaleZones, 'publishAll' | 'publishNow'>;
  sealer: Sealer;
  installed: Pick<InstalledCertificates, 'follow' | 'announce' | 'forName'>;
  hooks: HookWishes;
  secondaries: WaitForSecondaries;
  /** Keys that the mail servers of this machine show for a name. */
  shownKeys: (hostname: string) => Promise<ReadonlySet<string>>;
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
  const parts = connect(options);
  const { certificates, manager, view } = parts;
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
    ofDomain(domain) {
      const kept = certificates.ofDomain(domain);
      const others = certificates.naming([domain.canonical().toText()]);
      return [...kept, ...others.filter(({ id }) => kept.every((row) => row.id !== id))].map(view);
    },
    ...createRequests({ ...options, ...parts }),
    ...createExport(options),
    settings: () => ({ ...options.settings, ...accountFacts(certificates, options.settings.directory) }),
    figures: () =>
      takeFigures({
        reads: certificates,
        busy: manager.running(),
        tally: parts.tally,
        limits: parts.orders ? limitUses(certificates, options.clock.now()) : [],
        clock: options.clock,
      }),
    ...createLife(options, parts),
  };
}

type Parts = ReturnType<typeof connect>;

/** The parts of this folder, put together. */
function connect(options: CertificateOptions) {
  const { work, client, settings, clock, log, events } = options;
  const certificates = work.committed.rows(certificateRows);
  const publishEvent = events.publish.bind(events);
  const orders = client !== undefined;
  const rows = createRows({ ...options, orders });
  const adoption = createAdoption({ ...options, rows, reads: work.committed.rows(zoneRows), publishEvent });
  const challenges = createChallenges(options);
  const tally = createAttemptTally();
  const newOrders = createNewOrders({ reads: certificates, clock, log });
  const account = accountOf(options);
  const manager = createManager({
    ...options,
    handle: (id) => handleDue({ ...options, rows, adoption, attempt }, id),
    ordersFrom: () => (orders ? newOrders.allowed().at : Infinity),
  });

  async function attempt(id: string): Promise<void> {
    const { directory } = settings;
    if (!client || !account || directory === undefined) return;
    const made = { account, rows, adoption, challenges, tally, newOrders };
    const ready = (names: readonly CertificateName[]): Promise<void> => zonesReady(options, names);
    const stopping = (): boolean => manager.stopping();
    const ca = { client, settings: { ...settings, directory } };
    await attemptOrder({ ...options, ...made, ...ca, publishEvent, zonesReady: ready, stopping }, id);
  }

  function view(row: CertificateRow): CertificateView {
    const attempts = certificates.attempts(row.id, SHOWN);
    const schedule = orders ? scheduleOf(row, newOrders.allowed()) : undefined;
    return viewOf({ ...row, schedule }, attempts, { now: clock.now(), busy: manager.busy(row.id) });
  }

  return { certificates, orders, rows, adoption, challenges, tally, account, manager, view };
}

/** undefined: no CA is set. */
function accountOf(options: CertificateOptions): Account | undefined {
  const { client, settings } = options;
  const { directory } = settings;
  if (!client || directory === undefined) return undefined;
  const onRegistered = (): Promise<void> => nameAccount(options, directory);
  return createAccount({ ...options, client, settings: { ...settings, directory }, onRegistered });
}

/** From the start to the stop: what is wanted follows the box and its domains. */
function createLife(options: CertificateOptions, parts: Parts) {
  const { clock, log, events, settings } = options;
  const { certificates, rows, manager } = parts;
  const { directory } = settings;
  const wanted: WantedOptions = { ...options, orders: parts.orders };
  const following = createFollowing({ kick: () => manager.kick(), clock, log });
  let unsubscribe = (): void => undefined;
  let stopped = false;
  return {
    domainChanged(change, before, after) {
      followDomain(wanted, change, before, after);
      change.afterCommit(() => following.kickSoon());
    },

    async start() {
      await closeOpenAttempts(options);
      await parts.challenges.removeAll();
      // Where no CA is set any more, zones must not keep all others out.
      if (directory === undefined && certificates.namesAccount()) await nameAccount(options, directory);
      if (directory !== undefined) await followCa({ ...options, rows }, directory);
      if (stopped) return;
      unsubscribe = events.subscribe(undefined, ({ type, data }) => {
        if (type === 'box.changed') void following.follow(() => followBox(wanted));
        if (type === 'zone.delegated' && parts.orders)
          void following.follow(() => retryFound({ ...options, rows }, Name.parse(String(data['zone']))));
      });
      // The box goes before all others, so it is known of first.
      await following.follow(() => followBox(wanted));
      manager.start();
      await following.follow(() => followAll(wanted, () => stopped));
    },

    idle: () => manager.idle() && following.idle(),

    async stop() {
      stopped = true;
      unsubscribe();
      manager.stop();
      await following.stop();
    },
  } satisfies Partial<Certificates>;
}
