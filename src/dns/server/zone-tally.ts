import { ZONE_FIELDS, ZoneField } from './counters.ts';

/** What a zone was asked, in a stretch of time. */
export interface ZoneTally {
  /** As it is called now. */
  zone: string;
  queries: number;
  /** Those of them for names that do not exist (NXDOMAIN). */
  nameErrors: number;
}

/** Where zones are counted. */
export interface ZoneCounts {
  /** For each thread the words of `ZoneField`, by the zone's number. Only that thread writes them. */
  threads: readonly Uint32Array[];
  /** No zone has this number or a greater one. */
  end: number;
  /** undefined for one that went. */
  nameOf(number: number): string | undefined;
}

/** Zones that one look tells of. */
export const TALLIED = 50;

/** Gives, at each call, the zones that were asked most since the call before, the first of them first. Costs a millisecond with 100,000 zones. */
export function createZoneTally(read: () => ZoneCounts): () => ZoneTally[] {
  let before = sumOf(read());
  return () => {
    const counts = read();
    const now = sumOf(counts);
    const since = (at: number): number => increase(now[at]!, before[at] ?? 0);
    const found = most(counts.end, (number) => since(ZONE_FIELDS * number + ZoneField.queries)).flatMap(
      (number) => {
        const zone = counts.nameOf(number);
        const at = ZONE_FIELDS * number;
        const [queries, nameErrors] = [since(at + ZoneField.queries), since(at + ZoneField.nameErrors)];
        return zone === undefined ? [] : [{ zone, queries, nameErrors }];
      },
    );
    before = now;
    return found;
  };
}

/** Stretches put together: the zones that were asked most, of those that each of them tells of. */
export function mergeTallies(lists: readonly (readonly ZoneTally[])[]): ZoneTally[] {
  const sums = new Map<string, ZoneTally>();
  for (const { zone, queries, nameErrors } of lists.flat()) {
    const sum = sums.get(zone);
    if (!sum) sums.set(zone, { zone, queries, nameErrors });
    else {
      sum.queries += queries;
      sum.nameErrors += nameErrors;
    }
  }
  return [...sums.values()].sort((one, other) => other.queries - one.queries).slice(0, TALLIED);
}

/** Of all threads; each count goes round at 2³². */
function sumOf({ threads, end }: ZoneCounts): Uint32Array {
  const sum = new Uint32Array(ZONE_FIELDS * end);
  for (const counts of threads) for (let at = 0; at < sum.length; at++) sum[at]! += counts[at]!;
  return sum;
}

/** Nothing, where a thread and its counts went. */
function increase(now: number, before: number): number {
  const by = (now - before) >>> 0;
  return by < 0x8000_0000 ? by : 0;
}

/** The numbers below `end` with the greatest counts, the greatest first; those with none left out. 0 is no zone. */
function most(end: number, countOf: (number: number) => number): number[] {
  const found: { number: number; count: number }[] = [];
  for (let number = 1; number < end; number++) {
    const count = countOf(number);
    if (count === 0 || (found.length === TALLIED && count <= found.at(-1)!.count)) continue;
    const at = found.findIndex((other) => other.count < count);
    found.splice(at < 0 ? found.length : at, 0, { number, count });
    if (found.length > TALLIED) found.pop();
  }
  return found.map(({ number }) => number);
}
