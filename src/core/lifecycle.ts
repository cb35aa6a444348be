import type { Clock } from './clock.ts';
import type { Log } from './log.ts';

/** Milliseconds after which what is still stopping is named: whoever waits for it, or ends it by force, should know. */
const LONG = 5000;

/** What was started, to be stopped in the opposite order. */
export interface Lifecycle {
  /** Remembers how to stop a part; a part that is added while stopping is stopped at once. */
  onStop(name: string, stop: () => Promise<void> | void): void;
  /** Stops everything, each part once, whatever the others do; later calls wait for the first. */
  stop(): Promise<void>;
}

export function createLifecycle(log: Log, clock: Clock): Lifecycle {
  const parts: { name: string; stop: () => Promise<void> | void }[] = [];
  let stopping: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (let part = parts.pop(); part; part = parts.pop()) {
      const { name } = part;
      const patience = clock.after(LONG, () => log.warn({ part: name }, 'a part takes long to stop'));
      try {
        await part.stop();
      } catch (error) {
        log.error({ err: error, part: name }, 'a part did not stop as it should');
      }
      patience.cancel();
    }
  }

  return {
    onStop(name, stop) {
      parts.push({ name, stop });
      if (stopping) stopping = stopping.then(stopAll);
    },
    stop: () => (stopping ??= stopAll()),
  };
}
