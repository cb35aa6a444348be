import type { Log } from '../../core/log.ts';
import type { ServedZones } from '../zone/served-zones.ts';
import type { Crew } from './crew.ts';

/**
 * Gives memory of zones back to be used again. What nobody is led to any more may still be read by a query that began before: it is
 * free when every worker has paused once since, or ended. One pause is under way at a time; what becomes garbage meanwhile waits for the
 * next. A worker that starts is asked as well: it answers when it has started, and what it began with it finds anew for each query.
 */
export function startReclaiming(zones: ServedZones, crew: Crew, log: Log): { stop(): void } {
  let running = false;
  let stopped = false;
  const reclaim = async (): Promise<void> => {
    for (let garbage = zones.collect(); garbage && !stopped; garbage = zones.collect()) {
      await crew.request({ kind: 'pause', pages: garbage.pages });
      garbage.free();
    }
  };
  const run = (): void => {
    if (running || stopped) return;
    running = true;
    reclaim().then(
      () => (running = false),
      (error: unknown) => {
        running = false;
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
    stop() {
      stopped = true;
      unlisten();
    },
  };
}
