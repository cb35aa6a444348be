import type { Clock, Timer } from '../../core/clock.ts';

/** Rings once at the earliest of the times it was set to, in milliseconds since the epoch; then it wants to be set again. */
export interface Alarm {
  set(time: number): void;
  /** It rings no more. */
  cancel(): void;
}

export function createAlarm(clock: Clock, ring: () => void): Alarm {
  let due = Infinity;
  let timer: Timer | undefined;

  function wait(): void {
    timer = clock.after(Math.max(due - clock.now(), 0), () => {
      // A long wait is cut short by the timer.
      if (clock.now() < due) {
        wait();
        return;
      }
      due = Infinity;
      ring();
    });
  }

  return {
    set(time) {
      if (time >= due) return;
      timer?.cancel();
      due = time;
      wait();
    },
    cancel: () => timer?.cancel(),
  };
}
