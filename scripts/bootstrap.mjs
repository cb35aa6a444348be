// Runs on any Node from 20: installs what the lock file asks for, then goes on under the pinned Node 26.
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { replaced } from './child.mjs';
import { installDependencies } from './install.mjs';
import { boxFlags, nodeFlags } from './node-flags.mjs';
import { buildPanel } from './panel.mjs';
import { buildProgram, bundle } from './program.mjs';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const modules = join(root, 'node_modules');
const pinned = join(modules, '.bin', 'node');

/** The pinned Node, or this one where it is new enough and no pinned build exists for the platform. */
function nodePath() {
  if (existsSync(pinned)) return pinned;
  if (Number(process.versions.node.split('.')[0]) >= 26) return process.execPath;
  console.error(
    `signpost: there is no pinned Node for ${process.platform}-${process.arch}; install Node 26 or newer and start again.`,
  );
  process.exit(1);
}

/** Runs `args` under the pinned Node. */
function run(args) {
  // What is compiled is kept, and not done at every start.
  replaced(nodePath(), args, { NODE_COMPILE_CACHE: join(modules, '.cache', 'node'), ...process.env });
}

/** The path of one of the bundled programs, made of the source as it is. */
async function program(name) {
  await buildProgram(root, nodePath()).catch(refuse);
  return join(root, 'build', `${name}.js`);
}

function refuse(error) {
  console.error(error.message);
  process.exit(1);
}

const [command, ...rest] = process.argv.slice(2);
await installDependencies(root);
switch (command) {
  case 'start':
    await buildPanel(root, nodePath());
    run([...boxFlags, await program('main'), ...rest]);
    break;
  case 'program':
    run([...nodeFlags, await program(rest[0]), ...rest.slice(1)]);
    break;
  case 'bundle':
    await bundle(root, nodePath(), join(root, rest[0])).catch(refuse);
    break;
  case 'test':
    run([...nodeFlags, join(root, 'scripts/test.ts'), ...rest]);
    break;
  case 'vitest':
    run([...nodeFlags, join(modules, 'vitest/vitest.mjs'), ...rest]);
    break;
  case 'panel':
    process.exit((await buildPanel(root, nodePath())) ? 0 : 1);
    break;
  case 'run':
    // Benchmarks and their like start boxes.
    await program('main');
    run([...nodeFlags, ...rest]);
    break;
  default:
    console.error('usage: bootstrap.mjs start|program|test|vitest|panel|bundle|run …');
    process.exit(2);
}
