import type { Clock } from '../core/clock.ts';

/** Failed credentials that a network has free before it must wait. */
const BURST = 10;
/** Milliseconds until one more attempt is free. */
const REFILL = 6_000;
/** Networks remembered at a time: some megabytes at most, whoever attacks. */
const CAPACITY = 20_000;

export interface FailedAttempts {
  /** Seconds to wait before the next attempt; 0 when one is free. */
  wait(network: string): number;
  count(network: string): void;
}

/**
 * Counts failed credentials per network in a bucket that leaks one per REFILL. The bucket is kept as the time at which it will be empty; the
 * network that failed longest ago is forgotten first.
 */
export function createFailedAttempts(clock: Clock): FailedAttempts {
  const emptyAt = new Map<string, number>();

  return {
    wait(network) {
      const excess = (emptyAt.get(network) ?? 0) - clock.monotonic() - (BURST - 1) * REFILL;
      return excess > 0 ? Math.ceil(excess / 1000) : 0;
    },
    count(network) {
      const now = clock.monotonic();
      const level = Math.max(emptyAt.get(network) ?? 0, now);
      emptyAt.delete(network);
      emptyAt.set(network, level + REFILL);
      if (emptyAt.size > CAPACITY) emptyAt.delete(emptyAt.keys().next().value!);
    },
  };
}
