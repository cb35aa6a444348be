import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import type { Machine } from '../drivers/driver.ts';
import { mailboxUsage, type ReadUsage, usageReader } from './usage.ts';

const machine = (greeting: string | undefined): Machine => ({
  run: () => Promise.reject(new Error('nothing else is run')),
  greeting: () => Promise.resolve(greeting),
});

test('reads what doveadm of 2.3.19 and of 2.4.1 prints, and nothing that is half said', () => {
  const reader = usageReader();
  for (const line of [
    'Username\tQuota name\tType\tValue\tLimit\t%',
    'anna@example.com\tUser quota\tSTORAGE\t31\t391\t7',
    'anna@example.com\tUser quota\tMESSAGE\t1\t-\t0',
    'bob@example.com\tUser quota\tSTORAGE\t0\t-\t0',
    'bob@example.com\tUser quota\tMESSAGE\t0\t-\t0',
    'carol@example.com\tUser quota\tSTORAGE\t7\t-\t0',
    'dave@example.com\tUser quota\tSTORAGE\terror\terror\terror',
    '',
  ])
    reader.line(line);
  expect(reader.found()).toEqual([
    { address: 'anna@example.com', octets: 31_744, messages: 1, limit: 400_384 },
    { address: 'bob@example.com', octets: 0, messages: 0 },
  ]);
});

test('refuses while Dovecot does not run, and starts no process for it', async () => {
  const usage = mailboxUsage(machine(undefined), () => Promise.reject(new Error('not asked')));
  expect(await usage(['anna@example.com'])).toEqual({
    ok: false,
    problem: expect.stringMatching(/^Dovecot does not run/) as string,
  });
});

test('says what is known, and why nothing is', async () => {
  const found = { address: 'anna@example.com', octets: 1024, messages: 1 };
  const saying = (said: Awaited<ReturnType<ReadUsage>>) =>
    mailboxUsage(machine('VERSION\t1\t1\n'), () => Promise.resolve(said))([found.address]);
  const why = 'first\nError: the disk is full';
  expect(await saying({ found: [found], why })).toEqual({ ok: true, usage: [found] });
  expect(await saying({ found: [], why })).toEqual({ ok: false, problem: 'Error: the disk is full' });
  // A mailbox that has gone meanwhile.
  const gone = 'doveadm(anna@example.com): Info: User no longer exists, skipping';
  expect(await saying({ found: [], why: gone })).toEqual({ ok: true, usage: [] });
  expect(await saying({ found: [], why: '' })).toEqual({ ok: true, usage: [] });
});

test('asks once at a time, and goes on after a failure', async () => {
  const ends: (() => void)[] = [];
  let running = 0;
  const read: ReadUsage = async (addresses) => {
    expect(++running).toBe(1);
    await new Promise<void>((resolve) => ends.push(resolve));
    running--;
    if (addresses[0] === 'bad@example.com') throw new Error('no temporary folder');
    return { found: [], why: '' };
  };
  const usage = mailboxUsage(machine('VERSION\t1\t1\n'), read);
  const first = usage(['bad@example.com']).catch((error: unknown) => (error as Error).message);
  const second = usage(['anna@example.com']);
  for (let asked = 0; asked < 2; asked++) {
    while (ends.length === asked) await setImmediate();
    ends[asked]!();
  }
  expect(await Promise.all([first, second])).toEqual(['no temporary folder', { ok: true, usage: [] }]);
});
