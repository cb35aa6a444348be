import { expect, test } from 'vitest';
import { Rcode } from '../wire/codes.ts';
import { createAnswerContext } from './answer.ts';
import { CookieState } from './cookies.ts';
import {
  createCounterMemory,
  openCounters,
  readCounters,
  ZONE_FIELDS,
  ZoneField,
  zoneCounts,
} from './counters.ts';
import { latencyIndex, noLatency } from './latency.ts';
import { Verdict } from './rate-limit.ts';

const context = (change: Partial<ReturnType<typeof createAnswerContext>>) => ({
  ...createAnswerContext('udp', () => undefined),
  ...change,
});

test('counts what became of each message, each transport by itself', () => {
  const memory = createCounterMemory();
  const udp = openCounters(memory, 'udp');
  const tcp = openCounters(memory, 'tcp');
  udp.count(context({ rcode: Rcode.NOERROR, qtype: 1 }), 40);
  udp.count(context({ rcode: Rcode.NOERROR, qtype: 15, truncated: true }), 40);
  udp.count(context({ rcode: Rcode.NXDOMAIN, qtype: 15, cookie: CookieState.ageing }), 40);
  udp.count(context({}), 0);
  udp.count(context({ limited: Verdict.slip, truncated: true, qtype: 15 }), 40);
  udp.count(context({ limited: Verdict.drop }), 0);
  udp.countFailure();
  udp.countShed();
  tcp.count(context({ rcode: Rcode.BADVERS, qtype: 0 }), 40);
  const counted = readCounters(memory);
  expect(counted.udp).toEqual({
    queries: 6,
    dropped: 1,
    failures: 1,
    truncated: 1,
    shed: 1,
    transfers: { whole: 0, difference: 0 },
    limited: { slipped: 1, dropped: 1 },
    cookies: { new: 0, invalid: 0, valid: 1 },
    latency: noLatency(),
    rcodes: new Map([
      [Rcode.NOERROR, 3],
      [Rcode.NXDOMAIN, 1],
    ]),
    qtypes: new Map([
      [1, 1],
      [15, 3],
    ]),
  });
  tcp.count(context({ qtype: 251, transfer: 'difference' }), 40);
  tcp.count(context({ qtype: 252, transfer: 'whole' }), 40);
  expect(readCounters(memory).tcp.transfers).toEqual({ whole: 1, difference: 1 });
  expect(counted.tcp).toMatchObject({ queries: 1, truncated: 0, rcodes: new Map([[Rcode.BADVERS, 1]]) });
});

test('RFC 7873 §7.2: counts what clients know of our cookies', () => {
  const memory = createCounterMemory();
  const udp = openCounters(memory, 'udp');
  const { client, invalid, valid, ageing, none } = CookieState;
  for (const cookie of [client, client, client, invalid, invalid, valid, ageing, none, none])
    udp.count(context({ cookie }), 40);
  expect(readCounters(memory).udp.cookies).toEqual({ new: 3, invalid: 2, valid: 2 });
});

test('codes and types without a place of their own share the last one', () => {
  const memory = createCounterMemory();
  const udp = openCounters(memory, 'udp');
  udp.count(context({ rcode: 4095, qtype: 65_535 }), 40);
  udp.count(context({ rcode: 31, qtype: 263 }), 40);
  const { rcodes, qtypes } = readCounters(memory).udp;
  expect(rcodes).toEqual(new Map([[31, 2]]));
  expect(qtypes).toEqual(new Map([[263, 2]]));
});

test('a batch counts each of its messages as long as all of it had', () => {
  const memory = createCounterMemory();
  const udp = openCounters(memory, 'udp');
  udp.countLatency(0.3, 10);
  udp.countLatency(2, 1);
  const { latency } = readCounters(memory).udp;
  expect(latency.sum).toBeCloseTo(5);
  expect(latency.counts[latencyIndex(0.3)]).toBe(10);
  expect(latency.counts[latencyIndex(2)]).toBe(1);
});

test('zones are counted over all transports, what was too much included', () => {
  const memory = createCounterMemory();
  const [udp, tcp] = [openCounters(memory, 'udp'), openCounters(memory, 'tcp')];
  udp.count(context({ zone: 3 }), 40);
  udp.count(context({ zone: 3, nameError: true, limited: Verdict.drop }), 0);
  tcp.count(context({ zone: 3, nameError: true }), 40);
  const at = ZONE_FIELDS * 3;
  const counted = zoneCounts(memory);
  expect([counted[at + ZoneField.queries], counted[at + ZoneField.nameErrors]]).toEqual([3, 2]);
  expect(readCounters(memory).tcp.queries).toBe(1);
});
