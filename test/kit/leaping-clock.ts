import { type Clock, systemClock, type Timer } from '../../src/core/clock.ts';

interface Waiting {
  due: number;
  action: () => void;
  /** Of the real clock. */
  timer: Timer | undefined;
}

/**
 * The clock of a machine that is suspended now and then. It runs as the real one does, so that peers have the time they need;
 * `leap` takes it over hours in which nothing happens.
 */
export class LeapingClock implements Clock {
  #ahead = 0;
  readonly #waiting = new Set<Waiting>();

  now(): number {
    return systemClock.now() + this.#ahead;
  }

  monotonic(): number {
    return systemClock.monotonic() + this.#ahead;
  }

  after(delay: number, action: () => void): Timer {
    const waiting: Waiting = { due: this.monotonic() + delay, action, timer: undefined };
    this.#waiting.add(waiting);
    this.#arm(waiting);
    return {
      cancel: () => {
        waiting.timer?.cancel();
        this.#waiting.delete(waiting);
      },
    };
  }

  /** Moves on by `milliseconds`. What falls due meanwhile happens right after, in order of its due time. */
  leap(milliseconds: number): void {
    this.#ahead += milliseconds;
    for (const waiting of [...this.#waiting].sort((a, b) => a.due - b.due)) this.#arm(waiting);
  }

  #arm(waiting: Waiting): void {
    waiting.timer?.cancel();
    waiting.timer = systemClock.after(Math.max(waiting.due - this.monotonic(), 0), () => {
      this.#waiting.delete(waiting);
      waiting.action();
    });
  }
}
