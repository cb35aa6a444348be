import { expect, it } from 'vitest';
import { FakeClock } from '../../core/clock.ts';
import type { SeatCounters, TransportCounters } from './counters.ts';
import { noLatency } from './latency.ts';
import { createQueryHistory } from './query-history.ts';

const SECOND = 1000;
const noZones = () => ({ threads: [], end: 1, nameOf: () => undefined });

function counters(queries: number, type = 1): TransportCounters {
  return {
    ...{ queries, dropped: 0, failures: 0, truncated: 0, shed: 0 },
    transfers: { whole: 0, difference: queries },
    cookies: { new: 0, invalid: 0, valid: 0 },
    limited: { slipped: 0, dropped: queries },
    latency: { ...noLatency(), sum: queries / 2 },
    rcodes: new Map([[0, queries]]),
    qtypes: new Map([[type, queries]]),
  };
}

function seat(udp: number, tcp: number): SeatCounters {
  const none = counters(0);
  return { udp: counters(udp), tcp: counters(tcp, 28), tls: none, https: none, restarts: 0, running: true };
}

it('says what came since the look before, of all workers together', async () => {
  const clock = new FakeClock();
  let seats = [seat(100, 0), seat(50, 1)];
  const history = createQueryHistory(() => seats, noZones, clock);
  seats = [seat(110, 0), seat(55, 3)];
  await clock.advance(10 * SECOND);
  const [sample] = history.last(60 * SECOND, 60);
  expect(sample).toMatchObject({
    length: 10 * SECOND,
    queries: { udp: 15, tcp: 2, tls: 0, https: 0 },
    types: new Map([
      [1, 15],
      [28, 2],
    ]),
    rcodes: new Map([[0, 17]]),
    limited: { slipped: 0, dropped: 17 },
    transfers: { whole: 0, difference: 17 },
  });
  // Nothing came since: nothing is there, not a line of zeros for each type that there ever was.
  await clock.advance(10 * SECOND);
  expect(history.last(5 * SECOND, 60)[0]).toMatchObject({ types: new Map(), queries: { udp: 0 } });
  history.stop();
});

it('keeps an hour, and puts neighbours together', async () => {
  const clock = new FakeClock();
  let udp = 0;
  const history = createQueryHistory(() => [seat((udp += 10), 0)], noZones, clock);
  for (let minute = 0; minute < 70; minute++) await clock.advance(60 * SECOND);
  const hour = history.last(2 * 3600 * SECOND, 60);
  expect(hour).toHaveLength(60);
  expect(hour.every(({ length, queries }) => length === 60 * SECOND && queries.udp === 60)).toBe(true);
  expect(hour.at(-1)!.at).toBe(clock.now());
  expect(history.last(300 * SECOND, 60)).toHaveLength(30);
  expect(history.last(0, 60)).toEqual([]);
  history.stop();
});

it('has the zones that were asked most, and how long answers took', async () => {
  const clock = new FakeClock();
  const counts = new Uint32Array(6);
  const names = ['', 'one.example.', 'two.example.'];
  const readZones = () => ({ threads: [counts], end: 3, nameOf: (number: number) => names[number] });
  let seats = [seat(0, 0)];
  const history = createQueryHistory(() => seats, readZones, clock);
  for (const queries of [4, 6]) {
    counts[2]! += queries;
    counts[3]! += 1;
    seats = [seat(seats[0]!.udp.queries + queries, 0)];
    await clock.advance(10 * SECOND);
  }
  const [whole] = history.last(60 * SECOND, 1);
  expect(whole!.zones).toEqual([{ zone: 'one.example.', queries: 10, nameErrors: 2 }]);
  expect(whole!.latency.udp.sum).toBe(5);
  history.stop();
});
