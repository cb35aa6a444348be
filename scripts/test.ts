// All of `npm test`: the peers, then lint, formatting and types, then every test. Arguments go to vitest.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { startBox } from '../test/kit/box.ts';
import { signpost } from '../test/kit/cli.ts';
import { installPeers } from './debian-packages.ts';
import { unpackLaterPeers } from './later-packages.ts';
import { buildProgram } from './program.mjs';
import { runTests } from './run-tests.ts';

const root = join(import.meta.dirname, '..');
const modules = join(root, 'node_modules');

/** One that runs beside others: what it prints comes when it has ended. */
async function beside(title: string, script: string, ...args: string[]): Promise<boolean> {
  const child = spawn(process.execPath, [join(modules, script), ...args], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const printed: Buffer[] = [];
  for (const stream of [child.stdout, child.stderr])
    stream.on('data', (chunk: Buffer) => printed.push(chunk));
  const [status] = (await once(child, 'close')) as [number | null];
  console.error(`\n== ${title}`);
  process.stderr.write(Buffer.concat(printed));
  return status === 0;
}

/** ESLint, which takes longest, beside all the others. */
async function checks(): Promise<boolean> {
  const short = async (): Promise<boolean[]> => [
    await beside('prettier', 'prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'),
    await beside('types', 'typescript/bin/tsc', '--noEmit'),
    await beside('types of the panel', 'typescript/bin/tsc', '-p', 'panel'),
  ];
  const results = await Promise.all([short(), beside('eslint', 'eslint/bin/eslint.js', '.')]);
  return results.flat().every(Boolean);
}

const args = process.argv.slice(2);
installPeers();
unpackLaterPeers();

/**
 * Has Node keep what it compiles of a box and of a command that run: on machines of tests, whose files are overlays, every start would do it
 * again.
 */
async function compile(): Promise<void> {
  await buildProgram(root, process.execPath);
  const box = await startBox();
  await signpost(box.data, 'status');
  await box.stop();
}

const checked = args.length > 0 || (await checks());
// A box that does not start is what the tests have to say.
if (args.length === 0) await compile().catch(console.error);
console.error('\n== tests');
const passed = runTests(args);
process.exit(checked && passed ? 0 : 1);
