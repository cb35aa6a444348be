import { expect, test } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { thisMachine } from './machine.ts';

const machine = thisMachine(systemClock);

test('what programs say is heard to the end, however many run at once', async () => {
  const said = async (name: string): Promise<string[]> => {
    const all: string[] = [];
    for (let n = 0; n < 20; n++) all.push((await machine.run('sh', ['-c', `echo ${name}`])).output);
    return all;
  };
  for (const all of await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map(said)))
    expect(new Set(all).size).toBe(1);
}, 60_000);

test('what a program leaves running in the background does not keep it', async () => {
  const began = systemClock.monotonic();
  expect(await machine.run('sh', ['-c', 'echo started; sleep 20 & exit 0'])).toMatchObject({
    output: 'started\n',
  });
  expect(systemClock.monotonic() - began).toBeLessThan(10_000);
});
