import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');
const said =
  /^signpost: the pinned Node cannot start, as this machine lacks the library libatomic\.so\.1\. Install it with: apt-get install libatomic1\nThen run/m;

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-library-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const env = { ...process.env, XDG_CACHE_HOME: '/nonexistent', NODE_COMPILE_CACHE: undefined };

/** Ends as ld.so(8) ends a program on a machine without the library. */
function withoutLibrary(path: string): void {
  mkdirSync(dirname(path), { recursive: true });
  const words = `${path}: error while loading shared libraries: libatomic.so.1: cannot open shared object file: No such file or directory`;
  writeFileSync(path, `#!/bin/sh\necho "${words}" >&2\nexit 127\n`, { mode: 0o755 });
}

it('npm start says which library the pinned Node lacks, and how to get it', { timeout: 180_000 }, () => {
  for (const name of ['package.json', 'package-lock.json', 'scripts'])
    cpSync(join(root, name), join(folder, name), { recursive: true });
  mkdirSync(join(folder, 'src'));
  withoutLibrary(join(folder, 'node_modules/.bin/node'));
  const lock = createHash('sha256').update(readFileSync(join(folder, 'package-lock.json')));
  writeFileSync(join(folder, 'node_modules/.signpost-installed'), lock.digest('hex'));
  const { status, stderr } = spawnSync('npm', ['start'], { cwd: folder, encoding: 'utf8', env });
  expect(stderr).toMatch(said);
  expect(status).toBe(5);
});

it.each(['signpost', 'signpost-server'])('%s of the package does, too', { timeout: 180_000 }, (command) => {
  cpSync(join(root, 'bin'), join(folder, 'bin'), { recursive: true });
  const platform = process.arch === 'x64' ? 'linux-x64' : `linux-${process.arch}`;
  withoutLibrary(join(folder, `node_modules/node-${platform}/bin/node`));
  const { status, stderr, stdout } = spawnSync(join(folder, 'bin', command), ['--version'], {
    encoding: 'utf8',
    env,
  });
  expect(stderr).toMatch(said);
  expect(stdout).toBe('');
  expect(status).toBe(5);
});
