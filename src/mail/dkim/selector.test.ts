import { expect, test } from 'vitest';
import { type Random, seededRandom } from '../../core/random.ts';
import { newSelector } from './selector.ts';

const november = Date.UTC(2026, 10, 22);
/** Draws these letters, one after the other. */
const drawing = (letters: string): Random => {
  const floats = Array.from(letters, (letter) => (letter.charCodeAt(0) - 0x61) / 26);
  return { ...seededRandom(1), float: () => floats.shift()! };
};

test.each([
  ['rsa' as const, november, [], 'rsa2611aqzk'],
  ['ed25519' as const, november, [], 'ed2611aqzk'],
  ['rsa' as const, Date.UTC(2031, 0, 1), ['rsa3012aqzk'], 'rsa3101aqzk'],
  ['rsa' as const, november, ['rsa2611aqzk'], 'rsa2611bcde'],
])('%s at %d beside %j is %s', (algorithm, now, taken, expected) => {
  expect(newSelector(algorithm, now, new Set(taken), drawing('aqzkbcde'))).toBe(expected);
});
