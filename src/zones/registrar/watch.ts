import type { Clock, Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Reads } from '../store.ts';
import type { Finding } from './delegation.ts';
import type { RegistrarCheck, RegistrarReads } from './store.ts';

/** Milliseconds after the start before any parent is asked: a start has more urgent work. */
const FIRST = 600_000;
/** Zones that are looked at a time, and milliseconds from one such look to the next: no look is over all zones, however many there are. */
const SLICE = 50;
const REST = 10_000;
/** Milliseconds between two parents that are asked: registries limit those who ask much. */
const GAP = 1000;
/** Milliseconds for which an answer stands: of a zone that resolvers find here, of one that somebody is about to delegate. */
const FOUND = 43_200_000;
const AWAITED = 1_800_000;
/** As many parents in a row that cannot be asked are a network that is away; milliseconds until it may be back. */
const NETWORK = 3;
const OUTAGE = 600_000;

export interface WatchOptions {
  zones: Pick<Reads, 'activeZoneNames'>;
  checks: RegistrarReads;
  /** Whether resolvers find the zone here, by what its parent said. */
  leadsHere: (zone: Name, finding: Finding) => boolean;
  /** Asks the parent of a zone and keeps what it says; false when it could not be asked. */
  ask: (zone: Name, signal: AbortSignal) => Promise<boolean>;
  clock: Clock;
  log: Log;
}

export interface Watch {
  start(): void;
  /** Resolves when no parent is being asked. */
  stop(): Promise<void>;
}

/** Asks the parents of all zones in turn, slowly and without end: what lists show of them is never older than half a day or one turn. */
export function createWatch(options: WatchOptions): Watch {
  const { zones, checks, leadsHere, clock, log } = options;
  const stopped = new AbortController();
  const { signal } = stopped;
  /** When parents that could not be asked were tried, by `Name.key`: what was known of their zones stands. */
  const tried = new Map<string, number>();
  let failures = 0;
  let running: Promise<void> | undefined;

  let timer: Timer | undefined;
  let wake = (): void => undefined;

  function rest(delay: number): Promise<void> {
    if (signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      wake = resolve;
      timer = clock.after(delay, resolve);
    });
  }

  function isDue(zone: Name): boolean {
    const last = checks.last(zone);
    return !stands(tried.get(zone.key), AWAITED) && !stands(last?.checkedAt, last ? lasting(zone, last) : 0);
  }

  const lasting = (zone: Name, { finding }: RegistrarCheck): number =>
    leadsHere(zone, finding) ? FOUND : AWAITED;

  /** A clock that was put back makes nothing stand for longer. */
  function stands(at: number | undefined, lasts: number): boolean {
    const age = clock.now() - (at ?? -Infinity);
    return age >= 0 && age < lasts;
  }

  async function ask(zone: Name): Promise<void> {
    if (await options.ask(zone, signal)) {
      failures = 0;
      tried.delete(zone.key);
    } else {
      tried.set(zone.key, clock.now());
      failures++;
      if (failures % NETWORK === 0) await rest(OUTAGE);
    }
    await rest(GAP);
  }

  /** What goes wrong with one zone leaves the others alone. */
  async function visit(zone: Name): Promise<void> {
    try {
      if (isDue(zone)) await ask(zone);
    } catch (error) {
      log.error({ err: error, zone: zone.toText() }, 'the parent of a zone could not be asked');
      tried.set(zone.key, clock.now());
    }
  }

  /** Zones that are gone are forgotten with the others that may be tried again. */
  function forget(): void {
    for (const [zone, at] of tried) if (clock.now() - at >= AWAITED) tried.delete(zone);
  }

  /** @returns where the next slice begins; undefined: with the first zone */
  async function slice(after: Name | undefined): Promise<Name | undefined> {
    const names = zones.activeZoneNames({ after, limit: SLICE });
    for (const { name } of names) {
      if (signal.aborted) return undefined;
      await visit(name);
    }
    if (names.length === SLICE) return names.at(-1)!.name;
    forget();
    return undefined;
  }

  async function watch(): Promise<void> {
    await rest(FIRST);
    let after: Name | undefined;
    while (!signal.aborted) {
      try {
        after = await slice(after);
      } catch (error) {
        log.error({ err: error }, 'the zones whose parents are to be asked could not be read');
      }
      await rest(REST);
    }
  }

  return {
    start() {
      running ??= watch();
    },
    async stop() {
      stopped.abort();
      timer?.cancel();
      wake();
      await running;
    },
  };
}
