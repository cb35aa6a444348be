import type { Clock, Timer } from '../../core/clock.ts';
import type { Log } from '../../core/log.ts';
import { toRfc3339 } from '../../core/rfc3339.ts';
import type { Iterator } from '../../dns/client/resolve.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Actor } from '../../work/actor.ts';
import type { EventHub } from '../../work/events.ts';
import type { UnitOfWork } from '../../work/unit-of-work.ts';
import type { FormerHostname } from '../model.ts';
import type { Publisher, ZoneChange } from '../publisher/publisher.ts';
import { zoneRows } from '../store.ts';
import { retireHostname } from './retire.ts';
import { sweep } from './sweep.ts';
import type { Tally } from './tally.ts';

/** Milliseconds from the end of one look at all parents to the next. */
const INTERVAL = 600_000;

/** A hostname of before that still answers, and what is awaited. */
export interface FormerHostnameView {
  hostname: Name;
  /** RFC 3339. */
  since: string;
  /** How the parents stood when all had been asked last; undefined: they are being asked for the first time since the start. */
  parents: ParentsView | undefined;
  /** RFC 3339: when caches have forgotten it and it goes; undefined while parents name it or are not known. */
  until: string | undefined;
}

export interface ParentsView extends Pick<Tally, 'zones' | 'leading' | 'some' | 'unknown'> {
  /** RFC 3339. */
  askedAt: string;
}

/** Hostnames of before: they go when all parents have been seen without them, and caches have forgotten them. */
export interface FormerHostnames {
  list(): FormerHostnameView[];
  /** Ends one at once, on purpose. @throws AppError not-found */
  retire(actor: Actor, hostname: Name): Promise<void>;
  start(): void;
  /** Resolves when no parent is being asked. */
  stop(): Promise<void>;
}

export interface FormerHostnamesOptions {
  work: UnitOfWork;
  publisher: Pick<Publisher, 'change'>;
  iterator: Iterator;
  events: Pick<EventHub, 'subscribe'>;
  clock: Clock;
  log: Log;
}

const system: Actor = { kind: 'system', id: 'hostname', name: 'former hostnames', address: undefined };

export function createFormerHostnames(options: FormerHostnamesOptions): FormerHostnames {
  const { work, publisher, events, clock, log } = options;
  const reads = work.committed.rows(zoneRows);
  const seen = new Map<string, ParentsView>();
  let timer: Timer | undefined;
  let running: Promise<void> | undefined;
  let again = false;
  let stopped = false;
  let unsubscribe = (): void => undefined;

  /** Asks all parents, and lets go what none of them needs. */
  async function look(): Promise<void> {
    const box = reads.box();
    if (!box?.formerHostnames) return;
    const tallies = await sweep(box, options, () => stopped);
    if (!tallies) return;
    const now = clock.now();
    seen.clear();
    for (const [key, { zones, leading, some, unknown }] of tallies)
      seen.set(key, { zones, leading, some, unknown, askedAt: toRfc3339(now) });
    const changes = (reads.box()?.formerHostnames ?? []).some(
      (former) => outcome(former, tallies.get(former.hostname.key), now) !== 'same',
    );
    if (!changes) return;
    await publisher.change({ actor: system, cause: 'parents of all zones asked' }, (change) =>
      conclude(change, tallies, now),
    );
  }

  function lookSoon(): void {
    if (stopped) return;
    if (running) {
      again = true;
      return;
    }
    timer?.cancel();
    again = false;
    running = look()
      .catch((error: unknown) => log.error({ err: error }, 'the parents of the zones could not be asked'))
      .finally(() => {
        running = undefined;
        if (again) lookSoon();
        else if (!stopped && reads.box()?.formerHostnames) timer = clock.after(INTERVAL, lookSoon);
      });
  }

  return {
    list: () => (reads.box()?.formerHostnames ?? []).map((former) => viewOf(former, seen)),
    async retire(actor, hostname) {
      await publisher.change({ actor, cause: `former hostname ${hostname.toText()} retired` }, (change) =>
        retireHostname(change, hostname, 'asked for'),
      );
    },
    start() {
      unsubscribe = events.subscribe(undefined, ({ type }) => {
        if (type === 'box.changed') lookSoon();
      });
      lookSoon();
    },
    async stop() {
      stopped = true;
      unsubscribe();
      timer?.cancel();
      await running;
    },
  };
}

/** What is stored of one when all parents have been asked; `same`: what is; `over`: nothing, it goes. */
function outcome(
  former: FormerHostname,
  tally: Tally | undefined,
  now: number,
): 'same' | 'over' | FormerHostname {
  // One from after they were asked.
  if (!tally) return 'same';
  const longestTtl = Math.max(former.longestTtl, tally.longestTtl);
  if (tally.leading > 0) return changed(former, { leftAt: undefined, longestTtl });
  if (tally.unknown > 0) return changed(former, { longestTtl });
  const leftAt = former.leftAt ?? now;
  return now >= leftAt + longestTtl * 1000 ? 'over' : changed(former, { leftAt, longestTtl });
}

function changed(
  former: FormerHostname,
  change: Partial<Pick<FormerHostname, 'leftAt' | 'longestTtl'>>,
): 'same' | FormerHostname {
  const after = { ...former, ...change };
  return after.leftAt === former.leftAt && after.longestTtl === former.longestTtl ? 'same' : after;
}

function conclude(change: ZoneChange, tallies: ReadonlyMap<string, Tally>, now: number): void {
  const over: Name[] = [];
  const box = change.box();
  const formerHostnames = (box.formerHostnames ?? []).map((former) => {
    const after = outcome(former, tallies.get(former.hostname.key), now);
    if (after === 'over') over.push(former.hostname);
    return typeof after === 'string' ? former : after;
  });
  change.tx.putBox({ ...box, formerHostnames });
  for (const hostname of over)
    retireHostname(change, hostname, 'no parent names it any more, and caches have forgotten it');
}

function viewOf(
  { hostname, since, leftAt, longestTtl }: FormerHostname,
  seen: ReadonlyMap<string, ParentsView>,
): FormerHostnameView {
  return {
    hostname,
    since: toRfc3339(since),
    parents: seen.get(hostname.key),
    until: leftAt === undefined ? undefined : toRfc3339(leftAt + longestTtl * 1000),
  };
}
