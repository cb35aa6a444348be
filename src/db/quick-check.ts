import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { toRfc3339 } from '../core/rfc3339.ts';

/** Whether the database is whole. */
export interface Integrity {
  /** When that was found out: RFC 3339. */
  checkedAt: string;
  /** What is wrong and what to do; undefined when nothing is. */
  problem: string | undefined;
}

export interface QuickCheck {
  /** Undefined while it is not known. */
  result(): Integrity | undefined;
  /** Resolves when the database is left alone. */
  stop(): Promise<void>;
}

export interface QuickCheckOptions {
  clock: Clock;
  log: Log;
}

/** Milliseconds after which the check begins: loading the zones reads the same disk. */
const DELAY = 30_000;
const program = fileURLToPath(new URL('./quick-check-program.ts', import.meta.url));

/**
 * Checks the database once, in a process of its own: SQLite reads all of it in one call, minutes for gigabytes, and cannot be told to
 * stop in a thread. Meanwhile the journal grows with every change, as it cannot be emptied under a reader.
 */
export function startQuickCheck(path: string, { clock, log }: QuickCheckOptions): QuickCheck {
  const stopping = new AbortController();
  let integrity: Integrity | undefined;
  let running = Promise.resolve();

  const check = async (): Promise<void> => {
    const faults = await run(path, stopping.signal);
    integrity = { checkedAt: toRfc3339(clock.now()), problem: problemOf(faults) };
    if (integrity.problem !== undefined) log.error(integrity.problem);
  };
  const timer = clock.after(DELAY, () => {
    running = check().catch((error: unknown) => {
      if (!stopping.signal.aborted) log.warn({ err: error }, 'the database could not be checked');
    });
  });
  return {
    result: () => integrity,
    stop() {
      timer.cancel();
      stopping.abort();
      return running;
    },
  };
}

function problemOf(faults: readonly string[]): string | undefined {
  if (faults.length === 0) return undefined;
  return `The database is damaged (${faults.join('; ')}): stop the box, keep a copy of the data folder as it is, and put back a backup.`;
}

function run(path: string, signal: AbortSignal): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = execFile(process.execPath, [program, path], (error, stdout) => {
      if (error) reject(new Error('the check ended early', { cause: error }));
      else resolve(stdout.split('\n').filter((line) => line !== ''));
    });
    signal.addEventListener('abort', () => child.kill('SIGKILL'));
  });
}
