import { useSyncExternalStore } from 'react';

/** Milliseconds between two looks at the clock. */
const TICK = 20_000;

let now = new Date();
const waiting = new Set<() => void>();
let timer: ReturnType<typeof setInterval> | undefined;

function subscribe(changed: () => void): () => void {
  waiting.add(changed);
  timer ??= setInterval(() => {
    now = new Date();
    for (const one of waiting) one();
  }, TICK);
  return () => {
    waiting.delete(changed);
    if (waiting.size > 0) return;
    clearInterval(timer);
    timer = undefined;
  };
}

/** The time, one clock for the whole page. */
export function useNow(): Date {
  return useSyncExternalStore(subscribe, () => now);
}
