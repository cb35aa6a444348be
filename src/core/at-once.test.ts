import { setImmediate as turn } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { eachAtOnce } from './at-once.ts';

test('so many are under way at once, and all are done', async () => {
  const done: number[] = [];
  let underWay = 0;
  let most = 0;
  await eachAtOnce([1, 2, 3, 4, 5, 6, 7], 3, async (item) => {
    most = Math.max(most, ++underWay);
    for (let i = 0; i < item; i++) await turn();
    underWay--;
    done.push(item);
  });
  expect(done.toSorted()).toEqual([1, 2, 3, 4, 5, 6, 7]);
  expect(most).toBe(3);
});

test('a failure is thrown once the others under way have ended, and no further one begins', async () => {
  const begun: number[] = [];
  const ended: number[] = [];
  const work = eachAtOnce([1, 2, 3, 4], 2, async (item) => {
    begun.push(item);
    if (item === 1) throw new Error('first');
    for (let i = 0; i < 5; i++) await turn();
    ended.push(item);
  });
  await expect(work).rejects.toThrow('first');
  expect(begun).toEqual([1, 2]);
  expect(ended).toEqual([2]);
});

test('nothing to do', () => eachAtOnce([], 4, () => Promise.reject(new Error('not to be called'))));
