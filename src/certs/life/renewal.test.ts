import fc from 'fast-check';
import { expect, it } from 'vitest';
import { seededRandom } from '../../core/random.ts';
import { Name } from '../../dns/wire/name.ts';
import { backOff } from '../order/back-off.ts';
import { desiredForBox, desiredForDomain } from './desired.ts';
import { renewalSchedule, suggestionOf } from './renewal.ts';

const DAY = 86_400_000;
const box = {
  hostname: Name.parse('Box.example.net'),
  ipv4: ['192.0.2.1'],
  ipv6: [],
  adminEmail: undefined,
  ttl: 3600,
  secondaries: [],
  caaIssuer: undefined,
};

it('wants one for the box and one with a wildcard for each domain that is served here', () => {
  const domain = { dns: 'local' as const, mail: true, web: true, ttl: undefined, createdAt: '' };
  const long = `${'a'.repeat(60)}.`.repeat(4) + 'com';
  const wanted = [
    desiredForBox(box),
    ...desiredForDomain({ ...domain, name: Name.parse('Example.com') }),
    ...desiredForDomain({ ...domain, name: Name.parse('example.org'), mail: false }),
    ...desiredForDomain({ ...domain, name: Name.parse('example.net'), dns: 'external' }),
    ...desiredForDomain({ ...domain, name: Name.parse(long) }),
  ];
  expect(wanted.map(({ names, rank }) => [rank, ...names])).toEqual([
    [0, 'box.example.net', 'mta-sts.box.example.net'],
    [1, 'example.com', '*.example.com'],
    [2, 'example.org', '*.example.org'],
  ]);
});

it('renews in the last third, or in the window of the CA, and never in the last tenth', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 400 }),
      fc.integer(),
      fc.double({ min: 0, max: 1.5, noNaN: true }),
      (days, seed, window) => {
        const random = seededRandom(seed);
        const life = { notBefore: 0, notAfter: days * DAY };
        const own = renewalSchedule(life, undefined, random).at / life.notAfter;
        expect(own).toBeGreaterThan(0.64);
        expect(own).toBeLessThanOrEqual(2 / 3 + 1e-6);
        const at = new Date(life.notAfter * window).toISOString();
        const suggestion = suggestionOf({ start: at, end: at, retryAfter: undefined }, undefined, 0, random);
        expect(renewalSchedule(life, suggestion, random).at).toBeLessThanOrEqual(life.notAfter * 0.9);
      },
    ),
  );
});

it('RFC 9773 §4.2: keeps its moment while the window of the CA stays, and takes another when it moves', () => {
  const random = seededRandom(1);
  const window = { start: '2026-01-01T00:00:00Z', end: '2026-01-03T00:00:00Z', retryAfter: 60_000 };
  const first = suggestionOf(window, undefined, 0, random);
  expect(suggestionOf(window, first, 0, random).at).toBe(first.at);
  const moved = suggestionOf(
    { ...window, start: '2025-12-01T00:00:00Z', end: '2025-12-01T00:00:00Z' },
    first,
    0,
    random,
  );
  expect(moved.at).toBe(Date.UTC(2025, 11, 1));
});

it('waits longer after each failure, up to about a day, and less near the end of the certificate', () => {
  const middle = { bytes: () => new Uint8Array(), float: () => 0.5 };
  const minutes = [1, 2, 3, 9, 10, 100].map((failures) => backOff(failures, middle) / 60_000);
  expect(minutes).toEqual([5, 10, 20, 1280, 1440, 1440]);
  const near = [400, 48, 8, 1, 0, -1].map((hours) => backOff(100, middle, hours * 3_600_000) / 60_000);
  expect(near).toEqual([1440, 360, 60, 60, 1440, 1440]);
});
