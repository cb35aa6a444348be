import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import {
  chownSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { boxFlags, nodeFlags } from '../../scripts/node-flags.mjs';
import { freePort } from '../kit/free-port.ts';
import { packInto } from '../kit/pack.ts';
import { readWalk, walk } from '../kit/readme-walk.ts';
import { secretOf, untilReady } from '../kit/started.ts';

const root = join(import.meta.dirname, '../..');
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { version: string };

const commands = ['signpost', 'signpost-server'];

/** Debian's nobody. */
const NOBODY = 65534;

/** Milliseconds. */
const MINUTE = 60_000;

let folder: string;
/** The folder into which the package is installed. */
let app: string;
let tarball: string;
let files: string[];

/** Runs a command as a user without rights, who has a home of their own. */
function asUser(...command: string[]): string[] {
  const user =
    process.getuid?.() === 0
      ? ['setpriv', `--reuid=${NOBODY}`, `--regid=${NOBODY}`, '--clear-groups', '--no-new-privs']
      : [];
  return [...user, 'env', ...cleared(), `HOME=${join(folder, 'home')}`, ...command];
}

/** Without what npm told the scripts of this checkout. */
function cleared(): string[] {
  const ours = Object.keys(process.env).filter((name) => /^npm_(?!config_registry$)/.test(name));
  return [...ours, 'NODE_COMPILE_CACHE'].flatMap((name) => ['-u', name]);
}

function run(...command: string[]): string {
  const [program, ...args] = asUser(...command);
  const result = spawnSync(program!, args, { cwd: app, encoding: 'utf8' });
  expect(result.status, `${command.join(' ')}: ${result.stdout}${result.stderr}`).toBe(0);
  return result.stdout;
}

function npm(...args: string[]): string {
  return run('npm', ...args, '--ignore-scripts', '--no-audit', '--no-fund', '--no-update-notifier');
}

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-package-'));
  app = join(folder, 'app');
  for (const name of ['', 'home', 'app', 'prefix']) {
    mkdirSync(join(folder, name), { recursive: true });
    if (process.getuid?.() === 0) chownSync(join(folder, name), NOBODY, NOBODY);
  }
  packInto(folder);
  tarball = join(folder, `signpost-${version}.tgz`);
  files = spawnSync('tar', ['-tzf', tarball], { encoding: 'utf8' }).stdout.trim().split('\n');
  npm('install', tarball);
}, 10 * MINUTE);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
}, MINUTE);

describe('the package', { timeout: 5 * MINUTE }, () => {
  it('holds what is run, the licence and the documents, in less than 3 MB', () => {
    expect(statSync(tarball).size).toBeLessThan(3_000_000);
    for (const file of [
      'LICENSE',
      'README.md',
      'docs/cli.md',
      'dist/main.js',
      'dist/cli.js',
      'panel/dist/index.html',
      'bin/signpost',
    ])
      expect(files).toContain(`package/${file}`);
    expect(
      files.filter((file) => /test|\.ts$|^package\/(src|bench|scripts|node_modules)\//.test(file)),
    ).toEqual([]);
  });

  it('leaves nothing behind in the checkout', () => {
    expect(globSync('{dist,src/**/*.js,*.tgz}', { cwd: root })).toEqual([]);
  });

  it('starts Node with the flags of the checkout', () => {
    const flagsOf = (name: string): string[] =>
      readFileSync(join(root, 'bin', name), 'utf8').match(/(?<=^launch.*)--\S+/gm)!;
    expect(flagsOf('signpost')).toEqual(nodeFlags);
    expect(flagsOf('signpost-server')).toEqual(boxFlags);
  });

  it('gives both commands to npx', () => {
    for (const command of commands)
      expect(run('npx', '--no-install', command, '--version').trim()).toBe(version);
  });

  it('installed globally where there is no pinned Node for the machine, says so; with it, gives both commands to every folder', () => {
    const prefix = join(folder, 'prefix');
    npm('install', '--global', '--prefer-offline', '--cpu=none', '--prefix', prefix, tarball);
    const [program, ...args] = asUser('env', 'PATH=/usr/bin:/bin', join(prefix, 'bin/signpost'), '--version');
    const { status, stderr } = spawnSync(program!, args, { encoding: 'utf8' });
    const sentence = /^signpost: the pinned Node .*--omit=optional.*\n$/;
    expect([status, stderr]).toEqual([1, expect.stringMatching(sentence)]);
    // In place of 200 MB that were unpacked already.
    const [pinned] = globSync('node_modules/node-linux-*', { cwd: app });
    symlinkSync(join(app, pinned!), join(prefix, 'lib', pinned!));
    for (const command of commands)
      expect(run(join(prefix, 'bin', command), '--version').trim()).toBe(version);
  });
});

it('the README, with the installed package, as a user without rights', { timeout: 5 * MINUTE }, async () => {
  const [start, ...steps] = readWalk();
  const ports = { dns: await freePort(), http: await freePort() };
  const places = `--dns 127.0.0.1:${ports.dns} --http 127.0.0.1:${ports.http} --https 127.0.0.1:0`;
  const command = start!.commands.trim().replace('npm start --', 'node_modules/.bin/signpost-server');
  const startBox = (): ChildProcess => {
    const [program, ...args] = asUser('sh', '-c', `exec ${command} ${places} --acme-directory none`);
    return spawn(program!, args, { cwd: app, stdio: ['ignore', 'pipe', 'pipe'] });
  };
  let box = startBox();
  const stop = async (): Promise<number | null> => {
    const exit = new Promise<number | null>((resolve) => box.on('exit', resolve));
    box.kill('SIGTERM');
    return exit;
  };
  try {
    walk(steps, ports, { secret: await secretOf(box), prefix: asUser() });
    expect(run('npx', '--no-install', 'signpost', 'domain', 'add', 'example.org')).toContain('example.org');
    expect(await stop()).toBe(0);

    const began = performance.now();
    box = startBox();
    await untilReady(box);
    console.log(`second start of the package: ${((performance.now() - began) / 1000).toFixed(2)} s`);
    expect(run('npx', '--no-install', 'signpost', 'domain', 'list')).toContain('example.org');
    expect(run('dig', '@127.0.0.1', '-p', String(ports.dns), 'example.org', 'MX', '+short')).toContain(
      'box.example.com',
    );
    // What is compiled is kept where the user may write.
    expect(globSync(join(folder, 'home/.cache/signpost/node/*/*')).length).toBeGreaterThan(50);
  } finally {
    expect(await stop()).toBe(0);
  }
});
