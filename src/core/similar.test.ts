import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { editDistance, similar } from './similar.ts';

describe('the distance of two words', () => {
  it.each([
    ['', '', 0],
    ['example', 'example', 0],
    ['exmaple', 'example', 1],
    ['exampl', 'example', 1],
    ['exaample', 'example', 1],
    ['exbmple', 'example', 1],
    ['kitten', 'sitting', 3],
    ['ca', 'abc', 3],
    ['', 'abc', 3],
    ['bücher', 'bucher', 1],
  ])('of %j and %j is %i', (a, b, distance) => {
    expect(editDistance(a, b)).toBe(distance);
  });

  it('is the same both ways, none for the same word, and no more than the longer word', () => {
    fc.assert(
      fc.property(fc.string(), fc.string(), (a, b) => {
        expect(editDistance(a, b)).toBe(editDistance(b, a));
        expect(editDistance(a, b) === 0).toBe(a === b);
        expect(editDistance(a, b)).toBeLessThanOrEqual(Math.max(Array.from(a).length, Array.from(b).length));
      }),
    );
  });
});

describe('words that are like another', () => {
  it('are named, the nearest first', () => {
    expect(similar('exmaple.com', ['examples.com', 'example.com', 'other.net'])).toEqual([
      'example.com',
      'examples.com',
    ]);
    expect(similar('MXX', ['A', 'MX', 'TXT'])).toEqual(['MX']);
  });

  it('are none where nothing is near', () => {
    expect(similar('zzz.example', ['example.com', 'a.b'])).toEqual([]);
    expect(similar('x', ['A', 'B'])).toEqual([]);
    expect(similar('', ['A'])).toEqual([]);
  });
});
