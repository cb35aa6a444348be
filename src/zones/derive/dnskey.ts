import { Type } from '../../dns/type-codes.ts';
import type { ZoneRule } from './rule.ts';

export const dnskey: ZoneRule = {
  id: 'dnskey',
  rfc: 'RFC 4034',
  level: 'required',
  why: 'Holds the public keys with which everybody can check that answers from this zone are genuine.',
  derive: ({ zone, dnskeys }) => dnskeys.map((rdata) => ({ owner: zone.name, type: Type.DNSKEY, rdata })),
};
