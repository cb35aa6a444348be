import { afterEach, beforeEach, expect, test } from 'vitest';
import { domain as local, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { zoneRows } from '../../zones/store.ts';
import { LONGEST_REQUEST } from '../agent/protocol.ts';
import { createWebSites, type WebSites } from './service.ts';
import { MOST_RULES, webRows } from './store.ts';

let zones: ZonesBox;
let sites: WebSites;

beforeEach(async () => {
  zones = await startZones();
  sites = createWebSites({ work: zones.work, zones: (state) => state.rows(zoneRows) });
});
afterEach(() => zones.close());

test('what all sites have together fits into one request to the agent, and who wants more is told', async () => {
  const target = `https://example.org/${'x'.repeat(1400)}`;
  const rules = Array.from({ length: MOST_RULES }, (_, n) => {
    return { path: `/p${n}`, kind: 'redirect' as const, to: target };
  });
  const put = async (n: number) => {
    await zones.domains.add(person, local(`d${n}.example`));
    await sites.put(person, name(`d${n}.example`), { hsts: undefined, rules });
  };
  let taken = 0;
  await expect(
    (async () => {
      for (; taken < 300; taken++) await put(taken);
    })(),
  ).rejects.toThrow('The rules of all sites have more than 8 MiB together');
  expect(taken).toBeGreaterThan(90);
  const kept = JSON.stringify(zones.work.committed.rows(webRows).sites(1000));
  expect(kept.length).toBeLessThan(LONGEST_REQUEST / 1.5);
}, 60_000);
