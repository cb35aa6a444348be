import { afterEach, expect, it } from 'vitest';
import { bogus } from '../../../test/kit/bogus.ts';
import { domain, name, person, startZones, type ZonesBox } from '../../../test/kit/zones-box.ts';
import { epochSeconds, FakeClock } from '../../core/clock.ts';
import { keyTag } from '../../dns/dnssec/keys.ts';
import { cds } from '../../dns/rdata/cds.ts';
import { dnskey } from '../../dns/rdata/dnskey.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';

let zones: ZonesBox | undefined;
afterEach(() => zones?.close());

it('RFC 4035 §2.1: the apex of a zone has the key that signed all of it, a secure entry point, which the parent is asked to name', async () => {
  const clock = new FakeClock();
  zones = await startZones({ clock });
  await zones.domains.add(person, domain('example.com'));
  const view = zones.served('example.com')!;
  expect(bogus(view, epochSeconds(clock))).toEqual([]);
  const rdatas = (type: number): Uint8Array[] =>
    view.node(name('example.com'))!.rrsets.find((rrset) => rrset.type === type)!.rdatas;
  const [key, ...more] = rdatas(Type.DNSKEY);
  expect(more).toEqual([]);
  expect(fromWire(dnskey, key!)).toMatchObject({ flags: 257, protocol: 3, algorithm: 13 });
  expect(fromWire(cds, rdatas(Type.CDS)[0]!).keyTag).toBe(keyTag(key!));
});
