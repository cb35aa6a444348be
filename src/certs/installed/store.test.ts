import { describe, expect, it } from 'vitest';
import { type Clock, FakeClock } from '../../core/clock.ts';
import type { InstalledCertificate } from '../model.ts';
import {
  createMemoryCertificates,
  type MemoryCertificates,
  servable,
} from '../../../test/kit/installed-certificates.ts';
import { createCertificateStore } from './store.ts';

const DAY = 86_400_000;
const start = Date.UTC(2026, 0, 1);

/** Valid from `from` to `to`, in days from the start. */
function certificate(
  id: string,
  names: string[],
  {
    kind = 'acme',
    from = -1,
    to = 90,
  }: { kind?: InstalledCertificate['kind']; from?: number; to?: number } = {},
): InstalledCertificate {
  const at = (days: number): string => new Date(start + days * DAY).toISOString();
  return {
    id,
    names,
    kind,
    chain: `chain of ${id}`,
    privateKey: `key of ${id}`,
    spkiSha256: '00',
    notBefore: at(from),
    notAfter: at(to),
  };
}

const fallback = certificate('box', ['box.example.net'], { kind: 'self-signed', to: 800 });

const timeOf = (clock: FakeClock): Clock => ({
  now: () => clock.now(),
  monotonic: () => clock.monotonic(),
  after: (delay, action) => clock.after(delay, action),
});

function setUp(time?: Clock): {
  store: MemoryCertificates;
  clock: FakeClock;
  told: string[];
  errors: unknown[];
} {
  const clock = new FakeClock(start);
  const errors: unknown[] = [];
  const store = createMemoryCertificates({
    fallback,
    clock: time ?? clock,
    onError: (error) => errors.push(error),
  });
  const told: string[] = [];
  store.subscribe({
    before: (next, at) => told.push(`before ${next.id} ${at}`),
    changed: (current) => told.push(current.id),
  });
  return { store, clock, told, errors };
}

describe('the certificate for a name', () => {
  const exact = certificate('exact', ['mail.example.com']);
  const wild = certificate('wild', ['example.com', '*.example.com']);
  const box = certificate('acme-box', ['box.example.net']);

  it.each<[string, InstalledCertificate[], string, string]>([
    ['nothing but the self-signed', [], 'example.com', 'box'],
    ['the box', [box, wild], 'box.example.net', 'acme-box'],
    ['an unknown name: the box', [box, wild], 'example.org', 'acme-box'],
    ['no name: the box', [box, wild], '', 'acme-box'],
    ['an address: the box', [box, wild], '192.0.2.1', 'acme-box'],
    ['exact before wildcard', [wild, exact], 'mail.example.com', 'exact'],
    ['exact before wildcard, whichever came first', [exact, wild], 'mail.example.com', 'exact'],
    ['wildcard', [exact, wild], 'www.example.com', 'wild'],
    ['one label only', [exact, wild], 'a.b.example.com', 'box'],
    ['not the name above', [certificate('w', ['*.example.com'])], 'example.com', 'box'],
    ['upper case, and a dot at the end', [wild], 'WWW.Example.COM.', 'wild'],
    ['a wildcard with upper case', [certificate('w', ['*.Example.COM'])], 'www.example.com', 'w'],
    ['the latest expiry', [wild, certificate('later', ['*.example.com'], { to: 91 })], 'www.example.com', 'later'],
    ['valid before expired', [certificate('old', ['mail.example.com'], { to: -0.5 }), wild], 'mail.example.com', 'wild'],
    ['valid before not yet valid', [certificate('early', ['mail.example.com'], { from: 1, to: 99 }), wild], 'mail.example.com', 'wild'],
    ['expired before self-signed', [certificate('old', ['box.example.net'], { to: -0.5 })], 'box.example.net', 'old'],
    ["a CA's before self-signed", [certificate('self', ['www.example.com'], { kind: 'self-signed', to: 999 }), wild], 'www.example.com', 'wild'],
  ])('%s', (_, installed, host, expected) => {
    const { store } = setUp();
    for (const one of installed) store.put(one);
    expect(store.forName(host).id).toBe(expected);
  }); // prettier-ignore

  it('is the one that a person prefers, as long as it is valid', async () => {
    const { store, clock } = setUp();
    store.put(certificate('own', ['example.com'], { kind: 'own', to: 30 }));
    store.put(wild);
    expect(store.forName('example.com').id).toBe('own');
    await clock.advance(31 * DAY);
    expect(store.forName('example.com').id).toBe('wild');
  });

  it("is a person's own only before others that are for the very same name", () => {
    const { store } = setUp();
    store.put(certificate('own', ['*.example.com'], { kind: 'own' }));
    store.put(exact);
    expect(store.forName('mail.example.com').id).toBe('exact');
    expect(store.forName('www.example.com').id).toBe('own');
  });

  it('is the next best one where its key cannot be read', () => {
    const [old, best] = [
      certificate('old', ['example.com'], { to: 30 }),
      certificate('best', ['example.com']),
    ];
    const readable = createCertificateStore({
      source: {
        naming: () => [servable(best), servable(old)],
        open: ({ id }) => (id === 'old' ? old : undefined),
        nextTurn: () => undefined,
        namesTurning: () => [],
      },
      fallback,
      clock: new FakeClock(start),
      onError: (error) => expect.fail(String(error)),
    });
    expect(readable.forName('example.com')).toBe(old);
  });
});

describe('consumers', () => {
  it('are told once of what came into use, and of nothing else', () => {
    const { store, told } = setUp();
    store.put(certificate('one', ['example.com', '*.example.com']));
    expect(told.splice(0)).toEqual(['one']);
    store.put(certificate('worse', ['example.com'], { to: 10 }));
    expect(told.splice(0)).toEqual([]);
    store.remove('worse');
    expect(told.splice(0)).toEqual([]);
  });

  it('are told of a replacement under the same id', () => {
    const { store, told } = setUp();
    store.put(certificate('one', ['example.com']));
    const renewed = certificate('one', ['example.com'], { to: 150 });
    store.put(renewed);
    expect(told).toEqual(['one', 'one']);
    expect(store.forName('example.com')).toBe(renewed);
  });

  it('are told what serves instead of one that is removed', () => {
    const { store, told } = setUp();
    store.put(certificate('one', ['example.com'], { to: 10 }));
    store.put(certificate('two', ['example.com', 'example.org']));
    told.splice(0);
    store.remove('two');
    expect(told).toEqual(['one', 'box']);
    store.remove('unknown');
    expect(told).toHaveLength(2);
  });

  it('are told when time changes what is best', async () => {
    const { store, clock, told } = setUp();
    store.put(certificate('one', ['example.com'], { to: 40 }));
    store.put(certificate('later', ['example.com'], { from: 30, to: 120 }));
    store.put(certificate('short', ['example.org'], { to: 6 }));
    told.splice(0);
    await clock.advance(30 * DAY);
    expect(told).toEqual(['later']);
    expect(store.forName('example.com').id).toBe('later');
  });

  it('are told what serves in the end, when much of the time went by at once', async () => {
    const clock = new FakeClock(start);
    let ahead = 0;
    const leaping = { ...timeOf(clock), now: () => clock.now() + ahead };
    const { store, told } = setUp(leaping);
    for (const [id, from] of [
      ['one', -1],
      ['two', 10],
      ['three', 20],
    ] as const)
      store.put(certificate(id, ['example.com', '*.example.com'], { from, to: from + 30 }));
    told.splice(0);
    ahead = 25 * DAY;
    await clock.advance(10 * DAY);
    expect(told).toEqual(['three']);
  });

  it('are told of the next one before', () => {
    const { store, told } = setUp();
    store.announce(certificate('next', ['example.com']), '2026-01-02T00:00:00.000Z');
    expect(told).toEqual(['before next 2026-01-02T00:00:00.000Z']);
    expect(store.forName('example.com').id).toBe('box');
  });

  it('are told when the box gets another name', () => {
    const { store, told } = setUp();
    store.put(certificate('acme', ['box.example.com']));
    told.splice(0);
    store.setFallback(certificate('new', ['box.example.com'], { kind: 'self-signed' }));
    expect(told).toEqual(['acme']);
    expect(store.forName('example.org').id).toBe('acme');
    store.setFallback(certificate('newer', ['box.example.org'], { kind: 'self-signed' }));
    expect(told).toEqual(['acme', 'newer']);
  });

  it('that throw harm no other, and those that left hear nothing', () => {
    const { store, told, errors } = setUp();
    const failure = new Error('no');
    const leave = store.subscribe({
      changed: () => {
        throw failure;
      },
    });
    const late: string[] = [];
    store.subscribe({ changed: ({ id }) => late.push(id) });
    store.put(certificate('one', ['example.com']));
    expect([told, late, errors]).toEqual([['one'], ['one'], [failure]]);
    leave();
    store.put(certificate('two', ['example.org']));
    expect(errors).toHaveLength(1);
  });
});
