import type { Log } from '../../core/log.ts';
import type { ServedZones } from '../zone/served-zones.ts';
import type { Crew } from './crew.ts';

/** From so many octets on that transfers of old versions hold, these transfers end: their clients begin anew, with the newest one. */
const MOST_HELD = 256 * 1024 * 1024;

/** From so many octets of garbage on, changes wait: each version of a zone of a million names leaves megabytes. */
const MOST_GARBAGE = 64 * 1024 * 1024;

export interface Reclaiming {
  /** Resolves at once, unless there is too much garbage: then when it is gone. */
  keepUp(): Promise<void>;
  /** A worker has let a version go that it had kept. */
  letGo(): void;
  stop(): void;
}

/**
 * Gives memory of zones back to be used again. What nobody is led to any more may still be read by a query that began before: it is
 * free when every worker has paused once since, or ended. One pause is under way at a time; what becomes garbage meanwhile waits for the
 * next. Versions that a worker has pinned, for a transfer, are held until it lets them go. A worker that starts is asked as well: it answers when it has started, and what it began with it finds anew for each batch of queries.
 */
export function startReclaiming(
  zones: ServedZones,
  crew: Pick<Crew, 'request' | 'sendSlab' | 'pinned'>,
  log: Log,
): Reclaiming {
  let running: Promise<void> | undefined;
  let stopped = false;
  const reclaim = async (): Promise<void> => {
    for (let garbage = zones.collect(); garbage && !stopped; garbage = zones.collect()) {
      await crew.request({ kind: 'pause', pages: garbage.pages });
      garbage.free(crew.pinned());
      if (zones.held > MOST_HELD) await crew.request({ kind: 'end-transfers' });
    }
  };
  const run = (): void => {
    if (running || stopped) return;
    // In a later moment: a change of many zones makes one pause.
    running = Promise.resolve()
      .then(reclaim)
      .then(
        () => {
          running = undefined;
          // What came in the last moment.
          if (zones.garbage > 0) run();
        },
        (error: unknown) => {
          running = undefined;
          log.error({ err: error }, 'memory of zones could not be given back');
        },
      );
  };
  const unlisten = zones.listen({
    onSlab: (slab) => crew.sendSlab(slab),
    onGarbage: run,
    onRefused: ({ zone, reason }) =>
      log.error({ zone: zone.toText(), reason }, 'a version of a zone cannot be read, and is not served'),
  });
  run();
  return {
    async keepUp() {
      while (zones.garbage > MOST_GARBAGE && running) await running;
    },
    letGo() {
      if (!stopped && zones.held > 0) zones.letGo(crew.pinned());
    },
    stop() {
      stopped = true;
      unlisten();
    },
  };
}
