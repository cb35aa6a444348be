import { spawnSync } from 'node:child_process';
import {
  cpSync,
  globSync,
  mkdirSync,
  mkdtempSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildProgram } from '../../scripts/program.mjs';

const checkout = join(import.meta.dirname, '../..');

/** A checkout whose programs are small. */
let root: string;

function write(file: string, text: string): void {
  mkdirSync(dirname(join(root, file)), { recursive: true });
  writeFileSync(join(root, file), text);
}

/** Runs the bundled box of the small checkout. */
function run(...args: string[]): { stdout: string; stderr: string } {
  return spawnSync(process.execPath, [join(root, 'build/main.js'), ...args], { encoding: 'utf8' });
}

/** The start of each: says what it finds where, and what a thread of it says. */
const main = `
import { readFileSync } from 'node:fs';
import { start } from './deep/thread.ts';
import { place } from './deep/place.ts';

console.log('version', JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')).version);
console.log('place', place);
console.log('thread', await start());
if (process.argv.includes('fail')) (await import('./deep/fail.ts')).fail();
`;

beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), 'signpost-program-'));
  symlinkSync(join(checkout, 'node_modules'), join(root, 'node_modules'));
  for (const file of ['src/core/program.ts', 'src/core/source-stacks.ts', 'package-lock.json'])
    cpSync(join(checkout, file), join(root, file));
  write('package.json', '{"type": "module", "version": "7.0.0"}');
  write('src/main.ts', main);
  write('src/agent.ts', '');
  write('src/cli/main.ts', '');
  write('src/deep/place.ts', 'export const place: string = import.meta.dirname;');
  write(
    'src/deep/thread.ts',
    `
import { once } from 'node:events';
import { Worker } from 'node:worker_threads';
import { programBeside } from '../core/program.ts';

export async function start(): Promise<unknown> {
  const [said] = await once(new Worker(programBeside(import.meta.url, 'thread-program')), 'message');
  return said;
}
`,
  );
  write(
    'src/deep/thread-program.ts',
    `import { parentPort } from 'node:worker_threads';
parentPort!.postMessage(new Error('of a thread').stack!.split('\\n')[1]);`,
  );
  write(
    'src/deep/fail.ts',
    `interface Nothing {}

export function fail(): Nothing {
  throw new TypeError('on purpose');
}`,
  );
  await buildProgram(root, process.execPath);
}, 120_000);
afterAll(() => rmSync(root, { recursive: true, force: true }));

it('finds files and threads as the source does, and names the source in stack traces', () => {
  const { stdout, stderr } = run('fail');
  expect(stdout.split('\n')).toEqual([
    'version 7.0.0',
    `place ${join(root, 'build/deep')}`,
    expect.stringMatching(`^thread     at file://${root}/src/deep/thread-program.ts:2:\\d+$`),
    '',
  ]);
  expect(stderr).toMatch(`TypeError: on purpose\n    at Module.fail (file://${root}/src/deep/fail.ts:4:9)`);
});

it('is made again of changed source, whose running box still has what it was started with; else not', async () => {
  const built = () => statSync(join(root, 'build/main.js')).mtimeMs;
  const before = built();
  const parts = globSync('*-????????.js', { cwd: join(root, 'build') });
  await buildProgram(root, process.execPath);
  expect(built()).toBe(before);
  write('src/deep/place.ts', `export const place = 'elsewhere';`);
  await buildProgram(root, process.execPath);
  expect(run().stdout).toContain('place elsewhere');
  expect(globSync('*-????????.js', { cwd: join(root, 'build') })).toEqual(expect.arrayContaining(parts));
  expect(globSync('build.*', { cwd: root })).toEqual([]);
});

it('is refused for source that cannot be bundled, each time', async () => {
  write('src/deep/place.ts', 'export const = 5;');
  for (let times = 0; times < 2; times++)
    await expect(buildProgram(root, process.execPath)).rejects.toThrow(/place\.ts[^]*could not be bundled/);
  write('src/deep/place.ts', `export const place = 'whole';`);
  await buildProgram(root, process.execPath);
  expect(run().stdout).toContain('place whole');
});
