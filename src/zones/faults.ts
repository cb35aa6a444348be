import type { Clock, Timer } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import type { Name } from '../dns/wire/name.ts';
import type { EventHub } from '../work/events.ts';

/** Milliseconds of rest after a zone failed, doubled each time up to the longest. */
const FIRST_REST = 60_000;
const LONGEST_REST = 3_600_000;

/** A zone that cannot be published: its last good version is served on. */
export interface ZoneFault {
  zone: Name;
  /** What went wrong, for whoever mends it. */
  reason: string;
  /** Failures in a row. */
  failures: number;
  /** RFC 3339. */
  since: string;
  /** When it is tried again; milliseconds since the epoch. */
  retryAt: number;
}

/** Zones whose publication failed: each keeps its trouble to itself, is named, and is tried again with back-off. */
export interface ZoneFaults {
  /** Publishes a zone; what goes wrong is noted and logged. Whether it went well. */
  guard(zone: Name, publish: () => Promise<unknown>): Promise<boolean>;
  /** The zone could not be published for this error, which is noted and logged; `publish` is tried again. */
  failed(zone: Name, publish: () => Promise<unknown>, error: unknown): void;
  /** Whether the zone failed, and is seen to here. */
  has(zone: Name): boolean;
  list(): ZoneFault[];
  /** The zone was published otherwise: it is in no trouble any more. */
  clear(zone: Name): void;
  /** Tries no more. Resolves when nothing is being published. */
  stop(): Promise<void>;
}

interface Known extends ZoneFault {
  publish: () => Promise<unknown>;
}

export interface ZoneFaultOptions {
  events: Pick<EventHub, 'publish'>;
  clock: Clock;
  log: Log;
}

export function createZoneFaults({ events, clock, log }: ZoneFaultOptions): ZoneFaults {
  const faults = new Map<string, Known>();
  let timer: Timer | undefined;
  let wakesAt = Infinity;
  let running = Promise.resolve();
  let stopped = false;

  function failed(zone: Name, publish: Known['publish'], error: unknown): void {
    if (stopped) return;
    const before = faults.get(zone.key);
    const failures = (before?.failures ?? 0) + 1;
    const rest = Math.min(FIRST_REST * 2 ** (failures - 1), LONGEST_REST);
    const reason = error instanceof Error ? error.message : String(error);
    const since = before?.since ?? toRfc3339(clock.now());
    faults.set(zone.key, { zone, publish, reason, failures, since, retryAt: clock.now() + rest });
    log.error(
      { zone: zone.toText(), err: error, rest },
      'a zone cannot be published; its last version is served on, and it is tried again',
    );
    if (!before) events.publish('zone.failed', { zone: zone.toText(), reason });
    // Thousands may fail one after the other: none looks at all the others.
    if (clock.now() + rest < wakesAt) wakeAt(clock.now() + rest);
  }

  function wakeAt(time: number): void {
    timer?.cancel();
    wakesAt = time;
    if (stopped || time === Infinity) return;
    timer = clock.after(Math.max(time - clock.now(), 0), () => void (running = retry()));
  }

  async function retry(): Promise<void> {
    for (const { zone, publish, retryAt } of [...faults.values()])
      if (retryAt <= clock.now() && !stopped) await guard(zone, publish);
    let next = Infinity;
    for (const { retryAt } of faults.values()) next = Math.min(next, retryAt);
    wakeAt(next);
  }

  async function guard(zone: Name, publish: Known['publish']): Promise<boolean> {
    try {
      await publish();
      clear(zone);
      return true;
    } catch (error) {
      failed(zone, publish, error);
      return false;
    }
  }

  function clear(zone: Name): void {
    if (faults.delete(zone.key)) events.publish('zone.mended', { zone: zone.toText() });
  }

  return {
    guard,
    failed,
    clear,
    has: ({ key }) => faults.has(key),
    list: () => [...faults.values()].map(({ publish: _publish, ...fault }) => fault),
    async stop() {
      stopped = true;
      timer?.cancel();
      await running;
    },
  };
}
