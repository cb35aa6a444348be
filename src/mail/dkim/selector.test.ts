import { expect, test } from 'vitest';
import { newSelector } from './selector.ts';

const november = Date.UTC(2026, 10, 22);

test.each([
  ['rsa' as const, november, [], 'rsa2611a'],
  ['ed25519' as const, november, [], 'ed2611a'],
  ['rsa' as const, Date.UTC(2031, 0, 1), ['rsa3012a'], 'rsa3101a'],
  ['rsa' as const, november, ['rsa2611a', 'rsa2611b'], 'rsa2611c'],
  [
    'rsa' as const,
    november,
    'abcdefghijklmnopqrstuvwxyz'.split('').map((letter) => `rsa2611${letter}`),
    'rsa2611aa',
  ],
])('%s at %d beside %j is %s', (algorithm, now, taken, expected) => {
  expect(newSelector(algorithm, now, new Set(taken))).toBe(expected);
});
