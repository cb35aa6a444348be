import { expect, test } from 'vitest';
import { linesSince } from './log-lines.ts';

test.each([
  ['nothing was there', [], ['a', 'b'], ['a', 'b']],
  ['nothing came', ['a', 'b'], ['a', 'b'], []],
  ['it grew', ['a', 'b'], ['a', 'b', 'c', 'd'], ['c', 'd']],
  ['the first ones are not shown any more', ['a', 'b', 'c'], ['c', 'd', 'e'], ['d', 'e']],
  ['lines are alike', ['a', 'a', 'a'], ['a', 'a', 'b'], ['b']],
  ['fewer are shown, as lines are longer', ['a', 'b', 'c', 'd'], ['d', 'e'], ['e']],
  ['it begins anew', ['a', 'b'], ['c'], undefined],
  ['more came than are shown', ['a', 'b'], ['y', 'z'], undefined],
  ['it is empty now', ['a'], [], undefined],
])('the lines that came since, when %s', (_, before, now, expected) => {
  expect(linesSince(before, now)).toEqual(expected);
});
