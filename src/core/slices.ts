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

/** Does the work in slices, between which the event loop has its turn; without a pause by a clock that stands still. */
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

/** Items of a list that are sorted, or merged, in one step. */
const RUN = 500;

/** The items in order, those that are equal in the order they had. */
export function* sorted<T>(items: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  let runs: T[][] = [];
  for (let at = 0; at < items.length; at += RUN) {
    runs.push(items.slice(at, at + RUN).sort(compare));
    yield;
  }
  while (runs.length > 1) {
    const merged: T[][] = [];
    for (let i = 0; i < runs.length; i += 2)
      merged.push(runs[i + 1] ? yield* merge(runs[i]!, runs[i + 1]!, compare) : runs[i]!);
    runs = merged;
  }
  return runs[0] ?? [];
}

function* merge<T>(left: readonly T[], right: readonly T[], compare: (a: T, b: T) => number): Steps<T[]> {
  const merged: T[] = [];
  let [i, j] = [0, 0];
  while (i < left.length || j < right.length) {
    const isLeft = j === right.length || (i < left.length && compare(left[i]!, right[j]!) <= 0);
    merged.push(isLeft ? left[i++]! : right[j++]!);
    if (merged.length % RUN === 0) yield;
  }
  return merged;
}
