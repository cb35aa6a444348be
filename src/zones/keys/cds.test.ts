import { describe, expect, test } from 'vitest';
import { dsFromDnskey, dsRdata, generateKey } from '../../dns/dnssec/keys.ts';
import { Name } from '../../dns/wire/name.ts';
import type { PublicKey } from '../store.ts';
import { cdsOf } from './ds.ts';

const zone = Name.parse('example.com');

function key(role: PublicKey['role'], state: PublicKey['state'] = 'active'): PublicKey {
  return { dnskey: generateKey({ flags: role === 'ZSK' ? 256 : 257 }).dnskey, role, state };
}

describe('what the parent is asked to have', () => {
  test('RFC 7344 §4: is the same in CDS and CDNSKEY, which are there both or none', () => {
    const { cds, cdnskey } = cdsOf(zone, [key('KSK'), key('CSK')]);
    expect(cdnskey).toHaveLength(2);
    expect(cds).toEqual(cdnskey.map((dnskey) => dsRdata(dsFromDnskey(zone, dnskey, 2))));
    expect(cdsOf(zone, [])).toEqual({ cds: [], cdnskey: [] });
  });

  test('RFC 7344 §4.1: are keys that sign the key set now, so that the delegation holds with them', () => {
    const active = key('KSK');
    const { cds, cdnskey } = cdsOf(zone, [
      key('ZSK'),
      active,
      key('KSK', 'retired'),
      key('CSK', 'published'),
    ]);
    expect(cdnskey).toEqual([active.dnskey]);
    expect(cds).toHaveLength(1);
  });
});
