import { describe, expect, it } from 'vitest';
import type { Use } from '../store.ts';
import { orderAllowed } from './limits.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.UTC(2026, 0, 20);
const names = ['example.com', '*.example.com'];

function uses(count: number, use: Partial<Use> & { every: number }): Use[] {
  const { every, kind = 'order', subject = '*.example.com example.com' } = use;
  return Array.from({ length: count }, (_, i) => ({ kind, subject, at: now - (count - i) * every }));
}

describe('limits of the CA', () => {
  it.each([
    { what: 'nothing was done', done: [], at: now },
    { what: '299 orders in three hours', done: uses(299, { every: 1000 }), at: now },
    { what: '300 orders in three hours', done: uses(300, { every: 1000 }), at: now - 300_000 + 3 * HOUR + 1 },
    {
      what: 'five for the same names',
      done: uses(5, { kind: 'certificate', every: DAY }),
      at: now + 2 * DAY + 1,
    },
    {
      what: 'five for other names of the domain',
      done: uses(5, { kind: 'certificate', subject: 'www.example.com', every: DAY }),
      at: now,
    },
    {
      what: 'three failures of the name',
      done: uses(3, { kind: 'failure', subject: 'example.com', every: 60_000 }),
      at: now,
    },
    {
      what: 'four failures of the name, as it and its wildcard may fail both',
      done: uses(4, { kind: 'failure', subject: 'example.com', every: 60_000 }),
      at: now + 56 * 60_000 + 1,
    },
    {
      what: 'five failures of another name',
      done: uses(5, { kind: 'failure', subject: 'www.example.com', every: 60_000 }),
      at: now,
    },
  ])('after $what', ({ done, at }) => {
    expect(orderAllowed({ names, renews: true }, done, now).at).toBe(at);
  });

  it('lets 50 new certificates below a registered domain in a week, and any number of renewals', () => {
    const done = Array.from({ length: 50 }, (_, i) => ({
      kind: 'certificate' as const,
      subject: `host${i}.example.com`,
      at: now - DAY + i,
    }));
    const one = { names: ['new.example.com'], renews: false };
    expect(orderAllowed(one, done, now)).toEqual({
      at: now + 6 * DAY + 1,
      because: 'the CA allows only so many new certificates below example.com in a week',
    });
    expect(orderAllowed({ ...one, renews: true }, done, now).at).toBe(now);
    expect(orderAllowed({ names: ['new.example.org'], renews: false }, done, now).at).toBe(now);
  });
});
