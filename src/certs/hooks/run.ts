import { spawn, type ChildProcess } from 'node:child_process';
import { type Clock, sleep } from '../../core/clock.ts';

/** Octets of its output that are kept: the last ones, as what went wrong stands at the end. */
const KEPT = 4096;
/** Milliseconds from the first signal to the one that nothing survives. */
const GRACE = 5_000;
/** Milliseconds in which the last output arrives. What the hook left running may hold the pipe for ever. */
const DRAIN = 100;

export interface HookOutcome {
  kind: 'done' | 'failed' | 'timeout' | 'stopped';
  /** Why it is not done: the rest of a sentence. */
  reason: string;
  /** What it printed, at the end; without private keys. */
  output: string;
}

export interface HookRun {
  env: Readonly<Record<string, string>>;
  cwd: string;
  /** Milliseconds. */
  timeout: number;
  clock: Clock;
  /** Ends it before its time. */
  stopping: AbortSignal;
}

/** Runs the program, with nothing but the environment that is given. What it started goes with it when its time is over. */
export async function runHook(
  path: string,
  { env, cwd, timeout, clock, stopping }: HookRun,
): Promise<HookOutcome> {
  let output = Buffer.alloc(0);
  const keep = (chunk: Buffer): void => {
    output = Buffer.concat([output, chunk]).subarray(-KEPT);
  };
  // Its own process group, so that all of it can be ended.
  const child = spawn(path, { env, cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'] });
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  let ended: 'timeout' | 'stopped' | undefined;
  const end = (why: 'timeout' | 'stopped'): void => {
    ended ??= why;
    signal(child, 'SIGTERM');
    clock.after(GRACE, () => signal(child, 'SIGKILL'));
  };
  const timer = clock.after(timeout, () => end('timeout'));
  const stop = (): void => end('stopped');
  stopping.addEventListener('abort', stop);
  if (stopping.aborted) stop();
  // It may come with the exit, and so before anybody could wait for it afterwards.
  const closed = new Promise((resolve) => child.on('close', resolve));
  const failure = await exitOf(child);
  timer.cancel();
  stopping.removeEventListener('abort', stop);
  await Promise.race([closed, sleep(clock, DRAIN)]);
  child.stdout.destroy();
  child.stderr.destroy();
  const kind = ended ?? (failure === undefined ? 'done' : 'failed');
  const reason = ended === 'timeout' ? `it took longer than ${timeout / 1000} seconds` : (failure ?? '');
  return { kind, reason, output: withoutKeys(output.toString().trim()) };
}

function signal(child: ChildProcess, name: NodeJS.Signals): void {
  try {
    if (child.pid !== undefined) process.kill(-child.pid, name);
  } catch {
    // All of it has ended.
  }
}

/** Resolves when it has ended, with what is wrong about how. */
function exitOf(child: ChildProcess): Promise<string | undefined> {
  return new Promise((resolve) => {
    child.on('error', (error) => resolve(`it cannot be started: ${error.message}`));
    child.on('exit', (code, by) =>
      resolve(code === 0 ? undefined : code === null ? `it was ended by ${by}` : `exit code ${code}`),
    );
  });
}

/** The log is no place for a key, whatever a hook prints. */
export function withoutKeys(text: string): string {
  const whole = /-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z0-9 ]*PRIVATE KEY-----|$)/g;
  // The beginning may have been cut off.
  const rest = /^[^]*-----END [A-Z0-9 ]*PRIVATE KEY-----/;
  return text.replace(whole, '[private key]').replace(rest, '[private key]');
}
