import type { Log } from './log.ts';

/** What was started, to be stopped in the opposite order. */
export interface Lifecycle {
  /** Remembers how to stop a part; a part that is added while stopping is stopped at once. */
  onStop(name: string, stop: () => Promise<void> | void): void;
  /** Stops everything, each part once, whatever the others do; later calls wait for the first. */
  stop(): Promise<void>;
}

export function createLifecycle(log: Log): Lifecycle {
  const parts: { name: string; stop: () => Promise<void> | void }[] = [];
  let stopping: Promise<void> | undefined;

  async function stopAll(): Promise<void> {
    for (let part = parts.pop(); part; part = parts.pop()) {
      try {
        await part.stop();
      } catch (error) {
        log.error({ err: error, part: part.name }, 'a part did not stop as it should');
      }
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
