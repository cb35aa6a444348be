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
export function captured(command, args, cwd) {
  return new Promise((resolve) => {
    const child = spawn(command, args, { cwd, stdio: ['ignore', 'ignore', 'pipe'] });
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
  child.on('exit', (code, signal) => {
    if (signal) endBy(signal);
    else process.exit(code ?? 1);
  });
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
