import { X509Certificate } from 'node:crypto';
import type { Clock, Timer } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { Random } from '../core/random.ts';
import type { Sealer } from '../core/seal.ts';
import { Name } from '../dns/wire/name.ts';
import type { Actor } from '../work/actor.ts';
import type { EventFeed, SignpostEvent } from '../work/events.ts';
import { publishDirty } from '../zones/box/service.ts';
import type { Publisher } from '../zones/publisher/publisher.ts';
import type { Store } from '../zones/store.ts';
import { createAccount } from './acme/account.ts';
import { attemptOrder } from './acme/attempt.ts';
import { accountFacts } from './acme/caa-identity.ts';
import { AcmeError, problemSentence } from './acme/problem.ts';
import type { AcmeClient } from './acme/protocol.ts';
import { createAdoption, system } from './adopt.ts';
import { closeOpenAttempts } from './attempts.ts';
import { createChallenges } from './challenges/records.ts';
import type { WaitForSecondaries } from './challenges/secondaries.ts';
import type { Facts } from './facts.ts';
import { type CertificateFigures, createAttemptTally, createLimitFigures, takeFigures } from './figures.ts';
import type { InstalledCertificates } from './installed/store.ts';
import type { AcmeSettings, CertificateService, CertificateView, KeyAlgorithm } from './model.ts';
import { installOwn, requestOwn } from './own.ts';
import { requestedNames } from './requested-names.ts';
import { createRows } from './rows.ts';
import { ranks } from './schedule/desired.ts';
import { createManager } from './schedule/manager.ts';
import { followDomains, followWanted, newRow } from './schedule/wanted.ts';
import type { CertificateRow, CertsStore } from './store.ts';
import { viewOf } from './view.ts';

/** Milliseconds: domains added one after the other are looked at together, out of the way of the next one. */
const GATHER = 250;
/** Attempts that a view shows. */
const SHOWN = 20;

export interface CertificateOptions {
  store: CertsStore;
  zones: Store;
  publisher: Publisher;
  facts: Facts;
  sealer: Sealer;
  installed: Pick<InstalledCertificates, 'put' | 'remove' | 'announce' | 'forName'>;
  secondaries: WaitForSecondaries;
  settings: AcmeSettings;
  /** Speaks with the CA of the settings; undefined when there is none. */
  client: AcmeClient | undefined;
  events: EventFeed & { publish(type: SignpostEvent['type'], data: Record<string, unknown>): void };
  clock: Clock;
  random: Random;
  log: Log;
}

export interface Certificates extends CertificateService {
  /** Shows what is there to consumers, removes what a crash left in zones, and begins to work. */
  start(): Promise<void>;
  /** For good, also while it starts. Resolves when no zone or row is looked at any more. */
  stop(): Promise<void>;
  /** Whether nothing is under way. */
  idle(): boolean;
  /** What there is, in numbers. */
  figures(): CertificateFigures;
}

export function createCertificates(options: CertificateOptions): Certificates {
  const { store, zones, publisher, facts, client, settings, clock, random, log, events } = options;
  const { directory } = settings;
  const publishEvent = events.publish.bind(events);
  // Zones are published before `start`: what they say of certificates must be known by then.
  for (const row of store.read.all()) facts.setRow(row.id, row);
  facts.setAccount(accountFacts(store.read, directory));
  const orders = client !== undefined;
  const rows = createRows({ ...options, orders });
  const adoption = createAdoption({ ...options, rows, reads: zones.read, publishEvent });
  // Nor may a server begin with a self-signed certificate where there is a better one.
  for (const row of store.read.all()) adoption.show(row);
  const challenges = createChallenges(options);
  const tally = createAttemptTally();
  const limits = createLimitFigures(store.read, clock);
  const account =
    client && directory !== undefined
      ? createAccount({ ...options, client, settings: { ...settings, directory }, onRegistered: nameAccount })
      : undefined;
  const manager = createManager({
    ...options,
    rows,
    adoption,
    async attempt(id) {
      if (!client || !account || directory === undefined) return;
      await attemptOrder(
        {
          ...options,
          client,
          account,
          rows,
          adoption,
          challenges,
          publishEvent,
          tally,
          settings: { ...settings, directory },
          stopping: () => manager.stopping(),
        },
        id,
      );
    },
  });
  let following = Promise.resolve();
  let looking = 0;
  let gathering: Timer | undefined;
  let followsAll = false;
  const touched = new Map<string, Name>();
  let unsubscribe = (): void => undefined;
  let stopped = false;

  /** RFC 8657: from now on only this CA and this account give certificates; before the first order of a new one. */
  async function nameAccount(): Promise<void> {
    facts.setAccount(accountFacts(store.read, directory));
    await zones.write((tx) => tx.markAllDirty());
    await publishDirty({ store: zones, publisher }, system);
    await store.write((tx) => tx.nameAccount(directory));
  }

  /** Without a name, all are looked at. */
  function follow(domain?: Name): void {
    if (domain) touched.set(domain.key, domain);
    else followsAll = true;
    gathering ??= clock.after(GATHER, lookAtTouched);
  }

  /** Once for however many domains were added at a time. */
  function lookAtTouched(): void {
    gathering = undefined;
    const names = [...touched.values()];
    const all = followsAll;
    touched.clear();
    followsAll = false;
    looking++;
    following = following
      .then(async () => {
        const wanted = { ...options, reads: zones.read, orders };
        await (all ? followWanted(wanted) : followDomains(wanted, names));
        manager.kick();
      })
      .catch((error: unknown) =>
        log.error({ err: error }, 'the list of wanted certificates could not be made'),
      )
      .finally(() => looking--);
  }

  function view(row: CertificateRow): CertificateView {
    const attempts = store.read.attempts(row.id, SHOWN);
    const shown = orders ? row : { ...row, schedule: undefined };
    return viewOf(shown, attempts, { now: clock.now(), busy: manager.busy(row.id) });
  }

  const found = (id: string): CertificateRow => {
    const row = store.read.certificate(id);
    if (!row) throw new AppError('not-found', `There is no certificate ${id}.`);
    return row;
  };

  function needCa(): AcmeClient {
    if (client) return client;
    throw new AppError('invalid-request', 'No CA is set; start the box with --acme-directory URL.');
  }

  const audit = (actor: Actor, action: string, row: CertificateRow, detail: Record<string, unknown> = {}) =>
    zones.write((tx) =>
      tx.appendAudit(
        { actor, action, target: row.names[0]!, detail: { names: [...row.names], ...detail } },
        new Date(clock.now()).toISOString(),
      ),
    );

  async function orderNow(actor: Actor, row: CertificateRow, action: string): Promise<CertificateView> {
    needCa();
    await audit(actor, action, row);
    if (!manager.busy(row.id) && row.pending?.kind !== 'issued') {
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

  const own = { ...options, reads: zones.read, rows, adoption, busy: (id: string) => manager.busy(id) };

  return {
    list({ limit, cursor }) {
      const page = store.read.certificates(cursor, limit + 1);
      const items = page.slice(0, limit);
      return { items: items.map(view), next: page.length > limit ? items.at(-1)!.id : undefined };
    },

    get(id) {
      const row = store.read.certificate(id);
      return row && view(row);
    },

    async issue(actor, asked, keyAlgorithm) {
      needCa();
      const names = requestedNames(zones.read, asked);
      const existing = store.read.withNames(names);
      if (existing) {
        if (keyAlgorithm !== undefined && keyAlgorithm !== existing.keyAlgorithm)
          await takeKeyAlgorithm(existing.id, keyAlgorithm);
        else if (existing.current && existing.current.notAfter > clock.now()) return view(existing);
        return orderNow(actor, rows.get(existing.id), 'certificate.issue');
      }
      const purpose = { kind: 'requested' as const };
      const what = { names, purpose, rank: ranks.requested, keyAlgorithm: keyAlgorithm ?? 'ecdsa-p256' };
      const row = newRow(what, { clock, random, orders });
      await store.write((tx) => tx.put(row));
      return orderNow(actor, row, 'certificate.issue');
    },

    renew: (actor, id) => orderNow(actor, found(id), 'certificate.renew'),

    async revoke(actor, id, reason) {
      const row = found(id);
      const { current } = row;
      if (current?.kind !== 'acme')
        throw new AppError(
          'invalid-request',
          'Only a certificate that the box got from a CA can be revoked here.',
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
      const names = requestedNames(zones.read, asked);
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

    settings: () => ({ ...settings, ...accountFacts(store.read, directory) }),

    async rollAccountKey(actor) {
      needCa();
      await asked(() => account!.rollKey());
      const at = new Date(clock.now()).toISOString();
      const entry = { actor, action: 'acme.roll-key', target: directory!, detail: {} };
      await zones.write((tx) => tx.appendAudit(entry, at));
    },

    async start() {
      for (const row of store.read.all()) await closeOpenAttempts({ ...options, publishEvent }, row.id);
      await challenges.sweep(new Set());
      // Where no CA is set any more, zones must not keep all others out.
      if (directory === undefined && store.read.namesAccount()) await nameAccount();
      if (stopped) return;
      unsubscribe = events.subscribe(undefined, ({ type, data }) => {
        if (type === 'box.changed') follow();
        else if (type.startsWith('domain.')) follow(Name.parse(String(data['domain'])));
      });
      manager.start();
      followsAll = true;
      lookAtTouched();
      await following;
    },

    figures: () =>
      takeFigures({
        rows: facts.rows(),
        busy: (id) => manager.busy(id),
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
