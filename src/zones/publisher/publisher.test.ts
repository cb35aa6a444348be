import { afterEach, describe, expect, it } from 'vitest';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { Type } from '../../dns/type-codes.ts';

let zones: ZonesBox | undefined;
afterEach(async () => {
  await zones?.close();
  zones = undefined;
});

describe('publishing', () => {
  it('serves a domain when the call returns, signed', async () => {
    zones = await startZones();
    const added = await zones.domains.add(person, domain('example.com'));
    expect(added.zone?.toText()).toBe('example.com');
    expect(zones.origins()).toEqual(['box.example.net', 'example.com']);
    const apex = zones.served('example.com')!.node(name('example.com'))!;
    const mx = apex.rrsets.find((rrset) => rrset.type === Type.MX)!;
    expect(mx.rdatas).toHaveLength(1);
    expect(mx.signatures).toHaveLength(1);
    expect(zones.domains.get(name('example.com'))?.serial).toBe(added.serial);
  });
});
