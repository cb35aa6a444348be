import { expect, test } from 'vitest';
import { ZONE_FIELDS, ZoneField } from './counters.ts';
import { createZoneTally, mergeTallies, TALLIED } from './zone-tally.ts';

function threads(count: number, end: number) {
  const counts = Array.from({ length: count }, () => new Uint32Array(ZONE_FIELDS * end));
  const ask = (thread: number, number: number, queries: number, nameErrors = 0): void => {
    counts[thread]![ZONE_FIELDS * number + ZoneField.queries]! += queries;
    counts[thread]![ZONE_FIELDS * number + ZoneField.nameErrors]! += nameErrors;
  };
  return {
    ask,
    read: () => ({ threads: counts, end, nameOf: (number: number): string | undefined => `zone-${number}.` }),
  };
}

test('tells of what came since the call before, all threads together, the most first', () => {
  const { ask, read } = threads(2, 10);
  ask(0, 3, 100);
  const tally = createZoneTally(read);
  expect(tally()).toEqual([]);
  ask(0, 3, 5, 1);
  ask(1, 3, 2, 2);
  ask(1, 7, 9);
  // Questions about no zone of ours.
  ask(0, 0, 1000);
  expect(tally()).toEqual([
    { zone: 'zone-7.', queries: 9, nameErrors: 0 },
    { zone: 'zone-3.', queries: 7, nameErrors: 3 },
  ]);
  expect(tally()).toEqual([]);
});

test('counts go round, zones come and go, and so do threads', () => {
  const { ask, read } = threads(1, 4);
  ask(0, 1, 2 ** 32 - 3);
  let counts: ReturnType<typeof read> = { ...read(), end: 2 };
  const tally = createZoneTally(() => counts);
  ask(0, 1, 5);
  ask(0, 3, 1);
  counts = { ...read(), nameOf: (number) => (number === 3 ? undefined : 'one.') };
  expect(tally()).toEqual([{ zone: 'one.', queries: 5, nameErrors: 0 }]);
  ask(0, 1, 1);
  tally();
  counts = { ...read(), threads: [new Uint32Array(8)] };
  expect(tally()).toEqual([]);
});

test('of many zones those that were asked most are told, in little time', () => {
  const { ask, read } = threads(2, 100_001);
  const tally = createZoneTally(read);
  for (let number = 1; number <= 100_000; number++) ask(number % 2, number, (number * 7919) % 100_003);
  const told = tally().map(({ queries }) => queries);
  const all = Array.from({ length: 100_000 }, (_, index) => ((index + 1) * 7919) % 100_003);
  expect(told).toEqual(all.sort((one, other) => other - one).slice(0, TALLIED));
});

test('puts stretches together', () => {
  const one = { zone: 'a.', queries: 3, nameErrors: 1 };
  expect(mergeTallies([[one], [{ zone: 'b.', queries: 4, nameErrors: 0 }, one]])).toEqual([
    { zone: 'a.', queries: 6, nameErrors: 2 },
    { zone: 'b.', queries: 4, nameErrors: 0 },
  ]);
  expect(one.queries).toBe(3);
});
