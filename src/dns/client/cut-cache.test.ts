import { expect, test } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import { Name } from '../wire/name.ts';
import { createCutCache } from './cut-cache.ts';

const cut = (zone: string) => ({ zone: Name.parse(zone), nameservers: [] });

test('a cut is known until its time is over', async () => {
  const clock = new FakeClock();
  const cache = createCutCache(clock, { size: 2, lifetime: 1000 });
  cache.set(cut('com'));
  await clock.advance(999);
  expect(cache.get(Name.parse('COM'))).toEqual(cut('com'));
  await clock.advance(1);
  expect(cache.get(Name.parse('com'))).toBeUndefined();
});

test('the oldest goes when there are too many', () => {
  const cache = createCutCache(new FakeClock(), { size: 2, lifetime: 1000 });
  for (const zone of ['com', 'net', 'com', 'org']) cache.set(cut(zone));
  expect(['com', 'net', 'org'].map((zone) => cache.get(Name.parse(zone)) !== undefined)).toEqual([
    true,
    false,
    true,
  ]);
});
