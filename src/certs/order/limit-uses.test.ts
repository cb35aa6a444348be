import { expect, it } from 'vitest';
import { memoryUses } from '../../../test/kit/memory-uses.ts';
import type { Use } from '../store.ts';
import { usesOfCertificate } from './limits.ts';
import { limitUses } from './limit-uses.ts';

const MINUTE = 60_000;
const DAY = 86_400_000;
const now = Date.UTC(2026, 0, 20);

const times = (count: number, every: number): number[] =>
  Array.from({ length: count }, (_, i) => now - (count - i) * every);

it('says how near to each the box is: to those for names, with the names that come nearest', () => {
  const certificates = (count: number, names: string[], renews = false): Use[] =>
    times(count, DAY).flatMap((at) => usesOfCertificate({ names, renews }, at));
  const both = ['example.com', '*.example.com'];
  const done: Use[] = [
    ...times(400, MINUTE).map((at): Use => ({ kind: 'orders', subject: '', at })),
    ...certificates(1, both),
    ...certificates(2, both, true),
    ...certificates(2, ['www.example.com']),
    ...certificates(1, ['www.example.com'], true),
    ...certificates(1, ['www.example.org']),
    ...times(90, MINUTE).map((at): Use => ({ kind: 'failures', subject: 'example.com', at })),
    ...times(2, MINUTE).map((at): Use => ({ kind: 'failures', subject: 'www.example.com', at })),
  ];
  expect(limitUses(memoryUses(done), now)).toEqual([
    { limit: 'orders', uses: 180, allowed: 300 },
    { limit: 'sameNames', uses: 3, allowed: 5 },
    { limit: 'registeredDomain', uses: 3, allowed: 50 },
    { limit: 'failures', uses: 60, allowed: 5 },
  ]);
});

it('does not take what has left the window and was not dropped yet for a use', () => {
  const failures = (subject: string, ages: number[]): Use[] =>
    ages.map((age) => ({ kind: 'failures', subject, at: now - age }));
  const done = [
    ...failures(
      'a.example',
      [61, 62, 63, 64, 65].map((age) => age * MINUTE),
    ),
    ...failures(
      'b.example',
      [1, 2, 61].map((age) => age * MINUTE),
    ),
    ...failures('c.example', [1]),
  ];
  expect(limitUses(memoryUses(done), now).at(-1)).toEqual({ limit: 'failures', uses: 2, allowed: 5 });
});
