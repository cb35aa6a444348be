import { spawn } from 'node:child_process';
import { setInterval } from 'node:timers';

/** Milliseconds between two looks at whether npm is still there. */
const LOOK = 500;

const running = new Set();
for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'])
  process.on(signal, () => {
    for (const child of running) child.kill(signal);
  });
endWithNpm();

/** Runs `command` to its end; signals are passed on to it. Its standard error is kept. */
export function captured(command, args, cwd, env = process.env) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
    running.add(child);
    let stderr = '';
    child.stderr.on('data', (chunk) => (stderr += chunk));
    child.on('error', (error) => resolve({ status: 1, stderr: error.message }));
    child.on('close', (status, signal) => {
      running.delete(child);
      if (signal) endBy(signal);
      resolve({ status, stderr });
    });
  });
}

/** Runs `command` in place of this process: signals are passed on to it, and this ends as it ends. */
export function replaced(command, args, env) {
  const child = spawn(command, args, { stdio: 'inherit', env });
  running.add(child);
  child.on('error', (error) => {
    console.error(`signpost: ${command} cannot be run: ${error.message}`);
    process.exit(1);
  });
  child.on('exit', async (code, signal) => {
    if (signal) return endBy(signal);
    await endIfNotLoaded(command, code);
    process.exit(code ?? 1);
  });
}

/** The exit code of a program that the loader could not start (ld.so(8)). */
const NOT_LOADED = 127;
/** What the process ends with when the machine lacks something; docs/errors.md lists it. */
const MACHINE = 5;
/** Packages of Debian and its like that have what Node is linked with. */
const packages = {
  'libatomic.so.1': 'libatomic1',
  'libstdc++.so.6': 'libstdc++6',
  'libgcc_s.so.1': 'libgcc-s1',
};

/** Ends this process where `command` ended with `code` because it misses a library: says which, and how to get it. */
export async function endIfNotLoaded(command, code) {
  if (code !== NOT_LOADED) return;
  const { stderr } = await captured(command, ['--version']);
  const [, library] = /error while loading shared libraries: ([^\s:]+):/.exec(stderr) ?? [];
  if (library === undefined) return;
  const name = packages[library];
  const remedy = name === undefined ? 'Install it' : `Install it with: apt-get install ${name}`;
  console.error(
    `signpost: the pinned Node cannot start, as this machine lacks the library ${library}. ${remedy}\nThen run the same command again.`,
  );
  process.exit(MACHINE);
}

function endBy(signal) {
  process.removeAllListeners(signal);
  process.kill(process.pid, signal);
}

/** Where npm ends without a word (SIGKILL, or SIGHUP to npm alone), what it has started ends in order: nobody would know of it. */
function endWithNpm() {
  if (process.env['npm_lifecycle_event'] === undefined) return;
  const npm = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === npm) return;
    for (const child of running) child.kill('SIGTERM');
  }, LOOK);
  timer.unref();
}
