import { nsec } from '../rdata/nsec.ts';
import { toWire } from '../rdata/registry.ts';
import type { RRset } from '../rr.ts';
import { Type } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';

/** The types at an owner that the zone answers for: at a delegation only NS and DS (RFC 4035 §2.3). */
export function authoritativeTypes(rrsets: readonly RRset[], delegation: boolean): number[] {
  const types = rrsets.map((rrset) => rrset.type).filter((type) => type !== Type.NSEC);
  return delegation ? types.filter((type) => type === Type.NS || type === Type.DS) : types;
}

/**
 * NSEC rdata. `types` are those of {@link authoritativeTypes}. The next name is put in lower case: then a change of
 * nothing but the case of an owner does not reach its neighbour.
 */
export function nsecRdata(next: Name, types: readonly number[]): Uint8Array {
  return toWire(nsec, { next: next.canonical(), types: [...types, Type.RRSIG, Type.NSEC] });
}

/** TTL of NSEC and NSEC3: the lesser of the SOA's TTL and its last field, seconds (RFC 9077 §3). */
export function denialTtl(soa: RRset): number {
  const rdata = soa.rdatas[0]!;
  const minimum = new DataView(rdata.buffer, rdata.byteOffset + rdata.length - 4, 4).getUint32(0);
  return Math.min(soa.ttl, minimum);
}
