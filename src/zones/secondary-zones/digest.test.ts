import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { imageOf, servedZones, zoneRecords } from '../../../test/kit/test-zone.ts';
import { systemClock } from '../../core/clock.ts';
import { createLog } from '../../core/log.ts';
import { systemRandom } from '../../core/random.ts';
import { atOnce } from '../../core/slices.ts';
import { zoneDigest } from '../../dns/dnssec/zone-digest.ts';
import { ownersOfRecords } from '../../dns/dnssec/zone-owners.ts';
import { type DataPlane, startDataPlane } from '../../dns/server/data-plane.ts';
import { Name } from '../../dns/wire/name.ts';
import { refreshZone } from './refresh.ts';

let primary: DataPlane;

function withDigest(zone: string, digested: string, served = digested): string {
  const text = (address: string): string => `$ORIGIN ${zone}
$TTL 300
@ SOA ns1 hostmaster 7 3600 600 604800 60
@ NS ns1
ns1 A ${address}
`;
  const owners = atOnce(ownersOfRecords(zoneRecords(text(digested)).records));
  const digest = Buffer.from(atOnce(zoneDigest(Name.parse(zone), owners))).toString('hex');
  return `${text(served)}@ ZONEMD 7 1 1 ${digest}\n`;
}

beforeAll(async () => {
  const started = await startDataPlane({
    addresses: [{ address: '127.0.0.1', port: 0 }],
    workers: 1,
    clock: systemClock,
    log: createLog({ level: 'silent' }),
    zones: servedZones([
      imageOf(withDigest('right.example.', '192.0.2.1')),
      imageOf(withDigest('wrong.example.', '192.0.2.1', '192.0.2.2')),
    ]),
    transfers: { keys: [], addresses: ['127.0.0.1'] },
  });
  if (!started.ok) throw new Error(started.problem.message);
  primary = started.plane;
});
afterAll(() => primary.close());

describe('RFC 8976 §4: a version with a digest', () => {
  const refresh = (zone: string) =>
    refreshZone(
      {
        zone: Name.parse(zone),
        primaries: [primary.addresses[0]!],
        since: undefined,
        records: () => Promise.resolve(undefined),
      },
      {
        key: () => {
          throw new Error('none');
        },
        clock: systemClock,
        random: systemRandom,
        signal: new AbortController().signal,
      },
    );

  test('is taken when it is right', async () => {
    expect((await refresh('right.example')).kind).toBe('new');
  });

  test('is not taken when it is wrong, and the reason is said', async () => {
    expect(await refresh('wrong.example')).toEqual({
      kind: 'failed',
      problems: [
        expect.stringMatching(/is not what was published: its digest .* is not that of its records$/),
      ],
    });
  });
});
