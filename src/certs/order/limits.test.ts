import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { memoryUses } from '../../../test/kit/memory-uses.ts';
import type { Use } from '../store.ts';
import { letsEncryptLimits, orderAllowed, registeredDomains, usesOfCertificate } from './limits.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const now = Date.UTC(2026, 0, 20);
const names = ['example.com', '*.example.com'];

/** Certificates under way, each by its names. */
const places = (sets: Iterable<string>) => new Map([...sets].map((set) => [set, registeredDomains([set])]));

function uses(count: number, use: Partial<Use> & { every: number }): Use[] {
  const { every, kind = 'orders', subject = kind === 'orders' ? '' : '*.example.com example.com' } = use;
  return Array.from({ length: count }, (_, i) => ({ kind, subject, at: now - (count - i) * every }));
}

describe('limits of the CA', () => {
  it.each([
    { what: 'nothing was done', done: [], at: now },
    { what: '299 orders in three hours', done: uses(299, { every: 1000 }), at: now },
    { what: '300 orders in three hours', done: uses(300, { every: 1000 }), at: now - 300_000 + 3 * HOUR + 1 },
    {
      what: 'five for the same names',
      done: uses(5, { kind: 'sameNames', every: DAY }),
      at: now + 2 * DAY + 1,
    },
    {
      what: 'five for other names of the domain',
      done: uses(5, { kind: 'sameNames', subject: 'www.example.com', every: DAY }),
      at: now,
    },
    {
      what: 'three failures of the name',
      done: uses(3, { kind: 'failures', subject: 'example.com', every: 60_000 }),
      at: now,
    },
    {
      what: 'four failures of the name, as it and its wildcard may fail both',
      done: uses(4, { kind: 'failures', subject: 'example.com', every: 60_000 }),
      at: now + 56 * 60_000 + 1,
    },
    {
      what: 'five failures of another name',
      done: uses(5, { kind: 'failures', subject: 'www.example.com', every: 60_000 }),
      at: now,
    },
  ])('after $what', ({ done: list, at }) => {
    expect(orderAllowed({ id: 'a', names, renews: true }, memoryUses(list), now).at).toBe(at);
  });

  const issued = (count: number, renews = false): Use[] =>
    Array.from({ length: count }, (_, i) =>
      usesOfCertificate({ names: [`host${i}.example.com`], renews }, now - DAY + i),
    ).flat();
  const ordered = (count: number) => Array.from({ length: count }, (_, i) => `other${i}.example.com`);
  const one = { id: 'new.example.com', names: ['new.example.com'], renews: false };
  const because = 'the CA allows only so many new certificates below example.com in a week';
  const aWeekAfterTheFirst = now + 6 * DAY + 1;
  const inAMoment = now + 5 * 60_000;

  it.each([
    { what: '49 issued', list: issued(49), underWay: [], at: now },
    { what: '50 issued', list: issued(50), underWay: [], at: aWeekAfterTheFirst },
    { what: '50 renewed', list: issued(50, true), underWay: [], at: now },
    { what: '48 issued and one under way', list: issued(48), underWay: ordered(1), at: now },
    { what: '48 issued and two under way', list: issued(48), underWay: ordered(2), at: inAMoment },
    { what: 'none issued and 60 under way', list: [], underWay: ordered(60), at: inAMoment },
    { what: '50 issued and one under way', list: issued(50), underWay: ordered(1), at: aWeekAfterTheFirst },
    { what: '49 issued and itself under way', list: issued(49), underWay: ['new.example.com'], at: now },
    { what: '49 issued and one under way elsewhere', list: issued(49), underWay: ['example.org'], at: now },
  ])('below a registered domain, after $what', ({ list, underWay, at }) => {
    const reads = memoryUses(list, places(underWay));
    const allowed = orderAllowed(one, reads, now);
    expect(allowed).toEqual({ at, because: at === now ? undefined : because, forAll: false });
    expect(orderAllowed({ ...one, renews: true }, reads, now).at).toBe(now);
    expect(orderAllowed({ ...one, names: ['new.example.org'] }, reads, now).at).toBe(now);
  });

  it('never lets more come below a registered domain than the CA allows, whatever becomes of the orders', () => {
    const limits = {
      ...letsEncryptLimits,
      sameNames: { count: 99, window: 1000 },
      registeredDomain: { count: 3, window: 1000 },
    };
    const sets = ['a.example.com', 'b.example.com', 'c.example.com', 'd.example.com', 'e.example.com'];
    const what = fc.constantFrom<'order' | 'issue' | 'fail'>('order', 'issue', 'issue', 'fail');
    const events = fc.array(fc.tuple(what, fc.constantFrom(...sets), fc.integer({ min: 0, max: 100 })), {
      minLength: 30,
      maxLength: 80,
    });
    fc.assert(
      fc.property(events, (list) => {
        let time = now;
        const log: Use[] = [];
        const open = new Set<string>();
        for (const [event, set, rest] of list) {
          time += rest;
          const order = { id: set, names: [set], renews: false };
          const reads = memoryUses(log, places(open));
          if (event === 'order' && orderAllowed(order, reads, time, limits).because === undefined)
            open.add(set);
          if (event !== 'order' && open.delete(set) && event === 'issue')
            log.push(...usesOfCertificate(order, time));
          const issuedNow = log.filter((use) => use.kind === 'registeredDomain' && use.at >= time - 1000);
          expect(issuedNow.length).toBeLessThanOrEqual(3);
        }
        // And in time there is always room again.
        const another = { id: 'f', names: ['f.example.com'], renews: false };
        expect(orderAllowed(another, memoryUses(log), time, limits).at).toBeLessThanOrEqual(time + 1001);
      }),
    );
  });
});
