import { Type } from '../../dns/type-codes.ts';
import { ns1 } from '../box-names.ts';
import type { ZoneInput } from '../model.ts';
import { derived, type ZoneRule } from './rule.ts';

/**
 * Seconds. Secondaries learn of changes by NOTIFY at once; refresh is for a NOTIFY that got lost, and four hours keep
 * thousands of zones quiet (RFC 1912 §2.2 says 20 minutes to 12 hours).
 */
export const REFRESH = 14_400;
/** Seconds. Well below refresh, so that a primary that was down is asked again soon. */
export const RETRY = 3600;
/** Seconds: two weeks (RFC 1912 §2.2: 2 to 4); signatures of a secondary that is cut off for longer are expired anyway. */
export const EXPIRE = 1_209_600;
/** Seconds. A person who adds a record just after having looked for it should not wait long (RFC 2308 §5). */
export const NEGATIVE_TTL = 300;

/** hostmaster@H whatever the admin's address is: it survives a change of person (RFC 2142 §7). */
export const soa: ZoneRule = {
  id: 'soa',
  rfc: 'RFC 1035',
  level: 'required',
  why: 'Says that this zone exists, which version it is, and how secondaries keep their copies.',
  derive: (input) => [derived(input.zone.name, Type.SOA, soaText(input))],
};

function soaText({ box, serial }: ZoneInput): string {
  const rname = box.hostname.child('hostmaster');
  return `${ns1(box).toString()} ${rname.toString()} ${serial} ${REFRESH} ${RETRY} ${EXPIRE} ${NEGATIVE_TTL}`;
}
