import { expect, it } from 'vitest';
import { FakeClock } from '../core/clock.ts';
import { AppError } from '../core/errors.ts';
import { createLog } from '../core/log.ts';
import { type Check, finding, good } from './check.ts';
import { createChecks } from './service.ts';

const log = createLog({ level: 'silent' });

function check(id: string, look: Check['look']): Check {
  return { id, group: 'machine', title: id, why: 'why', mend: 'mend', look };
}

it('looks at what nobody looked at lately, and again when asked', async () => {
  const clock = new FakeClock();
  let looks = 0;
  const one = check('one', () => finding([`look ${++looks}`], 'bad'));
  const checks = createChecks([one, check('two', () => good)], { clock, log });
  expect(await checks.list()).toMatchObject([
    { id: 'one', state: 'bad', found: [{ sentence: 'look 1' }], at: clock.now() },
    { id: 'two', state: 'good', found: [] },
  ]);
  expect((await checks.list())[0]).toMatchObject({ found: [{ sentence: 'look 1' }] });
  expect(await checks.run(['one'])).toMatchObject([{ id: 'one', found: [{ sentence: 'look 2' }] }]);
  await clock.advance(60_000);
  expect((await checks.list())[0]).toMatchObject({ found: [{ sentence: 'look 3' }] });
  expect(await checks.run(undefined)).toHaveLength(2);
  await expect(checks.run(['three'])).rejects.toThrow('There is no check three');
});

it('waits for nobody who does not answer, and looks once for all who ask', async () => {
  const clock = new FakeClock();
  let looks = 0;
  const silent = check('silent', () => {
    looks++;
    return new Promise<never>(() => undefined);
  });
  const checks = createChecks([silent], { clock, log });
  const asked = [checks.list(), checks.run(undefined)];
  await clock.advance(8000);
  for (const answer of asked) expect((await answer)[0]).toMatchObject({ state: 'unknown' });
  expect(looks).toBe(1);
});

it('has what cannot look say so, and shows all others', async () => {
  const broken = check('broken', () => {
    throw new AppError('not-found', 'There is no such zone.');
  });
  const failed = check('failed', () => Promise.reject(new Error('EACCES')));
  const checks = createChecks([broken, failed, check('well', () => good)], {
    clock: new FakeClock(),
    log,
  });
  expect(await checks.list()).toMatchObject([
    { id: 'broken', state: 'unknown', found: [{ sentence: 'There is no such zone.' }] },
    { id: 'failed', state: 'unknown', found: [{ sentence: 'It could not be looked at: the log says why.' }] },
    { id: 'well', state: 'good' },
  ]);
});
