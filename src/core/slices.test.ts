import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { atOnce, eachStep, inSlices, type Steps } from './slices.ts';

/** Each step takes four milliseconds of this clock. */
function work(steps: number): { done: number; steps: Steps<string>; clock: { monotonic(): number } } {
  const state = { done: 0, clock: { monotonic: () => 4 * state.done }, steps: run() };
  function* run(): Steps<string> {
    yield* eachStep(Array.from({ length: steps }), () => state.done++);
    return 'complete';
  }
  return state;
}

test('lets the event loop have its turn when a slice is used up', async () => {
  const long = work(9);
  const result = inSlices(long.steps, long.clock);
  const seen: number[] = [];
  while (seen.at(-1) !== 9) {
    seen.push(long.done);
    await setImmediate();
  }
  expect(seen).toEqual([3, 6, 9]);
  expect(await result).toBe('complete');
});

test('shares a slice among all that are under way', async () => {
  const [one, other] = [work(9), work(9)];
  const results = [inSlices(one.steps, one.clock), inSlices(other.steps, other.clock)];
  const before = other.done;
  await setImmediate();
  expect([before, one.done, other.done]).toEqual([2, 5, 4]);
  expect(await Promise.all(results)).toEqual(['complete', 'complete']);
});

test('does not pause in what is short', async () => {
  const short = work(2);
  const result = inSlices(short.steps, short.clock);
  expect(short.done).toBe(2);
  expect(await result).toBe('complete');
});

test('passes on what the work throws', async () => {
  const failing = function* (): Steps<void> {
    yield;
    throw new Error('no');
  };
  await expect(inSlices(failing())).rejects.toThrow('no');
  expect(() => atOnce(failing())).toThrow('no');
});

test('does all of it at once where it may', () => {
  const all = work(9);
  expect(atOnce(all.steps)).toBe('complete');
  expect(all.done).toBe(9);
});
