import type { Clock, Timer } from '../../core/clock.ts';
import type { CountedTransport, SeatCounters } from './counters.ts';
import { type LatencyCounters, noLatency } from './latency.ts';
import { createZoneTally, mergeTallies, type ZoneCounts, type ZoneTally } from './zone-tally.ts';

/** Milliseconds from one look at the counters to the next. */
const EVERY = 10_000;
/** Looks that are kept: an hour. */
const KEPT = 360;

const transports: readonly CountedTransport[] = ['udp', 'tcp', 'tls', 'https'];

/** What came in and went out in a stretch of time, all workers together. */
export interface QueryFigures {
  queries: Record<CountedTransport, number>;
  /** Responses by RCODE, and by the type asked for; see `TransportCounters` for what stands for others. */
  rcodes: Map<number, number>;
  types: Map<number, number>;
  /** Messages without a reply, as they are no queries; and those that were not looked at. */
  malformed: number;
  shed: number;
  truncated: number;
  failures: number;
  limited: { slipped: number; dropped: number };
  transfers: { whole: number; difference: number };
  latency: Record<CountedTransport, LatencyCounters>;
}

export interface QuerySample extends QueryFigures {
  /** Milliseconds since the epoch: when the stretch ended. */
  at: number;
  /** Milliseconds that it had. */
  length: number;
  /** The zones that were asked most, the first of them first. Of a longer stretch: of those that each look found. */
  zones: ZoneTally[];
}

export interface QueryHistory {
  /** Of the last `length` milliseconds, the oldest first; neighbours are put together until there are at most `most`. */
  last(length: number, most: number): QuerySample[];
  stop(): void;
}

/** Remembers for an hour how the counters went on: what was asked for is seen in time without anything outside that asks for it. */
export function createQueryHistory(
  read: () => readonly SeatCounters[],
  readZones: () => ZoneCounts,
  clock: Clock,
): QueryHistory {
  const tallyZones = createZoneTally(readZones);
  const samples: QuerySample[] = [];
  let before = { figures: totalOf(read()), at: clock.now() };
  let timer: Timer;
  const look = (): void => {
    const now = { figures: totalOf(read()), at: clock.now() };
    samples.push({
      ...difference(now.figures, before.figures),
      at: now.at,
      length: now.at - before.at,
      zones: tallyZones(),
    });
    if (samples.length > KEPT) samples.shift();
    before = now;
    timer = clock.after(EVERY, look);
  };
  timer = clock.after(EVERY, look);
  return {
    last(length, most) {
      const since = clock.now() - length;
      const found = samples.filter(({ at }) => at > since);
      const group = Math.ceil(found.length / most);
      return Array.from({ length: group === 0 ? 0 : Math.ceil(found.length / group) }, (_, index) =>
        merged(found.slice(index * group, (index + 1) * group)),
      );
    },
    stop: () => timer.cancel(),
  };
}

function noFigures(): QueryFigures {
  return {
    queries: { udp: 0, tcp: 0, tls: 0, https: 0 },
    ...{ rcodes: new Map(), types: new Map() },
    ...{ malformed: 0, shed: 0, truncated: 0, failures: 0 },
    limited: { slipped: 0, dropped: 0 },
    transfers: { whole: 0, difference: 0 },
    latency: { udp: noLatency(), tcp: noLatency(), tls: noLatency(), https: noLatency() },
  };
}

function totalOf(seats: readonly SeatCounters[]): QueryFigures {
  const total = noFigures();
  for (const seat of seats)
    for (const transport of transports) {
      const { queries, dropped, rcodes, qtypes, latency, ...rest } = seat[transport];
      add(
        total,
        {
          ...rest,
          queries: { ...noFigures().queries, [transport]: queries },
          rcodes,
          types: qtypes,
          malformed: dropped,
          latency: { ...noFigures().latency, [transport]: latency },
        },
        1,
      );
    }
  return total;
}

function difference(now: QueryFigures, before: QueryFigures): QueryFigures {
  const found = noFigures();
  add(found, now, 1);
  add(found, before, -1);
  return found;
}

function merged(group: readonly QuerySample[]): QuerySample {
  const sum = noFigures();
  for (const sample of group) add(sum, sample, 1);
  return {
    ...sum,
    at: group.at(-1)!.at,
    length: group.reduce((length, sample) => length + sample.length, 0),
    zones: mergeTallies(group.map(({ zones }) => zones)),
  };
}

function add(sum: QueryFigures, other: QueryFigures, sign: 1 | -1): void {
  for (const transport of transports) {
    sum.queries[transport] += sign * other.queries[transport];
    sum.latency[transport].sum += sign * other.latency[transport].sum;
    other.latency[transport].counts.forEach(
      (count, index) => (sum.latency[transport].counts[index]! += sign * count),
    );
  }
  for (const key of ['malformed', 'shed', 'truncated', 'failures'] as const) sum[key] += sign * other[key];
  for (const key of ['slipped', 'dropped'] as const) sum.limited[key] += sign * other.limited[key];
  for (const key of ['whole', 'difference'] as const) sum.transfers[key] += sign * other.transfers[key];
  for (const key of ['rcodes', 'types'] as const)
    for (const [code, count] of other[key]) {
      const left = (sum[key].get(code) ?? 0) + sign * count;
      if (left === 0) sum[key].delete(code);
      else sum[key].set(code, left);
    }
}
