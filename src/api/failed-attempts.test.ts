import { expect, test } from 'vitest';
import { FakeClock } from '../core/clock.ts';
import { createFailedAttempts } from './failed-attempts.ts';

test('ten are free, then one every six seconds', async () => {
  const clock = new FakeClock();
  const failures = createFailedAttempts(clock, { burst: 10, refill: 6_000 });
  for (let n = 0; n < 10; n++) {
    expect(failures.wait('a')).toBe(0);
    failures.count('a');
  }
  expect(failures.wait('a')).toBe(6);
  expect(failures.wait('b')).toBe(0);
  await clock.advance(6_000);
  expect(failures.wait('a')).toBe(0);
  failures.count('a');
  expect(failures.wait('a')).toBe(6);
  await clock.advance(60_000);
  expect(failures.wait('a')).toBe(0);
});

test('an attacker with many addresses makes it forget, not grow', () => {
  const failures = createFailedAttempts(new FakeClock(), { burst: 10, refill: 6_000 });
  for (let n = 0; n < 10; n++) failures.count('first');
  for (let n = 0; n < 20_000; n++) failures.count(`other ${n}`);
  expect(failures.wait('first')).toBe(0);
});
