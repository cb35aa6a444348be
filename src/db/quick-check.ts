import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Clock } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import { programBeside } from '../core/program.ts';
import { toRfc3339 } from '../core/rfc3339.ts';
import { damageAdvice } from './copies.ts';
import { runProgram } from './run-program.ts';

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
const program = fileURLToPath(programBeside(import.meta.url, 'quick-check-program'));

/**
 * Checks the database once, in a process of its own: SQLite reads all of it in one call, minutes for gigabytes, and cannot be told to
 * stop in a thread. Meanwhile the journal grows with every change, as it cannot be emptied under a reader.
 */
export function startQuickCheck(path: string, { clock, log }: QuickCheckOptions): QuickCheck {
  const stopping = new AbortController();
  let integrity: Integrity | undefined;
  let running = Promise.resolve();

  const check = async (): Promise<void> => {
    const faults = await runProgram(program, [path], stopping.signal);
    integrity = { checkedAt: toRfc3339(clock.now()), problem: problemOf(dirname(path), faults) };
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

/** In a sentence, with what to do; undefined when there are no faults. */
export function problemOf(data: string, faults: readonly string[]): string | undefined {
  return faults.length === 0
    ? undefined
    : `The database is damaged (${faults.join('; ')}): ${damageAdvice(data)}.`;
}
