import { beforeAll, describe, test } from 'vitest';
import { caseTitle, dnsCase, testZones, type DnsCase, type TestZones } from './dns-case.ts';
import type { TestDenial } from './test-zone.ts';

/** A table of questions to zones, one test for each. */
export function describeCases(title: string, denial: TestDenial, zones: string[], cases: DnsCase[]): void {
  describe(title, () => {
    let served: TestZones;
    beforeAll(async () => {
      served = await testZones(zones, denial);
    });
    test.each(cases.map((spec) => [caseTitle(spec), spec] as const))('%s', (_title, spec) => {
      dnsCase(served, spec);
    });
  });
}
