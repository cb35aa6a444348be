// Runs on any Node from 20: installs what the lock file asks for, then goes on under the pinned Node 26.
import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { boxFlags, nodeFlags } from './node-flags.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const stamp = join(modules, '.signpost-installed');
const pinned = join(modules, '.bin', 'node');

/** Installs the dependencies unless those of this very lock file are there already. */
function install() {
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('signpost: installing dependencies (npm ci) …');
  // No install scripts: every native package we use ships its binaries inside, and no compiler is needed.
  const result = spawnSync('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: root,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (result.status !== 0) {
    console.error(
      'signpost: npm ci failed; see the lines above. Run the same command again when it is mended.',
    );
    process.exit(result.status ?? 1);
  }
  writeFileSync(stamp, wanted);
}

/** The pinned Node, or this one where it is new enough and no pinned build exists for the platform. */
function nodePath() {
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  console.error(
    `signpost: there is no pinned Node for ${process.platform}-${process.arch}; install Node 26 or newer and start again.`,
  );
  process.exit(1);
}

/** Runs `args` under the pinned Node, passing signals on and ending as it ends. */
function run(args) {
  // Hundreds of files are stripped of types and compiled once, not at every start.
  const env = { NODE_COMPILE_CACHE: join(modules, '.cache', 'node'), ...process.env };
  const child = spawn(nodePath(), args, { cwd: process.cwd(), stdio: 'inherit', env });
  for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  child.on('exit', (code, signal) => {
    if (signal) {
      process.removeAllListeners(signal);
      process.kill(process.pid, signal);
    } else process.exit(code ?? 1);
  });
}

const [command, ...rest] = process.argv.slice(2);
install();
switch (command) {
  case 'start':
    run([...boxFlags, join(root, 'src/main.ts'), ...rest]);
    break;
  case 'test':
    run([...nodeFlags, join(root, 'scripts/test.ts'), ...rest]);
    break;
  case 'vitest':
    run([...nodeFlags, join(modules, 'vitest/vitest.mjs'), ...rest]);
    break;
  case 'run':
    run([...nodeFlags, ...rest]);
    break;
  default:
    console.error('usage: bootstrap.mjs start|test|vitest|run …');
    process.exit(2);
}
