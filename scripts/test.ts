// All of `npm test`: the peers, then lint, formatting and types, then every test. Arguments go to vitest.
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { installPeers } from './debian-packages.ts';
import { unpackLaterPeers } from './later-packages.ts';
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
/** Each with what it loads later, in part. */
const programs = ['src/start.ts', 'src/mail/agent/server.ts', 'src/cli/program.ts'];

/** Compiles our programs into Node's cache: on machines of tests, whose files are overlays, every start would do it again. */
function compile(): void {
  const imports = programs.map((program) => `await import(${JSON.stringify(join(root, program))});`);
  const script = [...imports, 'process.exit();'].join('\n');
  spawnSync(process.execPath, ['--input-type=module', '--eval', script], { stdio: 'inherit' });
}

const checked = args.length > 0 || (await checks());
if (args.length === 0) compile();
console.error('\n== tests');
const passed = runTests(args);
process.exit(checked && passed ? 0 : 1);
