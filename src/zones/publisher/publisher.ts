import { eachAtOnce } from '../../core/at-once.ts';
import { type Clock, sleep } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneImage } from '../../dns/zone/image.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import type { Actor } from '../../work/actor.ts';
import type { Change, Participant, UnitOfWork, Why } from '../../work/unit-of-work.ts';
import { reportOwner } from '../derive/dmarc-reports.ts';
import { signalOwners } from '../derive/signal.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Box } from '../model.ts';
import { type Reads, type Transaction, type ZoneRow, zoneRows } from '../store.ts';
import { hostZone } from '../topology.ts';
import { isNew, type PublishedImage, type PublishZone, type Touched } from './publish-zone.ts';
import type { Published } from './published.ts';
import type { ImageChange, ServedImages } from './served-images.ts';

/** A change that every worker serves. */
export interface LiveChange {
  by: Actor['kind'];
  /** Versions of zones that came of it. */
  versions: number;
  /** These zones, and the list of zones when it is another one. */
  zones: readonly Name[];
  /** Signatures made for them. */
  signatures: number;
  /** Seconds from being asked for to being served, with the wait for changes before it. */
  seconds: number;
}

/** Where zones are served from. */
export interface DataPlane {
  /** Resolves when every worker serves exactly this. */
  apply(update: { set: readonly ZoneImage[]; remove: readonly Name[] }): Promise<void>;
}

/** What a change does to zones. What was touched is published at its end, each zone once. */
export interface ZoneChange {
  /** The change that zones take part in, with the rows of other parts. */
  readonly unit: Change;
  readonly tx: Transaction;
  readonly actor: Actor;
  /** @throws AppError not-configured while the box has no hostname. */
  box(): Box;
  touch(zone: Name, touched: Touched): void;
  /** The same for a zone that need not follow at once: where it cannot be published, the change happens without it, and it is tried again. */
  touchBeside(zone: Name, touched: Touched): void;
  /** The records in H's zone that allow reports about a mail domain. */
  touchReports(domain: Name): void;
  /** Begins to serve a zone, with the keys and serial that it may have had before. */
  activate(name: Name): void;
  /** Stops serving it; its keys and versions stay until it is purged, and its serial after that. */
  deactivate(zone: ZoneRow): void;
  audit: Change['audit'];
  event: Change['event'];
}

export interface Changed<T> {
  value: T;
  /** What is live of each zone touched, whether it needed a new version or not. */
  published: Published[];
}

/** Takes part in a change: derives, signs and stores at its end what was touched, and serves it once it is committed. */
export interface Publisher extends Participant<ZonePublication> {
  /** A change of zones: resolves when it is committed and served by every worker; rejects when nothing of it happened. */
  change<T>(why: Why, action: (change: ZoneChange) => Promise<T> | T): Promise<Changed<T>>;
  /** What a change would come to: all of it is done, up to its commit, looked at, and undone. Rejects as the change would. */
  trial<T>(
    why: Why,
    action: (change: ZoneChange) => Promise<unknown>,
    look: (change: ZoneChange) => Promise<T>,
  ): Promise<T>;
  /** The version of a zone that is served. */
  view(zone: Name): ZoneView | undefined;
}

/** A list of the zones that are served, for secondaries. */
export interface Members {
  /** Adds the next version of the list to what is served, when some of these zones came or went. @returns its name, if it is served already */
  publish(unit: Change, zones: readonly Name[], next: ImageChange): Promise<Name | undefined>;
}

/** The part of zones in one change. */
export interface ZonePublication {
  change: ZoneChange;
  /** Filled at the end of the change. */
  published: Published[];
}

export interface PublisherOptions {
  work: UnitOfWork;
  publishZone: PublishZone;
  keys: KeyRing;
  /** What is served at the start; then kept up to date by the publisher. */
  images: ServedImages;
  dataPlane: DataPlane;
  members?: Members;
  onLive?: (change: LiveChange) => void;
  /** A zone that was touched beside could not be published; `publish` tries it again. */
  onFailed?: (zone: Name, publish: () => Promise<unknown>, error: unknown) => void;
  clock: Clock;
  log: Log;
}

const system: Actor = { kind: 'system', id: 'publisher', name: 'publisher', address: undefined };

/** Milliseconds before the data plane is asked again to take what is committed. */
const APPLY_RETRY = 200;

/** Ends the transaction of a trial, which so is that of the change until its last step. */
class Undone extends Error {}

export function createPublisher(options: PublisherOptions): Publisher {
  const { work, dataPlane, clock, log, images } = options;

  /** Once committed, a change is served: the data plane is asked until it says so. */
  async function serve(names: readonly Name[]): Promise<void> {
    for (;;) {
      // The newest images each time: a later change may have overtaken this one.
      const set = names.flatMap((name) => images.zones.get(name) ?? []);
      const remove = names.filter((name) => !images.zones.get(name));
      try {
        await dataPlane.apply({ set, remove });
        return;
      } catch (error) {
        log.error({ err: error }, 'the data plane did not take a change; trying again');
        await sleep(clock, APPLY_RETRY);
      }
    }
  }

  const goLive = async (flushed: Flushed, unit: Change): Promise<void> => {
    const names = [...flushed.images.map(({ name }) => name), ...flushed.removed];
    if (names.length === 0) return;
    await serve(names);
    options.onLive?.(liveChange(unit.actor, flushed, (clock.monotonic() - unit.askedAt) / 1000));
  };

  const onFailed = (zone: Name, error: unknown): void => {
    const publish = (): Promise<unknown> =>
      publisher.change({ actor: system, cause: 'what it lacked published' }, (change) =>
        change.touch(zone, { owners: 'all' }),
      );
    options.onFailed?.(zone, publish, error);
  };

  const publisher: Publisher = {
    join(unit) {
      const draft = openDraft(unit, options);
      const next = images.change();
      const published: Published[] = [];
      unit.onRollback(() => next.discard());
      unit.beforeCommit(async () => {
        const flushed = await flush(draft, { publishZone: options.publishZone, onFailed }, next);
        published.push(...flushed.published);
        if (draft.signals.length > 0)
          flushed.members = await options.members?.publish(unit, draft.signals, next);
        for (const { name, serial } of flushed.images)
          unit.event('zone.published', { zone: name.toText(), serial, cause: unit.cause });
        unit.afterCommit(() => {
          next.commit(flushed.removed);
          return goLive(flushed, unit);
        });
      });
      return { change: draft.change, published };
    },

    async change(why, action) {
      return work.change(why, async (unit) => {
        const { change, published } = unit.join(publisher);
        // `published` is filled at the end of the change, before the caller has it.
        return { value: await action(change), published };
      });
    },

    async trial(why, action, look) {
      let found: { seen: Awaited<ReturnType<typeof look>> } | undefined;
      try {
        await publisher.change(why, async (change) => {
          await action(change);
          // The publisher's own step comes before: it was asked for when this joined.
          change.unit.beforeCommit(async () => {
            found = { seen: await look(change) };
            throw new Undone();
          });
        });
      } catch (error) {
        if (!(error instanceof Undone)) throw error;
      }
      return found!.seen;
    },

    view: (zone) => images.view(zone),
  };
  return publisher;
}

/** All that was touched of one zone; each owner once, as a batch may touch one thousands of times. */
interface TouchedZone {
  name: Name;
  all: boolean;
  owners: Map<string, Name>;
  renew: Touched['renew'];
  anew: boolean;
  generation: Touched['generation'];
  /** Whether the change can do without it. */
  beside: boolean;
}

interface Draft {
  change: ZoneChange;
  touched: Map<string, TouchedZone>;
  /** Zones that came or went, which H's zone may vouch for. */
  signals: Name[];
  reports: Name[];
  removed: Map<string, Name>;
}

function openDraft(unit: Change, { keys, clock }: PublisherOptions): Draft {
  const tx = unit.rows(zoneRows);
  const touched: Draft['touched'] = new Map();
  const removed: Draft['removed'] = new Map();
  const signals: Name[] = [];
  const reports: Name[] = [];
  const note = (name: Name, { owners, renew, anew, generation }: Touched, beside: boolean): void => {
    let zone = touched.get(name.key);
    if (!zone) {
      zone = { name, all: false, owners: new Map(), renew: undefined, anew: false, generation, beside };
      touched.set(name.key, zone);
    }
    if (!beside) zone.beside = false;
    if (anew) zone.anew = true;
    zone.generation ??= generation;
    if (owners === 'all') zone.all = true;
    else for (const owner of owners) zone.owners.set(owner.key, owner);
    if (zone.renew !== 'everything') zone.renew = renew ?? zone.renew;
  };
  const touch: ZoneChange['touch'] = (name, what) => note(name, what, false);
  const change: ZoneChange = {
    unit,
    tx,
    actor: unit.actor,
    box: () => configuredBox(tx),
    touch,
    touchBeside: (name, what) => note(name, what, true),
    touchReports: (domain) => void reports.push(domain),
    activate(name) {
      const zone = tx.zone(name) ?? tx.insertZone({ name, ttl: undefined, denial: 'nsec' });
      keys.ensure(unit, zone, toRfc3339(clock.now()));
      tx.updateZone(zone.id, { active: true, removedAt: undefined });
      removed.delete(name.key);
      signals.push(name);
      // The signatures of a zone that was away may have expired.
      touch(name, { owners: 'all', renew: 'everything' });
    },
    deactivate({ id, name }) {
      tx.updateZone(id, { active: false, removedAt: toRfc3339(clock.now()) });
      removed.set(name.key, name);
      signals.push(name);
    },
    audit: unit.audit,
    event: unit.event,
  };
  return { change, touched, signals, reports, removed };
}

/** @throws AppError not-configured */
export function configuredBox(reads: Pick<Reads, 'box'>): Box {
  const box = reads.box();
  if (!box)
    throw new AppError('not-configured', 'The box has no hostname yet: set it first with PUT /api/v1/box.');
  return box;
}

interface FlushOptions extends Pick<PublisherOptions, 'publishZone'> {
  onFailed: (zone: Name, error: unknown) => void;
}

interface Flushed {
  images: (PublishedImage & { name: Name })[];
  removed: Name[];
  published: Published[];
  /** The list of zones, when it has a new version. */
  members?: Name | undefined;
}

function liveChange({ kind }: Actor, { images, members }: Flushed, seconds: number): LiveChange {
  const signatures = images.reduce((sum, image) => sum + image.signatures, 0);
  // Who learns of a new zone asks for it at once, so the list is told last.
  const zones = [...images.map(({ name }) => name), ...(members ? [members] : [])];
  return { by: kind, versions: images.length, zones, signatures, seconds };
}

/** Zones of a change that are published beside each other: while some of them are signed in threads, others are derived. */
const AT_ONCE = 16;

/** Publishes all that was touched, inside the transaction. */
async function flush(
  draft: Draft,
  { publishZone, onFailed }: FlushOptions,
  next: ImageChange,
): Promise<Flushed> {
  const { tx, unit } = draft.change;
  touchHostZone(draft);
  const flushed: Flushed = { images: [], removed: [...draft.removed.values()], published: [] };
  const publish = async (touchedZone: TouchedZone): Promise<void> => {
    const { name, all, owners, renew, anew, generation, beside } = touchedZone;
    const zone = tx.zone(name);
    if (!zone?.active) return;
    const touched = { owners: all ? ('all' as const) : [...owners.values()], renew, anew, generation };
    const make = async (): Promise<PublishedImage | undefined> =>
      // A zone that comes back goes on from its last version; one that cannot be read begins anew.
      publishZone(tx, zone, isNew(zone) ? undefined : await next.before(tx, zone), touched, unit);
    const outcome = beside ? await unit.apart(make) : { ok: true as const, value: await make() };
    if (!outcome.ok) {
      // So it is known of after a crash, too.
      tx.updateZone(zone.id, { generation: Math.min(zone.generation, tx.generation() - 1) });
      unit.afterCommit(() => onFailed(zone.name, outcome.error));
      return;
    }
    const result = outcome.value;
    if (result) {
      next.add(result.draft);
      flushed.images.push({ ...result, name: zone.name });
    }
    flushed.published.push({ zone: zone.name, serial: result?.serial ?? zone.serial! });
  };
  const zones = [...draft.touched.values()];
  await eachAtOnce(
    zones.filter(({ beside }) => !beside),
    AT_ONCE,
    publish,
  );
  // What one of these leaves undone is taken back without it: nothing else may be written meanwhile.
  for (const zone of zones.filter(({ beside }) => beside)) await publish(zone);
  return flushed;
}

/** Which zone is H's is known only at the end of a change. */
function touchHostZone({ change, signals, reports }: Draft): void {
  if (signals.length === 0 && reports.length === 0) return;
  const box = change.box();
  const holder = hostZone(change.tx, box);
  const owners = [
    ...reports.flatMap((domain) => reportOwner(box, domain) ?? []),
    ...signals.flatMap((zone) => signalOwners(box, holder, zone)),
  ];
  if (owners.length > 0) change.touchBeside(holder, { owners });
}
