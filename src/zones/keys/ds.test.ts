import { describe, expect, it } from 'vitest';
import { generateKey } from '../../dns/dnssec/keys.ts';
import { cds as cdsType } from '../../dns/rdata/cds.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { Name } from '../../dns/wire/name.ts';
import { cdsOf, dsViews } from './ds.ts';

const zone = Name.parse('example.com');

describe('what names a key at the parent', () => {
  const { dnskey, keyTag } = generateKey();

  it('RFC 8624 §3.3, §3.4: a CDS is of SHA-256, never of SHA-1', () => {
    const { cds } = cdsOf(zone, [{ dnskey, role: 'CSK', state: 'active' }]);
    const read = cds.map((rdata) => fromWire(cdsType, rdata));
    expect(read.map((one) => [one.keyTag, one.algorithm, one.digestType])).toEqual([[keyTag, 13, 2]]);
  });

  it('RFC 8624 §3.3: a DS for the registrar is of SHA-256 or SHA-384, never of SHA-1', () => {
    expect(dsViews(zone, { dnskey }).map((ds) => [ds.digestType, ds.digest.length / 2])).toEqual([
      [2, 32],
      [4, 48],
    ]);
  });

  it('RFC 4035 §2.4: is there of the keys alone that sign the key set', () => {
    const others = [
      { dnskey, role: 'ZSK', state: 'active' },
      { dnskey, role: 'CSK', state: 'retired' },
    ] as const;
    expect(cdsOf(zone, others)).toEqual({ cds: [], cdnskey: [] });
  });
});
