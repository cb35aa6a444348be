import { sleep, type Clock } from '../../core/clock.ts';
import { AppError } from '../../core/errors.ts';
import type { Log } from '../../core/log.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import type { ZoneImage } from '../../dns/zone/image.ts';
import type { EventHub } from '../access/events.ts';
import { toRfc3339 } from '../access/time.ts';
import { hostZone } from '../domains/topology.ts';
import { signalOwners } from '../derive/signal.ts';
import { reportOwner } from '../derive/dmarc-reports.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Box } from '../model.ts';
import type { Actor, Published, SignpostEvent } from '../services.ts';
import type { Reads, Store, Transaction, ZoneRow } from '../store.ts';
import type { ImageChange, ServedImages } from './served-images.ts';
import type { PublishedImage, PublishZone, Touched } from './publish-zone.ts';

/** A change that every worker serves. */
export interface LiveChange {
  by: Actor['kind'];
  /** Versions of zones that came of it. */
  versions: number;
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

/** A change under way, inside its transaction. What was touched is published at its end, each zone once. */
export interface Change {
  readonly tx: Transaction;
  readonly actor: Actor;
  /** @throws AppError not-configured while the box has no hostname. */
  box(): Box;
  touch(zone: Name, touched: Touched): void;
  /** The records in H's zone that allow reports about a mail domain. */
  touchReports(domain: Name): void;
  /** Begins to serve a zone, with the keys and serial that it may have had before. */
  activate(name: Name): void;
  /** Stops serving it; its keys, serial and versions stay. */
  deactivate(zone: ZoneRow): void;
  audit(action: string, target: string, detail: Record<string, unknown>): void;
  /** Told when the change is live. */
  event(type: SignpostEvent['type'], data: Record<string, unknown>): void;
}

export interface Changed<T> {
  value: T;
  /** What is live of each zone touched, whether it needed a new version or not. */
  published: Published[];
}

export interface Publisher {
  /**
   * The only way in which zones change: one transaction, at whose end all that was touched is derived, signed and stored. Resolves when
   * it is committed and served by every worker; rejects when nothing of it happened.
   */
  change<T>(
    why: { actor: Actor; cause: string },
    action: (change: Change) => Promise<T> | T,
  ): Promise<Changed<T>>;
  /** The version of a zone that is served. */
  view(zone: Name): ZoneView | undefined;
}

export interface PublisherOptions {
  store: Store;
  publishZone: PublishZone;
  keys: KeyRing;
  /** What is served at the start; then kept up to date by the publisher. */
  images: ServedImages;
  dataPlane: DataPlane;
  events: Pick<EventHub, 'publish'>;
  onLive?: (change: LiveChange) => void;
  clock: Clock;
  log: Log;
}

/** Milliseconds before the data plane is asked again to take what is committed. */
const APPLY_RETRY = 200;

export function createPublisher(options: PublisherOptions): Publisher {
  const { store, dataPlane, events, clock, log, images } = options;

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

  return {
    async change(why, action) {
      const began = clock.monotonic();
      let served = Promise.resolve();
      const next = images.change();
      const { value, flushed, told } = await store
        .write(
          async (tx) => {
            const draft = openChange(tx, why.actor, options);
            const value = await action(draft.change);
            const flushed = await flush(tx, draft, why, options, next);
            return { value, flushed, told: draft.events };
          },
          ({ flushed }) => {
            next.commit(flushed.removed);
            const names = [...flushed.images.map(({ name }) => name), ...flushed.removed];
            if (names.length > 0) served = serve(names);
          },
        )
        .finally(() => next.discard());
      await served;
      if (flushed.images.length + flushed.removed.length > 0)
        options.onLive?.(liveChange(why.actor, flushed, (clock.monotonic() - began) / 1000));
      for (const { name, serial } of flushed.images)
        events.publish('zone.published', { zone: name.toText(), serial, cause: why.cause });
      for (const { type, data } of told) events.publish(type, data);
      return { value, published: flushed.published };
    },

    view: (zone) => images.view(zone),
  };
}

/** All that was touched of one zone; each owner once, as a batch may touch one thousands of times. */
interface TouchedZone {
  name: Name;
  all: boolean;
  owners: Map<string, Name>;
  renew: Touched['renew'];
}

interface Draft {
  change: Change;
  touched: Map<string, TouchedZone>;
  /** Zones that came or went, which H's zone may vouch for. */
  signals: Name[];
  reports: Name[];
  removed: Map<string, Name>;
  events: { type: SignpostEvent['type']; data: Record<string, unknown> }[];
}

function openChange(tx: Transaction, actor: Actor, { keys, clock }: PublisherOptions): Draft {
  const touched: Draft['touched'] = new Map();
  const removed: Draft['removed'] = new Map();
  const signals: Name[] = [];
  const reports: Name[] = [];
  const told: Draft['events'] = [];
  const now = (): string => toRfc3339(clock.now());
  const touch: Change['touch'] = (name, { owners, renew }) => {
    let zone = touched.get(name.key);
    if (!zone) touched.set(name.key, (zone = { name, all: false, owners: new Map(), renew: undefined }));
    if (owners === 'all') zone.all = true;
    else for (const owner of owners) zone.owners.set(owner.key, owner);
    if (zone.renew !== 'everything') zone.renew = renew ?? zone.renew;
  };
  const change: Change = {
    tx,
    actor,
    box: () => configuredBox(tx),
    touch,
    touchReports: (domain) => void reports.push(domain),
    activate(name) {
      const zone = tx.zone(name) ?? tx.insertZone({ name, ttl: undefined, denial: 'nsec' });
      keys.ensure(tx, zone, now());
      tx.updateZone(zone.id, { active: true });
      removed.delete(name.key);
      signals.push(name);
      // The signatures of a zone that was away may have expired.
      touch(name, { owners: 'all', renew: 'everything' });
    },
    deactivate({ id, name }) {
      tx.updateZone(id, { active: false, dirty: false });
      removed.set(name.key, name);
      signals.push(name);
    },
    audit: (action, target, detail) => tx.appendAudit({ actor, action, target, detail }, now()),
    event: (type, data) => void told.push({ type, data }),
  };
  return { change, touched, signals, reports, removed, events: told };
}

/** @throws AppError not-configured */
export function configuredBox(reads: Pick<Reads, 'box'>): Box {
  const box = reads.box();
  if (!box)
    throw new AppError('not-configured', 'The box has no hostname yet: set it first with PUT /api/v1/box.');
  return box;
}

interface Flushed {
  images: (PublishedImage & { name: Name })[];
  removed: Name[];
  published: Published[];
}

function liveChange({ kind }: Actor, { images }: Flushed, seconds: number): LiveChange {
  const signatures = images.reduce((sum, image) => sum + image.signatures, 0);
  return { by: kind, versions: images.length, signatures, seconds };
}

/** Publishes all that was touched, inside the transaction. */
async function flush(
  tx: Transaction,
  draft: Draft,
  why: { actor: Actor; cause: string },
  { publishZone }: PublisherOptions,
  next: ImageChange,
): Promise<Flushed> {
  touchHostZone(tx, draft);
  const flushed: Flushed = { images: [], removed: [...draft.removed.values()], published: [] };
  for (const { name, all, owners, renew } of draft.touched.values()) {
    const zone = tx.zone(name);
    if (!zone?.active) continue;
    // A zone that comes back goes on from its last version; one that cannot be read begins anew.
    const before = await next.before(tx, zone);
    const touched = { owners: all ? ('all' as const) : [...owners.values()], renew };
    const result = await publishZone(tx, zone, before, touched, why);
    if (result) {
      next.add(result.draft);
      flushed.images.push({ ...result, name: zone.name });
    }
    flushed.published.push({ zone: zone.name, serial: result?.serial ?? zone.serial! });
  }
  return flushed;
}

/** Which zone is H's is known only at the end of a change. */
function touchHostZone(tx: Transaction, { change, signals, reports }: Draft): void {
  if (signals.length === 0 && reports.length === 0) return;
  const box = configuredBox(tx);
  const holder = hostZone(tx, box);
  const owners = [
    ...reports.flatMap((domain) => reportOwner(box, domain) ?? []),
    ...signals.flatMap((zone) => signalOwners(box, holder, zone)),
  ];
  if (owners.length > 0) change.touch(holder, { owners });
}
