import type { Clock } from '../../core/clock.ts';

/** The time at which the messages of a batch are answered: read once for all of them, for a reading costs a fiftieth of an answer. */
export interface BatchClock extends Pick<Clock, 'now'> {
  /** To be called before each batch. */
  read(): void;
}

export function createBatchClock(clock: Clock): BatchClock {
  let now = clock.now();
  return {
    now: () => now,
    read: () => void (now = clock.now()),
  };
}
