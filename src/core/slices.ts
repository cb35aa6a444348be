import { setImmediate } from 'node:timers/promises';
import { type Clock, systemClock } from './clock.ts';

/**
 * Long work cut into steps: at every `yield` it may be laid aside, so that the thread sees to everything else. It must not rely on
 * what others may change meanwhile.
 */
export type Steps<T> = Generator<undefined, T, undefined>;

/** Milliseconds of such work between two turns of the event loop, the longest step apart. Those that are under way at once share it. */
const SLICE = 10;
let underWay = 0;

/** Does the work without a pause. For what is known to be short, and for tests. */
export function atOnce<T>(steps: Steps<T>): T {
  for (;;) {
    const { done, value } = steps.next();
    if (done) return value;
  }
}

/** Does the work in slices, between which the event loop has its turn. It is the real clock that counts, whatever time it is for the program. */
export async function inSlices<T>(
  steps: Steps<T>,
  clock: Pick<Clock, 'monotonic'> = systemClock,
): Promise<T> {
  underWay++;
  try {
    for (;;) {
      const until = clock.monotonic() + SLICE / underWay;
      do {
        const { done, value } = steps.next();
        if (done) return value;
      } while (clock.monotonic() < until);
      await setImmediate();
    }
  } finally {
    underWay--;
  }
}

/** The items one after the other, each a step. */
export function* eachStep<T>(items: Iterable<T>, work: (item: T) => void): Steps<void> {
  for (const item of items) {
    work(item);
    yield;
  }
}
