import { type Clock, type Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import { inSlices } from '../../core/slices.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { EventHub } from '../../work/events.ts';
import type { ZoneFaults } from '../faults.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Store } from '../store.ts';
import { inspectZone, isWhole } from './inspect.ts';
import type { Rebuilt, ZoneRebuild } from './service.ts';

const HOUR = 3_600_000;
/** Milliseconds in which all zones are read once. */
const PERIOD = 7 * 24 * HOUR;
/** Milliseconds after which the first is read: a start has enough to do. */
const DELAY = 60_000;
/** Milliseconds before a damaged zone is looked at again: somebody may have put it right. */
const AGAIN = HOUR;

/** A zone whose rows are damaged, and cannot be mended from what else there is. It is served as before, for as long as that is possible. */
export interface DamagedZone {
  zone: Name;
  /** What is damaged and what to do, a sentence. */
  reason: string;
  /** RFC 3339. */
  since: string;
}

/** Reads what is stored of all zones, a few at a time, so that damage is found while it can be mended. */
export interface Scrub extends ZoneRebuild {
  damaged(): DamagedZone[];
  /** Looks at one zone now, and mends what can be mended. */
  check(zone: Name): Promise<void>;
  /** The same of several, one after the other. */
  checkAll(zones: readonly Name[]): Promise<void>;
  start(): void;
  /** Resolves when nothing is being read. */
  stop(): Promise<void>;
}

export interface ScrubOptions {
  store: Store;
  rebuild: ZoneRebuild['rebuild'];
  keys: KeyRing;
  faults: Pick<ZoneFaults, 'clear'>;
  events: Pick<EventHub, 'publish'>;
  clock: Clock;
  log: Log;
}

const actor: Actor = { kind: 'system', id: 'repair', name: 'repair', address: undefined };

export function createScrub(options: ScrubOptions): Scrub {
  const { store, faults, events, clock, log } = options;
  const damaged = new Map<string, DamagedZone & { checkedAt: number }>();
  let after: Name | undefined;
  let timer: Timer | undefined;
  let running = Promise.resolve();
  let stopped = false;

  /** Whoever asks for it, a zone that was made anew is out of trouble. */
  const rebuild: ZoneRebuild['rebuild'] = async (by, zone, cause) => {
    const done = await options.rebuild(by, zone, cause);
    settle(zone);
    faults.clear(zone);
    return done;
  };

  function settle(zone: Name): void {
    if (damaged.delete(zone.key)) events.publish('zone.mended', { zone: zone.toText() });
  }

  function note(zone: Name, error: unknown): void {
    const reason = error instanceof Error ? error.message : String(error);
    const known = damaged.get(zone.key);
    const since = known?.since ?? toRfc3339(clock.now());
    damaged.set(zone.key, { zone, reason, since, checkedAt: clock.now() });
    if (known) return;
    log.error({ zone: zone.toText(), err: error }, 'what is stored of a zone is damaged');
    events.publish('zone.damaged', { zone: zone.toText(), reason });
  }

  async function check(name: Name): Promise<void> {
    try {
      const zone = store.read.zone(name);
      const box = store.read.box();
      if (!zone?.active || !box) {
        settle(name);
        return;
      }
      const damage = await inSlices(inspectZone(store.read, options.keys, box, zone), clock);
      if (isWhole(damage)) {
        settle(name);
        return;
      }
      const done = await rebuild(actor, name, 'what was stored of it was damaged');
      log.warn(toldOf(done), 'what was stored of a zone was damaged; it was made anew');
    } catch (error) {
      note(name, error);
    }
  }

  /** The next of all. */
  function next(): Name | undefined {
    const [zone] = store.read.activeZoneNames({ after, limit: 1 });
    after = zone?.name;
    return zone?.name;
  }

  /** One in trouble that has rested: the longest. */
  function rested(): Name | undefined {
    const [first] = [...damaged.values()].sort((a, b) => a.checkedAt - b.checkedAt);
    return first && first.checkedAt + AGAIN <= clock.now() ? first.zone : undefined;
  }

  function schedule(delay: number): void {
    if (stopped) return;
    timer = clock.after(delay, () => {
      running = running
        .then(tick)
        .catch((error: unknown) => log.error({ err: error }, 'zones could not be checked'));
      void running.then(() => schedule(Math.min(PERIOD / Math.max(store.read.activeZoneCount(), 1), HOUR)));
    });
  }

  async function tick(): Promise<void> {
    for (const zone of [next(), rested()]) if (zone && !stopped) await check(zone);
  }

  return {
    rebuild,
    check,
    checkAll(zones) {
      running = running.then(async () => {
        for (const zone of zones) if (!stopped) await check(zone);
      });
      return running;
    },
    damaged: () => [...damaged.values()].map(({ zone, reason, since }) => ({ zone, reason, since })),
    start: () => schedule(DELAY),
    async stop() {
      stopped = true;
      timer?.cancel();
      await running;
    },
  };
}

function toldOf({ zone, mended, lost }: Rebuilt): Record<string, unknown> {
  return { zone: zone.toText(), mended, lost };
}
