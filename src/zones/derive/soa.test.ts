import { expect, test } from 'vitest';
import { box, n, zoneInput } from '../../../test/zones/input.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { soa } from '../../dns/rdata/soa.ts';
import { Type } from '../../dns/type-codes.ts';
import { compose } from '../compose.ts';

test.each(['example.com', 'example.net', 'box.example.com'])(
  'RFC 2181 §7.3: MNAME of %s is the primary, and not the zone',
  (zone) => {
    const name = n(zone);
    const input = zoneInput({ zone: { name, ttl: 3600, denial: 'nsec', serial: undefined } });
    const record = compose(input).find(({ type }) => type === Type.SOA)!;
    const { mname } = fromWire(soa, record.rdata);
    expect(mname.toText()).toBe(`ns1.${box.hostname.toText()}`);
    expect(mname.equals(name)).toBe(false);
  },
);
