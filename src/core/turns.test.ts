import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { createTurns } from './turns.ts';

test('does so much in a turn, and lets those that wait go first, in order', async () => {
  const turns = createTurns(3);
  const done: string[] = [];
  const work = (name: string, pieces: number) => (): void => {
    while (pieces > 0 && turns.take()) {
      pieces--;
      done.push(name);
    }
    if (pieces > 0) turns.wait(work(name, pieces));
  };
  work('a', 4)();
  work('b', 1)();
  expect(done.join('')).toBe('aaa');
  await setImmediate();
  work('c', 1)();
  for (let turn = 0; turn < 3; turn++) await setImmediate();
  expect(done.join('')).toBe('aaaabc');
});

test('a newcomer does not pass those that wait', async () => {
  const turns = createTurns(1);
  expect(turns.take()).toBe(true);
  let resumed = false;
  turns.wait(() => (resumed = turns.take()));
  expect(turns.take()).toBe(false);
  for (let turn = 0; turn < 2; turn++) await setImmediate();
  expect(resumed).toBe(true);
  await setImmediate();
  expect(turns.take()).toBe(true);
});
