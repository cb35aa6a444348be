import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Rcode } from '../../src/dns/wire/codes.ts';
import { ask } from '../kit/ask.ts';
import { startBox, type RunningBox } from '../kit/box.ts';
import { missing } from '../kit/requires.ts';

const reason = missing({ root: true, commands: ['mount', 'umount'] });

function run(command: string, ...args: string[]): void {
  const { status, stderr } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(stderr);
}

/** Takes all the room that is left. */
function fill(file: string): void {
  const octets = Buffer.alloc(4096);
  try {
    for (;;) appendFileSync(file, octets);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOSPC') throw error;
  }
}

const add = (box: RunningBox, index: number) =>
  box.api('POST', '/domains', { name: `d${index}-example.com` });

async function isServed({ dns }: RunningBox, index: number): Promise<boolean> {
  const response = await ask(dns, `d${index}-example.com.`, 'MX');
  return response?.rcode === Rcode.NOERROR && response.answers.length > 0;
}

it.skipIf(reason)(
  `refuses changes while the disk is full, serves what there is, and goes on when there is room ${reason ?? ''}`,
  { timeout: 120_000 },
  async () => {
    const data = mkdtempSync(join(tmpdir(), 'signpost-full-'));
    run('mount', '-t', 'tmpfs', '-o', 'size=16m', 'none', data);
    let box: RunningBox | undefined;
    try {
      box = await startBox({ data, workers: 1, flags: ['--acme-directory', 'none'] });
      expect((await add(box, 0)).status).toBe(201);
      const ballast = join(data, 'ballast');
      fill(ballast);
      // What the log of the database has room for already still fits.
      let last = 0;
      let answer = { status: 201, body: undefined as unknown };
      while (answer.status === 201 && last < 300) answer = await add(box, ++last);
      expect(answer).toMatchObject({ status: 507, body: { code: 'storage-full' } });
      for (let index = 0; index < last; index++) expect(await isServed(box, index)).toBe(true);
      expect(await isServed(box, last)).toBe(false);
      expect((await box.api('GET', `/domains/d${last}-example.com`)).status).toBe(404);
      rmSync(ballast);
      expect((await add(box, last)).status).toBe(201);
      expect(await isServed(box, last)).toBe(true);
      expect(await box.stop()).toBe(0);
      box = await startBox({ data, workers: 1, flags: ['--acme-directory', 'none'] });
      for (let index = 0; index <= last; index++) expect(await isServed(box, index)).toBe(true);
    } finally {
      await box?.stop();
      run('umount', data);
      rmSync(data, { recursive: true, force: true });
    }
  },
);
