import { type Clock, sleep, type Timer } from '../core/clock.ts';
import type { Log } from '../core/log.ts';
import type { Change, UnitOfWork, Why } from './unit-of-work.ts';

/** Something of which only so much is kept: what is older is forgotten. */
export interface Keeper {
  /** What it is, in a word, for the log and the metrics. */
  readonly what: string;
  /** Forgets some of what is old: little enough for one change, found by an index. */
  forget(change: Change): Forgotten;
}

export interface Forgotten {
  /** Rows that went. */
  dropped: number;
  /** Whether it is to be asked again at once. */
  more: boolean;
}

export interface HistoryOptions {
  work: UnitOfWork;
  keepers: readonly Keeper[];
  /** Told after each change in which something went. */
  onForgotten?: (what: string, rows: number) => void;
  clock: Clock;
  log: Log;
}

export interface History {
  /** Resolves when nothing is being forgotten. */
  stop(): Promise<void>;
}

/** Milliseconds after the start, and then between two rounds. */
const FIRST = 60_000;
const INTERVAL = 3_600_000;
/** Milliseconds between two changes: what people ask for goes first. */
const PAUSE = 20;

const why: Why = {
  actor: { kind: 'system', id: 'history', name: 'history', address: undefined },
  cause: 'what is old forgotten',
};

/**
 * Forgets what is older than is kept, every hour, a little in each change. How far a keeper has come is kept in the change itself, so
 * that a stop at any time loses nothing and repeats nothing.
 */
export function startHistory({ work, keepers, onForgotten, clock, log }: HistoryOptions): History {
  let timer: Timer | undefined;
  let running = Promise.resolve();
  let stopped = false;

  async function run(keeper: Keeper): Promise<number> {
    let rows = 0;
    for (let more = true; more && !stopped;) {
      const result = await work.change(why, (change) => keeper.forget(change));
      if (result.dropped > 0) onForgotten?.(keeper.what, result.dropped);
      rows += result.dropped;
      more = result.more;
      if (more) await sleep(clock, PAUSE);
    }
    return rows;
  }

  async function round(): Promise<void> {
    for (const keeper of keepers) {
      if (stopped) return;
      try {
        const rows = await run(keeper);
        if (rows > 0) log.info({ what: keeper.what, rows }, 'forgot what is older than is kept');
      } catch (error) {
        // The others are not held up by it.
        log.error(
          { err: error, what: keeper.what },
          'what is old could not be forgotten; trying again in an hour',
        );
      }
    }
  }

  function schedule(delay: number): void {
    if (stopped) return;
    timer = clock.after(delay, () => {
      running = round().then(() => schedule(INTERVAL));
    });
  }

  schedule(FIRST);
  return {
    async stop() {
      stopped = true;
      timer?.cancel();
      await running;
    },
  };
}
