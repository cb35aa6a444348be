import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { until } from '../../../test/kit/until.ts';
import { systemClock } from '../../core/clock.ts';
import { type HookOutcome, runHook, withoutKeys } from './run.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-hook-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const env = { PATH: '/usr/bin:/bin', GIVEN: 'yes' };

function run(
  script: string,
  { timeout = 30_000, stopping = new AbortController().signal } = {},
): Promise<HookOutcome> {
  const path = join(folder, 'hook');
  writeFileSync(path, script);
  chmodSync(path, 0o755);
  return runHook(path, { env, cwd: folder, timeout, clock: systemClock, stopping });
}

const file = (name: string): string => readFileSync(join(folder, name), 'utf8');
const isAlive = (pid: number): boolean =>
  existsSync(`/proc/${pid}`) && !/^State:\tZ/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));

describe('a hook', () => {
  it('runs in its folder, with the environment that is given and no other, and without input', async () => {
    const outcome = await run('#!/bin/sh\nenv | sort >env; pwd >at; cat; echo said; echo wrong >&2\n');
    expect(outcome).toMatchObject({ kind: 'done', reason: '' });
    expect(outcome.output.split('\n').sort()).toEqual(['said', 'wrong']);
    expect(file('env').replace(/^(PATH|PWD|OLDPWD|_|SHLVL)=.*\n/gm, '')).toBe('GIVEN=yes\n');
    expect(file('at').trim()).toBe(folder);
  });

  it.each([
    ['#!/bin/sh\nexit 3\n', 'exit code 3'],
    ['#!/bin/sh\nkill -9 $$\n', 'it was ended by SIGKILL'],
    ['#!/nowhere/sh\n', 'it cannot be started: '],
  ])('that ends badly says how: %j', async (script, reason) => {
    const outcome = await run(script);
    expect(outcome.kind).toBe('failed');
    expect(outcome.reason).toContain(reason);
  });

  it('is ended with all that it started when it takes too long', async () => {
    const outcome = await run('#!/bin/sh\nsleep 600 & echo $! >child; echo waits; wait\n', { timeout: 1000 });
    expect(outcome).toEqual({ kind: 'timeout', reason: 'it took longer than 1 seconds', output: 'waits' });
    await until(10, () => Promise.resolve(!isAlive(Number(file('child'))) || undefined));
  });

  it('that ignores the signal is killed', async () => {
    const outcome = await run("#!/bin/sh\ntrap '' TERM\nwhile :; do sleep 0.1; done\n", { timeout: 300 });
    expect(outcome.kind).toBe('timeout');
  }, 20_000);

  it('is stopped with the box', async () => {
    const stop = new AbortController();
    const outcome = run('#!/bin/sh\n: >began; sleep 600\n', { stopping: stop.signal });
    await until(10, () => Promise.resolve(existsSync(join(folder, 'began')) || undefined));
    stop.abort();
    expect((await outcome).kind).toBe('stopped');
  });

  it('has ended when it has, whatever it left running', async () => {
    const outcome = await run('#!/bin/sh\nsleep 600 & echo $! >child; echo done\n');
    expect(outcome).toMatchObject({ kind: 'done', output: 'done' });
    const child = Number(file('child'));
    expect(isAlive(child)).toBe(true);
    process.kill(child);
  });

  it('may print as much as it likes: the end is kept', async () => {
    const { output } = await run('#!/bin/sh\nyes filler | head -c 5000000; echo the end\n');
    expect(output.length).toBeLessThanOrEqual(4096);
    expect(output).toMatch(/the end$/);
  });
});

const key = '-----BEGIN EC PRIVATE KEY-----\nSECRET\n-----END EC PRIVATE KEY-----';
it.each([
  [`before ${key} after`, 'before [private key] after'],
  [`${key}\n${key}`, '[private key]\n[private key]'],
  ['SECRET\n-----END PRIVATE KEY----- after', '[private key] after'],
  ['before -----BEGIN PRIVATE KEY-----\nSECRET', 'before [private key]'],
  ['-----BEGIN CERTIFICATE-----\nx', '-----BEGIN CERTIFICATE-----\nx'],
])('no key of the output %j is kept', (text, kept) => {
  expect(withoutKeys(text)).toBe(kept);
});
