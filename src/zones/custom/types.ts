import { rdataType, typeCode, typeName } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';

/** Made by the box for every zone; a person's own would contradict it. */
const MADE_BY_THE_BOX: ReadonlySet<number> = new Set([
  Type.SOA,
  Type.DNSKEY,
  Type.CDS,
  Type.CDNSKEY,
  Type.RRSIG,
  Type.NSEC,
  Type.NSEC3,
  Type.NSEC3PARAM,
]);

/** RFC 6895 §3.1: OPT, the query and meta types 128 to 255, and the reserved ends of the range, are never in a zone. */
function isMeta(type: number): boolean {
  return type === 0 || type === 0xffff || type === Type.OPT || (type >= 128 && type <= 255);
}

/**
 * Types below this that we do not know are or will be in use (CLA, IPN, …). Others may know their form: with junk in one of them
 * they refuse to load the whole zone. Above are unassigned and private types, which all take as they are (RFC 3597).
 */
const FIRST_FREE_TYPE = 300;

/** Why a person may not write records of this type; undefined when they may. */
export function refusedType(type: number): string | undefined {
  const name = typeName(type);
  if (MADE_BY_THE_BOX.has(type))
    return `${name} records are made by the box for every zone; there is nothing to set by hand`;
  if (type === Type.ZONEMD)
    return 'A ZONEMD record is a digest of the whole zone and would be wrong after the next change; the box makes it itself for a zone that has zonemd on';
  // RFC 1035 §3.3.4, §3.3.5: a zone file with one of them is to be refused, and BIND does.
  if (type === Type.MD || type === Type.MF)
    return `${name} records are obsolete, and others refuse a zone file that has them; write an MX record in its place`;
  if (isMeta(type)) return `${name} is never stored in a zone; choose another type`;
  if (!rdataType(type) && type < FIRST_FREE_TYPE)
    return `The box cannot check ${name} records, and a wrong one makes secondaries refuse the whole zone; choose another type`;
  return undefined;
}

/** The code of a type that a person may write, or why not. */
export function customType(text: string): { type: number } | { message: string } {
  const type = typeCode(text.trim());
  if (type === undefined)
    return { message: `"${text}" is no record type; write one such as A, MX or TXT, or TYPE65280` };
  const message = refusedType(type);
  return message === undefined ? { type } : { message };
}
