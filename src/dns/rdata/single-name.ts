import type { Name } from '../wire/name.ts';
import type { RdataType } from './rdata-type.ts';

/** Rdata that is one name: NS, CNAME, PTR, DNAME. */
export interface SingleName {
  target: Name;
}

/** `compressible` for the types of RFC 1035 (RFC 3597 §4). All are in the list of RFC 4034 §6.2. */
export function singleName(
  type: number,
  name: string,
  what: string,
  compressible: boolean,
): RdataType<SingleName> {
  return {
    type,
    name,
    ...(compressible && { compressible: true as const }),
    decode: (reader) => ({ target: reader.name(compressible) }),
    encode: (value, writer) => writer.name(value.target, compressible),
    parse: (tokens) => ({ target: tokens.domainName(what) }),
    print: (value) => value.target.toString(),
    canonical: (value) => ({ target: value.target.canonical() }),
  };
}
