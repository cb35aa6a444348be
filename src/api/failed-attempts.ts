import type { Clock } from '../core/clock.ts';

/** Networks remembered at a time: some megabytes at most, whoever attacks. */
const CAPACITY = 20_000;

export interface Allowance {
  /** Attempts that a network has free before it must wait. */
  burst: number;
  /** Milliseconds until one more attempt is free. */
  refill: number;
}

export interface FailedAttempts {
  /** Seconds to wait before the next attempt; 0 when one is free. */
  wait(network: string): number;
  count(network: string): void;
}

/**
 * Counts attempts per network in a bucket that leaks one per `refill`. The bucket is kept as the time at which it will be empty; the
 * network that tried longest ago is forgotten first.
 */
export function createFailedAttempts(clock: Clock, { burst, refill }: Allowance): FailedAttempts {
  const emptyAt = new Map<string, number>();

  return {
    wait(network) {
      const excess = (emptyAt.get(network) ?? 0) - clock.monotonic() - (burst - 1) * refill;
      return excess > 0 ? Math.ceil(excess / 1000) : 0;
    },
    count(network) {
      const now = clock.monotonic();
      const level = Math.max(emptyAt.get(network) ?? 0, now);
      emptyAt.delete(network);
      emptyAt.set(network, level + refill);
      if (emptyAt.size > CAPACITY) emptyAt.delete(emptyAt.keys().next().value!);
    },
  };
}
