import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { atOnce } from '../../core/slices.ts';
import { verifyZoneDigest } from '../../dns/dnssec/zone-digest.ts';
import { ownersOf } from '../../dns/dnssec/zone-owners.ts';
import { Type } from '../../dns/type-codes.ts';
import { DIGEST_RECORDS } from './digest.ts';

const zone = name('example.com');
let zones: ZonesBox;
beforeEach(async () => {
  zones = await startZones();
  await zones.domains.add(person, domain('example.com'));
});
afterEach(() => zones.close());

/** What the digest that is served says of what is served. */
function served(): string {
  const view = zones.publisher.view(zone)!;
  const { rrsets } = view.node(zone)!;
  const digests = rrsets.find(({ type }) => type === Type.ZONEMD)?.rdatas ?? [];
  const { serial } = zones.zones.get(zone)!;
  const verifying = verifyZoneDigest(zone, serial!, digests, () => atOnce(ownersOf(view, [])));
  return atOnce(verifying).kind;
}

function addresses(count: number, host = 'h'): Promise<unknown> {
  const records = Array.from({ length: count }, (_, i) => ({
    owner: `${host}${i}.example.com`,
    type: 'A',
    value: '192.0.2.10',
  }));
  return zones.records.add(person, zone, records);
}

describe('a zone that has its digest on (RFC 8976)', () => {
  it('has one in each version, of the serial that is served (RFC 8976 §3.4), and none when it is off', async () => {
    expect(served()).toBe('none');
    const { records } = zones.zones.get(zone)!;
    await zones.zones.update(person, zone, { digest: true });
    expect(served()).toBe('right');
    // It is counted with the signatures.
    expect(zones.zones.get(zone)).toMatchObject({ digest: true, records });
    await addresses(3);
    expect(served()).toBe('right');
    await zones.zones.update(person, zone, { denial: 'nsec3' });
    expect(served()).toBe('right');
    await zones.records.remove(person, zone, { owner: 'h1.example.com' });
    expect(served()).toBe('right');
    const { serial } = zones.zones.get(zone)!;
    await zones.zones.update(person, zone, { digest: true });
    expect(zones.zones.get(zone)!.serial).toBe(serial);
    await zones.zones.update(person, zone, { digest: false });
    expect(served()).toBe('none');
  });

  it('shows it with the signatures only: it is wrong without them', async () => {
    await zones.zones.update(person, zone, { digest: true });
    expect(await zones.zones.zonefile(zone, { signed: true })).toContain('ZONEMD');
    expect(await zones.zones.zonefile(zone, { signed: false })).not.toContain('ZONEMD');
    const before = zones.zones.get(zone)!.serial!;
    await addresses(1);
    const now = zones.zones.get(zone)!.serial!;
    const types = async (dnssec: boolean): Promise<string[]> =>
      (await zones.zones.diff(zone, before, now, { dnssec })).map(({ op, type }) => `${op}${type}`);
    expect(await types(false)).toEqual(expect.not.arrayContaining(['+ZONEMD']));
    expect(await types(true)).toEqual(expect.arrayContaining(['-ZONEMD', '+ZONEMD']));
  });

  it('is left out of a zone that is too large, which says so', { timeout: 120_000 }, async () => {
    await zones.zones.update(person, zone, { digest: true });
    expect(zones.zones.digestWarning(zone)).toBeUndefined();
    for (let i = 0; i < 3; i++) await addresses(900, `x${i}-`);
    await addresses(1, 'last');
    expect(served()).toBe('none');
    expect(zones.zones.digestWarning(zone)).toMatch(`of ${DIGEST_RECORDS} at most`);
    await zones.zones.update(person, zone, { digest: false });
    expect(zones.zones.digestWarning(zone)).toBeUndefined();
    await expect(zones.zones.update(person, zone, { digest: true })).rejects.toMatchObject({
      code: 'invalid-request',
      message: expect.stringContaining(`of ${DIGEST_RECORDS} at most`) as string,
    });
  });
});
