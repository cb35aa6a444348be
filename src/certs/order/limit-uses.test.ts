import { expect, it } from 'vitest';
import type { Use } from '../store.ts';
import { limitUses } from './limit-uses.ts';

const DAY = 86_400_000;
const now = Date.UTC(2026, 0, 20);

function uses(count: number, use: Partial<Use> & { every: number }): Use[] {
  const { every, kind = 'order', subject = '*.example.com example.com' } = use;
  return Array.from({ length: count }, (_, i) => ({ kind, subject, at: now - (count - i) * every }));
}

it('says how near to each the box is: to those for names, with the names that come nearest', () => {
  const week = { kind: 'certificate' as const, every: DAY };
  const done = [
    ...uses(400, { every: 60_000 }),
    ...uses(1, week),
    ...uses(2, { ...week, kind: 'renewal' }),
    ...uses(2, { ...week, subject: 'www.example.com' }),
    ...uses(1, { ...week, subject: 'www.example.com', kind: 'renewal' }),
    ...uses(1, { ...week, subject: 'www.example.org' }),
    ...uses(90, { kind: 'failure', subject: 'example.com', every: 60_000 }),
    ...uses(2, { kind: 'failure', subject: 'www.example.com', every: 60_000 }),
  ];
  expect(limitUses(done, now)).toEqual([
    { limit: 'orders', uses: 180, allowed: 300 },
    { limit: 'sameNames', uses: 3, allowed: 5 },
    { limit: 'registeredDomain', uses: 3, allowed: 50 },
    { limit: 'failures', uses: 60, allowed: 5 },
  ]);
});
