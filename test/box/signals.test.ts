import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { freePort } from '../kit/free-port.ts';
import { programs } from '../kit/programs.ts';
import { missing } from '../kit/requires.ts';
import { untilReady } from '../kit/started.ts';
import { until } from '../kit/until.ts';

const root = join(import.meta.dirname, '../..');

let data: string;
let dns: number;
let shell: ChildProcess | undefined;
beforeEach(async () => {
  data = mkdtempSync(join(tmpdir(), 'signpost-signals-'));
  dns = await freePort();
});
afterEach(() => {
  shell?.kill('SIGKILL');
  for (const pid of processes()) process.kill(pid, 'SIGKILL');
  rmSync(data, { recursive: true, force: true });
});

/** As a person types it. */
function npmStart(): string {
  const places = `--dns 127.0.0.1:${dns} --http 127.0.0.1:0 --https none`;
  return `npm start -- --data ${data} ${places} --acme-directory none`;
}

function commandLine(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8').replaceAll('\0', ' ');
  } catch {
    return '';
  }
}

/** Those of which `npm start` consists: npm, what it runs, and the box. */
function processes(program = ''): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .map(Number)
    .filter((pid) => commandLine(pid).includes(data) && commandLine(pid).includes(program));
}

/** Starts it outside of any terminal. */
async function inBackground(): Promise<void> {
  shell = spawn('sh', ['-c', `exec ${npmStart()}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  await untilReady(shell);
}

/** Starts it in a terminal of its own, which closes when `shell` is killed. */
async function inTerminal(): Promise<ChildProcess> {
  const terminal = spawn('script', ['--quiet', '--command', `exec ${npmStart()}`, '/dev/null'], {
    cwd: root,
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  shell = terminal;
  await untilReady(terminal);
  return terminal;
}

/** Nothing of it runs on, and it ended as it should: whoever is killed leaves its socket behind. */
async function expectEnded(): Promise<void> {
  await until(
    60,
    () => Promise.resolve(processes().length === 0 || undefined),
    () => Promise.resolve(`still there: ${processes().map(commandLine).join('; ')}`),
  );
  expect(existsSync(join(data, 'signpost.sock'))).toBe(false);
  const bound = spawnSync('ss', ['-Hlnptu', `sport = :${dns}`], { encoding: 'utf8' });
  expect([bound.status, bound.stdout]).toEqual([0, '']);
}

describe('npm start ends with its box, in order', { timeout: 180_000 }, () => {
  it.each(['SIGTERM', 'SIGINT', 'SIGHUP', 'SIGKILL'] as const)('%s to npm alone', async (signal) => {
    await inBackground();
    expect(existsSync(join(data, 'signpost.sock'))).toBe(true);
    process.kill(shell!.pid!, signal);
    await expectEnded();
  });

  const needed = missing({ commands: ['script'] });
  it.skipIf(needed)(`Ctrl-C in a terminal${needed ? ` (${needed})` : ''}`, async () => {
    const terminal = await inTerminal();
    terminal.stdin!.write('\x03');
    await expectEnded();
  });

  it.skipIf(needed)(`the terminal is closed${needed ? ` (${needed})` : ''}`, async () => {
    const terminal = await inTerminal();
    terminal.kill('SIGKILL');
    await expectEnded();
  });

  it('Ctrl-C again and again does not cut its end short', async () => {
    await inBackground();
    const group = -shell!.pid!;
    for (let times = 0; times < 3; times++) process.kill(group, 'SIGINT');
    await expectEnded();
  });
});

it('SIGHUP reloads while there is no terminal to be closed', { timeout: 180_000 }, async () => {
  await inBackground();
  let output = '';
  shell!.stderr!.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const [box] = processes(programs.box);
  process.kill(box!, 'SIGHUP');
  await until(60, () => Promise.resolve(output.includes('reloaded') || undefined));
  process.kill(shell!.pid!, 'SIGTERM');
  await expectEnded();
});
