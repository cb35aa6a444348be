import { expect, test } from 'vitest';
import { healthJson } from './schema.ts';

test('strangers are told whether the box is ready, and not which zones it serves', () => {
  const health = {
    ready: true,
    problems: [],
    zoneProblems: ['The newest version of the zone example.com cannot be read.'],
    zones: 2,
    zonesInTrouble: 1,
    dns: ['192.0.2.1:53'],
    version: '0.1.0',
    startedAt: '2026-01-01T00:00:00Z',
    certificateFingerprint: 'AB:CD',
  };
  expect(healthJson(health, false)).toEqual({ ready: true, problems: [] });
  expect(healthJson(health, true)).toMatchObject({ ready: true, problems: health.zoneProblems, zones: 2 });
});
