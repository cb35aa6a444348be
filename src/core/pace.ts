import { setImmediate } from 'node:timers/promises';
import type { Clock } from './clock.ts';

/** Lets long work on the main thread stop now and then, so that everything else has its turn. */
export interface Pace {
  /** To be awaited between small pieces of work; undefined while there is time left. */
  rest(): Promise<void> | undefined;
}

/** `longest`: milliseconds without a rest. */
export function createPace(clock: Clock, longest = 10): Pace {
  let since = clock.monotonic();
  return {
    rest() {
      if (clock.monotonic() - since < longest) return undefined;
      return setImmediate().then(() => void (since = clock.monotonic()));
    },
  };
}
