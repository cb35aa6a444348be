import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { imageOf, servedZones, zoneRecords } from '../../../test/kit/test-zone.ts';
import { name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import { atOnce } from '../../core/slices.ts';
import { zoneDigest } from '../../dns/dnssec/zone-digest.ts';
import { ownersOfRecords } from '../../dns/dnssec/zone-owners.ts';
import { type DataPlane, startDataPlane } from '../../dns/server/data-plane.ts';
import type { ImportResult } from './request.ts';
import { createImport } from './service.ts';

const zone = name('example.com');
const records = `$ORIGIN example.com.
@ 60 SOA ns1 hostmaster 7 7200 3600 1209600 600
@ 60 NS ns1.example.net.
www 60 A 192.0.2.1
sub 60 NS ns.sub
ns.sub 60 A 192.0.2.2
`;
const digest = Buffer.from(
  atOnce(zoneDigest(zone, atOnce(ownersOfRecords(zoneRecords(records).records)))),
).toString('hex');

let zones: ZonesBox;
let plane: DataPlane | undefined;
beforeEach(async () => {
  zones = await startZones();
});
afterEach(async () => {
  await plane?.close();
  await zones.close();
});

/** Imports from a server that has this zone. */
async function importFrom(text: string): Promise<ImportResult> {
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 1,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    zones: servedZones([imageOf(text)]),
    transfers: { keys: [], addresses: ['127.0.0.1'] },
  });
  if (!started.ok) throw new Error(started.problem.message);
  ({ plane } = started);
  const { store, publisher, sources, parts, clock } = zones;
  const importZone = createImport({
    ...{ store, publisher, sources, parts, clock },
    random: systemRandom,
    resolve: (host) => Promise.reject(new Error(`no ${host}`)),
  });
  const { address, port } = plane.addresses[0]!;
  return importZone(
    { ...person, kind: 'local' },
    { zone, from: { kind: 'axfr', server: address, port }, dryRun: true, mail: false, web: false },
  );
}

describe('a zone that is transferred with a digest (RFC 8976 §4)', () => {
  test('RFC 8976 §2.1: is taken whatever a ZONEMD below its apex says', async () => {
    const { imported } = await importFrom(`${records}www 60 ZONEMD 6 1 1 ${digest}\n`);
    expect(imported.map(({ owner }) => owner)).toContain('www.example.com');
  });

  test('is taken when it is right', async () => {
    const { imported } = await importFrom(`${records}@ 60 ZONEMD 7 1 1 ${digest}\n`);
    expect(imported.map(({ owner }) => owner)).toContain('www.example.com');
  });

  test.each([
    ['of other records', `www 60 A 192.0.2.66\n@ 60 ZONEMD 7 1 1 ${digest}\n`, 'is not that of its records'],
    ['of another serial', `@ 60 ZONEMD 6 1 1 ${digest}\n`, 'is of serial 6, its SOA of 7'],
  ])('is refused with one %s, with the reason', async (_what, more, reason) => {
    await expect(importFrom(records + more)).rejects.toMatchObject({
      code: 'transfer-failed',
      message: expect.stringContaining(reason) as string,
    });
  });

  test('is taken with one of a scheme or hash algorithm that is not known', async () => {
    const unknown = `@ 60 ZONEMD 7 241 1 ${digest}\n@ 60 ZONEMD 7 1 240 ${digest}\n`;
    expect((await importFrom(records + unknown)).imported.length).toBeGreaterThan(0);
  });
});
