import { setImmediate } from 'node:timers';

/** Shares a thread out among many that want work done, so that none of them keeps it from everything else. */
export interface Turns {
  /** Whether one more piece of work may be done in this turn of the event loop. Who waits goes first. */
  take(): boolean;
  /** Calls `resume` in a later turn, in the order of asking: it takes what it may, and waits again for the rest. */
  wait(resume: () => void): void;
}

/** `pieces` of work are done in a turn; then the event loop sees to everything else. */
export function createTurns(pieces: number): Turns {
  let waiting: (() => void)[] = [];
  let left = pieces;
  let scheduled = false;
  let resuming = false;

  const schedule = (): void => {
    if (scheduled) return;
    scheduled = true;
    setImmediate(nextTurn);
  };
  const nextTurn = (): void => {
    scheduled = false;
    left = pieces;
    const queue = waiting;
    waiting = [];
    resuming = true;
    let resumed = 0;
    while (resumed < queue.length && left > 0) queue[resumed++]!();
    resuming = false;
    waiting = [...queue.slice(resumed), ...waiting];
    if (waiting.length > 0) schedule();
  };

  return {
    take() {
      if (left === 0 || (waiting.length > 0 && !resuming)) return false;
      left--;
      schedule();
      return true;
    },
    wait(resume) {
      waiting.push(resume);
      schedule();
    },
  };
}
