import { expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { createBatchClock } from './batch-clock.ts';

test('stands still between two batches', async () => {
  const clock = new FakeClock();
  const batches = createBatchClock(clock);
  const before = clock.now();
  await clock.advance(5);
  expect(batches.now()).toBe(before);
  batches.read();
  expect(batches.now()).toBe(before + 5);
});
