import { expect, test } from 'vitest';
import {
  LATENCY_BOUNDS,
  LATENCY_COUNTS,
  latencyIndex,
  latencyWithin,
  messagesOf,
  noLatency,
} from './latency.ts';

test('a batch belongs to the first bound that is enough', () => {
  expect(LATENCY_BOUNDS[latencyIndex(0)]).toBe(0.01);
  expect(LATENCY_BOUNDS[latencyIndex(0.02)]).toBe(0.02);
  expect(LATENCY_BOUNDS[latencyIndex(0.021)]).toBe(0.05);
  expect(latencyIndex(1000.1)).toBe(LATENCY_COUNTS - 1);
});

test('says within what a share was answered, never less than it was', () => {
  const latency = noLatency();
  expect(latencyWithin(latency, 0.5)).toBeUndefined();
  latency.counts[latencyIndex(0.04)] = 98;
  latency.counts[latencyIndex(7)] = 1;
  latency.counts[LATENCY_COUNTS - 1] = 1;
  expect(messagesOf(latency)).toBe(100);
  expect(latencyWithin(latency, 0.5)).toBe(0.05);
  expect(latencyWithin(latency, 0.99)).toBe(10);
  expect(latencyWithin(latency, 1)).toBeUndefined();
});
