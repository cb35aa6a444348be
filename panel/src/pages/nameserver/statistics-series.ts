/** Lines of a chart that have a name of their own; the rest is one. */
const NAMED = 5;

interface Count {
  name: string;
  count: number;
}

interface Series {
  /** The most frequent first. */
  names: string[];
  /** Rates per second by name, and the time as `at`. */
  points: Record<string, string | number>[];
}

/** What a chart shows of samples: the most frequent by name, all others together. */
export function seriesOf<Sample extends { at: string; seconds: number }>(
  samples: readonly Sample[],
  pick: (sample: Sample) => readonly Count[],
  others: string,
): Series {
  const sums = new Map<string, number>();
  for (const sample of samples)
    for (const { name, count } of pick(sample)) sums.set(name, (sums.get(name) ?? 0) + count);
  const ordered = [...sums].sort(([, one], [, other]) => other - one).map(([name]) => name);
  const named = ordered.slice(0, NAMED);
  const names = ordered.length > NAMED ? [...named, others] : named;
  const points = samples.map((sample) => {
    const point: Record<string, string | number> = { at: sample.at };
    for (const name of names) point[name] = 0;
    for (const { name, count } of pick(sample)) {
      const key = named.includes(name) ? name : others;
      point[key] = Number(point[key] ?? 0) + Math.round((1000 * count) / sample.seconds) / 1000;
    }
    return point;
  });
  return { names, points };
}
