import type { Clock, Timer } from '../../core/clock.ts';

/** Milliseconds from a change until it is applied, so that many changes together are one. */
const CALM = 2000;
/** The longest that changes which go on may put it off. */
const LONGEST = 15_000;
/** Before it is tried again. */
const RETRY = 60_000;

/** Something that is done once things have calmed down. */
export interface Calm {
  changed(): void;
  /** Resolves when nothing is under way any more. */
  stop(): Promise<void>;
}

/** @param act returns whether it is to be tried again; never throws */
export function createCalm(clock: Clock, act: () => Promise<boolean>): Calm {
  let timer: Timer | undefined;
  let waitingSince: number | undefined;
  let stopped = false;
  let ended: Promise<void> = Promise.resolve();

  function later(delay: number): void {
    if (stopped) return;
    timer?.cancel();
    timer = clock.after(delay, () => {
      waitingSince = undefined;
      ended = ended.then(run);
    });
  }

  async function run(): Promise<void> {
    if (!stopped && (await act())) later(RETRY);
  }

  return {
    changed() {
      waitingSince ??= clock.monotonic();
      later(Math.min(CALM, Math.max(0, LONGEST - (clock.monotonic() - waitingSince))));
    },
    async stop() {
      stopped = true;
      timer?.cancel();
      await ended;
    },
  };
}
