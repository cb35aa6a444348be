/** A started timer; `cancel` is safe to call after it fired. */
export interface Timer {
  cancel(): void;
}

/** The only source of time in the program, so that a test can run a year in a second. */
export interface Clock {
  /** Milliseconds since the Unix epoch. */
  now(): number;
  /** Milliseconds from an arbitrary origin; never goes back. */
  monotonic(): number;
  /** Calls `action` once, `delay` milliseconds from now. The timer does not keep the process alive. */
  after(delay: number, action: () => void): Timer;
}

/** Whole seconds since the Unix epoch. */
export function epochSeconds(clock: Pick<Clock, 'now'>): number {
  return Math.floor(clock.now() / 1000);
}

/** Resolves `delay` milliseconds from now. */
export function sleep(clock: Clock, delay: number): Promise<void> {
  return new Promise((resolve) => clock.after(delay, resolve));
}

export const systemClock: Clock = {
  now: () => Date.now(),
  monotonic: () => performance.now(),
  after(delay, action) {
    // setTimeout fires at once for delays beyond 2^31-1 ms; a longer wait is cut and the caller re-checks.
    const handle = setTimeout(action, Math.min(delay, 0x7fffffff));
    handle.unref();
    return { cancel: () => clearTimeout(handle) };
  },
};

/** A clock that stands still until `advance`; timers fire in order of their due time. */
export class FakeClock implements Clock {
  #now: number;
  #timers: { due: number; action: () => void }[] = [];

  constructor(now = Date.UTC(2026, 0, 1)) {
    this.#now = now;
  }

  now(): number {
    return this.#now;
  }

  monotonic(): number {
    return this.#now;
  }

  after(delay: number, action: () => void): Timer {
    const timer = { due: this.#now + delay, action };
    this.#timers.push(timer);
    return { cancel: () => (this.#timers = this.#timers.filter((other) => other !== timer)) };
  }

  /** Moves time on by `ms`, firing what falls due; lets promises settle after every timer. */
  async advance(ms: number): Promise<void> {
    const end = this.#now + ms;
    for (;;) {
      this.#timers.sort((a, b) => a.due - b.due);
      const next = this.#timers[0];
      if (!next || next.due > end) break;
      this.#timers.shift();
      this.#now = next.due;
      next.action();
      await new Promise((resolve) => setImmediate(resolve));
    }
    this.#now = end;
  }
}
