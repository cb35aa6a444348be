import { Type } from '../type-codes.ts';
import { Class } from '../wire/codes.ts';

/**
 * Whether the class has rdata as the type's file knows it. Other classes have their own A (RFC 1035 §3.4 is for IN); the
 * types of names alone are the same in all (§3.3).
 */
export function hasKnownRdata(type: number, rrClass: number): boolean {
  if (rrClass === Class.IN || rrClass === Class.NONE || rrClass === Class.ANY) return true;
  return (
    type === Type.NS || type === Type.CNAME || type === Type.SOA || type === Type.PTR || type === Type.MX
  );
}
