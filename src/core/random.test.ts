import { expect, it } from 'vitest';
import { randomInteger, systemRandom } from './random.ts';

it('draws as many octets as it is asked for, and none twice', () => {
  const sizes = [1, 12, 4096, 5000, 32, 4095, 16];
  const drawn = Array.from({ length: 500 }, (_, i) => systemRandom.bytes(sizes[i % sizes.length]!));
  expect(drawn.map(({ length }) => length)).toEqual(drawn.map((_, i) => sizes[i % sizes.length]));
  const long = drawn
    .filter(({ length }) => length >= 12)
    .map((octets) => Buffer.from(octets).toString('hex'));
  expect(new Set(long).size).toBe(long.length);
  // What was handed out stays as it is when more is drawn.
  expect(
    drawn.filter(({ length }) => length >= 12).every((octets) => octets.some((octet) => octet !== 0)),
  ).toBe(true);
});

it('draws every integer below the bound, and no other', () => {
  const seen = new Set(Array.from({ length: 2000 }, () => randomInteger(systemRandom, 10)));
  expect([...seen].sort()).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
});
