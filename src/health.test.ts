import { expect, test } from 'vitest';
import { type Condition, zoneHealth } from './health.ts';
import { Name } from './dns/wire/name.ts';

const hostZone = Name.parse('box.example.net');
const refusedZones = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    zone: Name.parse(`z${i}.example`),
    reason: 'a node is damaged',
  }));

function health(more: Partial<Condition>) {
  return zoneHealth({
    problems: [],
    warnings: [],
    zones: 100_000,
    hostZone,
    refused: [],
    loading: { done: 100_000, total: 100_000 },
    faults: [],
    damaged: [],
    ...more,
  });
}

test('one zone of 100,000 that cannot be served is named, and the box is ready', () => {
  const { ready, problems, zoneProblems, zonesInTrouble } = health({ refused: refusedZones(1) });
  expect({ ready, problems, zonesInTrouble }).toEqual({ ready: true, problems: [], zonesInTrouble: 1 });
  expect(zoneProblems).toEqual([expect.stringContaining('signpost zone rebuild z0.example')]);
});

test('one of three, or more than one in a hundred, make it not ready, and strangers learn no name', () => {
  for (const [zones, count] of [
    [3, 1],
    [100_000, 1001],
  ] as const) {
    const { ready, problems } = health({ zones, refused: refusedZones(count) });
    expect(ready).toBe(false);
    expect(problems.join()).toContain(`${count} of ${zones} zones`);
    expect(problems.join()).not.toContain('z0.example');
  }
  expect(health({ refused: refusedZones(1000) }).ready).toBe(true);
});

test("the box's own zone alone makes it not ready", () => {
  expect(health({ refused: [{ zone: hostZone, reason: 'a node is damaged' }] }).ready).toBe(false);
});

test('while zones are being read it is not ready, and says how far it is', () => {
  const { ready, problems } = health({ loading: { done: 5000, total: 100_000 } });
  expect(ready).toBe(false);
  expect(problems.join()).toContain('5000 of 100000');
});

test('the first hundred zones are named, with the number of all', () => {
  const damaged = refusedZones(150).map((one) => ({ ...one, since: '2026-01-01T00:00:00Z' }));
  const { ready, zoneProblems, zonesInTrouble } = health({ damaged });
  expect(ready).toBe(true);
  expect(zonesInTrouble).toBe(150);
  expect(zoneProblems).toHaveLength(101);
  expect(zoneProblems.at(-1)).toContain('150 zones');
});

test('a zone in trouble in two ways is told once', () => {
  const [one] = refusedZones(1);
  const fault = { ...one!, failures: 1, since: '2026-01-01T00:00:00Z', retryAt: 0 };
  expect(health({ refused: [one!], faults: [fault] }).zoneProblems).toEqual([
    expect.stringContaining('it is not served, and it is tried again'),
  ]);
});
