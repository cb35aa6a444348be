/**
 * How long answers took, counted by the batch: each message of it counts as long as the batch had, from when its messages were
 * taken from the kernel to when the kernel had the responses.
 */
export interface LatencyCounters {
  /** Messages by the first of {@link LATENCY_BOUNDS} that was enough; the last count is of those for which none was. */
  counts: number[];
  /** Of all of them together, milliseconds. */
  sum: number;
}

/** Milliseconds. */
export const LATENCY_BOUNDS: readonly number[] = [
  0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200, 500, 1000,
];

export const LATENCY_COUNTS = LATENCY_BOUNDS.length + 1;

/** Which count a batch of so many milliseconds belongs to. */
export function latencyIndex(milliseconds: number): number {
  let index = 0;
  while (index < LATENCY_BOUNDS.length && milliseconds > LATENCY_BOUNDS[index]!) index++;
  return index;
}

export function noLatency(): LatencyCounters {
  return { counts: Array.from({ length: LATENCY_COUNTS }, () => 0), sum: 0 };
}

export function messagesOf({ counts }: LatencyCounters): number {
  return counts.reduce((sum, count) => sum + count, 0);
}

/** The bound within which this share of all messages was answered, milliseconds; undefined when there were none, or it was more than the last. */
export function latencyWithin(latency: LatencyCounters, share: number): number | undefined {
  const wanted = share * messagesOf(latency);
  let seen = 0;
  for (const [index, bound] of LATENCY_BOUNDS.entries()) {
    seen += latency.counts[index]!;
    if (seen > 0 && seen >= wanted) return bound;
  }
  return undefined;
}
