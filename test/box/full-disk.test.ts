import { spawnSync } from 'node:child_process';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
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
  { timeout: 180_000 },
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

describe.skipIf(reason)(`a start where nothing can be written ${reason ?? ''}`, () => {
  let data: string;
  let box: RunningBox | undefined;
  const start = async (hostname = 'box.example.net') => {
    box = await startBox({ data, workers: 1, hostname });
    return box;
  };

  beforeEach(async () => {
    data = mkdtempSync(join(tmpdir(), 'signpost-full-'));
    run('mount', '-t', 'tmpfs', '-o', 'size=16m', 'none', data);
    expect((await add(await start(), 0)).status).toBe(201);
  }, 180_000);
  afterEach(async () => {
    await box?.stop();
    run('umount', data);
    rmSync(data, { recursive: true, force: true });
  }, 180_000);

  /** The ways in which the box may have left its data behind. */
  const left: [string, () => Promise<unknown>][] = [
    ['after a stop', () => box!.stop()],
    ['after a kill', () => box!.kill()],
    [
      'with a database that has no journal yet',
      async () => {
        await box!.stop();
        for (const file of ['wal', 'shm']) rmSync(join(data, `signpost.sqlite-${file}`), { force: true });
      },
    ],
  ];

  async function servesAndRefuses(code: string): Promise<void> {
    expect(await isServed(box!, 0)).toBe(true);
    expect(await add(box!, 1)).toMatchObject({ status: 507, body: { code } });
    expect((await box!.api('GET', '/domains/d0-example.com')).status).toBe(200);
    // What mailboxes send may be named besides: its counts are a file of their own.
    const problems = expect.arrayContaining([expect.stringContaining('nothing can be changed')]) as unknown;
    expect((await box!.api('GET', '/health')).body).toMatchObject({ ready: false, problems });
    expect(box!.output()).toContain('nothing can be changed');
  }

  it.each(left)('serves on a full disk what is stored, %s', { timeout: 180_000 }, async (_title, leave) => {
    await leave();
    const ballast = join(data, 'ballast');
    fill(ballast);
    await start();
    await servesAndRefuses('storage-full');
    rmSync(ballast);
    await box!.stop();
    await start();
    expect((await add(box!, 1)).status).toBe(201);
  });

  it('takes changes again when there is room, without a restart', { timeout: 180_000 }, async () => {
    await box!.stop();
    const ballast = join(data, 'ballast');
    fill(ballast);
    await start();
    await servesAndRefuses('storage-full');
    rmSync(ballast);
    expect((await add(box!, 1)).status).toBe(201);
    expect((await box!.api('GET', '/health')).body).toMatchObject({ ready: true, problems: [] });
  });

  it.each(left)('serves from a read-only folder, %s', { timeout: 180_000 }, async (_title, leave) => {
    await leave();
    run('mount', '-o', 'remount,ro', data);
    await start('other.example.net');
    await servesAndRefuses('storage-read-only');
    expect((await box!.api('GET', '/box')).body).toMatchObject({ hostname: 'box.example.net' });
    await box!.stop();
    run('mount', '-o', 'remount,rw', data);
    await start();
    expect((await add(box!, 1)).status).toBe(201);
  });
});
