import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBox, type RunningBox } from '../kit/box.ts';
import { runSignpost, signpost, type CliResult } from '../kit/cli.ts';
import { programs } from '../kit/programs.ts';

let box: RunningBox;
let folder: string;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-cli-jobs-'));
  box = await startBox({ workers: 1 });
  await ok('domain', 'add', 'example.com');
}, 180_000);
afterAll(async () => {
  await box.stop();
  rmSync(folder, { recursive: true, force: true });
});

const run = (...args: string[]): Promise<CliResult> => signpost(box.data, ...args);

/** Standard output of a command that must succeed and have nothing to complain of. */
async function ok(...args: string[]): Promise<string> {
  const result = await run(...args);
  expect(result, args.join(' ')).toMatchObject({ code: 0, stderr: '' });
  return result.stdout;
}

/** The same with `--json`, parsed. */
async function json<T = Record<string, unknown>>(...args: string[]): Promise<T> {
  return JSON.parse(await ok(...args, '--json')) as T;
}

describe('signpost domain add --file, jobs and audit', () => {
  const file = (text: string): string => {
    const path = join(folder, 'domains');
    writeFileSync(path, text);
    return path;
  };

  it('adds the domains of a file, and names each that is refused', async () => {
    const path = file('# of a customer\none.example\n\nTWO.example # his second\nexample.com\nno..name\n');
    const result = await run('domain', 'add', '--file', path, '--no-mail');
    expect(result).toMatchObject({ code: 1, stderr: '' });
    expect(result.stdout.split('\n')).toEqual([
      '2 domains were added, 2 not.',
      '  example.com: The domain example.com is there already.',
      expect.stringMatching(/^ {2}no\.\.name: .*\.$/),
      '',
    ]);
    expect(await json('domain', 'show', 'two.example')).toMatchObject({ mail: false, web: true });
  });

  it('reads CSV, and from standard input', async () => {
    const csv = 'Name,mail,ttl\r\nthree.example,yes,300\r\n"four.example",no,\r\n';
    const result = await runSignpost(['--data', box.data, 'domain', 'add', '--file', '-', '--json'], {
      input: csv,
    });
    expect(result).toMatchObject({ code: 0, stderr: '' });
    expect(JSON.parse(result.stdout)).toMatchObject({ added: 2, failed: [] });
    expect(await json('domain', 'show', 'three.example')).toMatchObject({ mail: true, ttl: 300 });
    expect(await json('domain', 'show', 'four.example')).toMatchObject({ mail: false, ttl: null });
  });

  it('names all that are refused, however many', async () => {
    const path = file(Array.from({ length: 1100 }, (_, i) => `x${i}..example`).join('\n'));
    const { code, stdout } = await run('domain', 'add', '--file', path);
    expect(code).toBe(1);
    expect(stdout.split('\n')).toHaveLength(1102);
    expect(stdout).toContain('  x1099..example: ');
  });

  it.each([
    ['a.example\nb.example c.example', 'Line 2: one name on each line, not "b.example c.example"'],
    ['name,colour\na.example,red', 'Line 1: there is no column "colour"'],
    ['name,mail\na.example,maybe', 'Line 2: mail must be yes or no, not "maybe"'],
    ['name,mail\n,yes', 'Line 2 has no name'],
    ['# nothing', 'There is no domain in'],
  ])('adds nothing of a file that it cannot read: %j', async (text, sentence) => {
    const result = await run('domain', 'add', '--file', file(text));
    expect(result).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining(sentence) as string,
    });
  });

  it('wants a name or a file', async () => {
    for (const args of [[], ['a.example', '--file', 'x']])
      expect(await run('domain', 'add', ...args)).toMatchObject({
        code: 2,
        stderr: expect.stringMatching(/^Give either a domain or --file: /) as string,
      });
  });

  it('lists jobs, shows one, and waits for it', async () => {
    const jobs = await json<{ id: string; kind: string }[]>('jobs', '--limit', '2');
    expect(jobs.map(({ kind }) => kind)).toEqual(['domains.add', 'domains.add']);
    expect(await ok('jobs')).toMatch(/^ID +KIND +STATE +DONE +FAILED +BEGAN +BY\njob_/);
    const shown = await run('job', 'show', jobs[0]!.id, '--follow');
    expect(shown).toMatchObject({ code: 1, stderr: '' });
    expect(shown.stdout).toMatch(/\nfailed: +1100\n[^]* {2}x0\.\.example: .*\n[^]* {2}and 100 more\n$/);
    expect(await run('job', 'show', 'none')).toMatchObject({ code: 4 });
  });

  it('shows who did what, by what is asked for', async () => {
    const entries = await json<{ action: string; target: string }[]>('audit', '--target', 'three.example');
    expect(entries).toMatchObject([
      { action: 'domain.add', target: 'three.example', actor: { kind: 'local' } },
    ]);
    expect(await json('audit', '--actor', 'nobody')).toEqual([]);
    expect(await json('audit', '--until', '2000-01-01')).toEqual([]);
    expect(await json<unknown[]>('audit', '--since', '1h', '--actor', 'local', '--limit', '3')).toHaveLength(
      3,
    );
    expect(await ok('audit', '--action', 'domain.add')).toMatch(
      /^TIME +WHO +FROM +ACTION +TARGET +WHAT\n(?:now|\d+ \w+ ago) +[^\n]* local +domain\.add +/,
    );
    expect(await run('audit', '--since', 'yesterday')).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not "yesterday"') as string,
    });
  });

  it('follows the log, an entry a line', async () => {
    const child = spawn(
      process.execPath,
      [programs.cli, '--data', box.data, 'audit', '--follow', '--json', '--limit', '1'],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    try {
      const lines: { target: string }[] = [];
      const seen = new Promise<void>((resolve) => {
        createInterface(child.stdout).on('line', (line) => {
          lines.push(JSON.parse(line) as { target: string });
          if (lines.length === 1)
            void ok('domain', 'add', 'five.example').then(() => ok('domain', 'add', 'six.example'));
          if (lines.some(({ target }) => target === 'six.example')) resolve();
        });
      });
      await seen;
      expect(lines.slice(1).map(({ target }) => target)).toEqual(['five.example', 'six.example']);
    } finally {
      child.kill();
    }
  });
});
