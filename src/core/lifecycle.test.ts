import { expect, it } from 'vitest';
import { FakeClock } from './clock.ts';
import { createLifecycle } from './lifecycle.ts';
import { createLog, type Log } from './log.ts';

it('stops in the opposite order, each once, whatever fails', async () => {
  const stopped: string[] = [];
  const lifecycle = createLifecycle(createLog({ level: 'silent' }), new FakeClock());
  lifecycle.onStop('first', () => void stopped.push('first'));
  lifecycle.onStop('second', () => {
    stopped.push('second');
    throw new Error('stuck');
  });
  lifecycle.onStop('third', async () => {
    await Promise.resolve();
    stopped.push('third');
  });
  await Promise.all([lifecycle.stop(), lifecycle.stop()]);
  lifecycle.onStop('late', () => void stopped.push('late'));
  await lifecycle.stop();
  expect(stopped).toEqual(['third', 'second', 'first', 'late']);
});

it('names what takes long to stop', async () => {
  const clock = new FakeClock();
  const warned: unknown[] = [];
  const log = { warn: (values: unknown) => warned.push(values) } as unknown as Log;
  const lifecycle = createLifecycle(log, clock);
  let end = (): void => undefined;
  lifecycle.onStop('slow', () => new Promise<void>((resolve) => (end = resolve)));
  lifecycle.onStop('quick', () => undefined);
  const stopped = lifecycle.stop();
  await Promise.resolve();
  await clock.advance(5000);
  expect(warned).toEqual([{ part: 'slow' }]);
  end();
  await stopped;
  await clock.advance(60_000);
  expect(warned).toHaveLength(1);
});
