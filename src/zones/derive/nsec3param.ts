import { Type } from '../../dns/type-codes.ts';
import { derived, type ZoneRule } from './rule.ts';
import { NEGATIVE_TTL } from './soa.ts';

/** No extra iterations, no salt (RFC 9276 §3.1). */
export const nsec3param: ZoneRule = {
  id: 'nsec3param',
  rfc: 'RFC 5155',
  level: 'required',
  why: 'Tells the servers how the names of this zone are hashed in proofs that a name does not exist.',
  derive: ({ zone }) =>
    zone.denial === 'nsec3' ? [{ ...derived(zone.name, Type.NSEC3PARAM, '1 0 0 -'), ttl: NEGATIVE_TTL }] : [],
};
