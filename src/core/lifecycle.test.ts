import { expect, it } from 'vitest';
import { createLifecycle } from './lifecycle.ts';
import { createLog } from './log.ts';

it('stops in the opposite order, each once, whatever fails', async () => {
  const stopped: string[] = [];
  const lifecycle = createLifecycle(createLog({ level: 'silent' }));
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
