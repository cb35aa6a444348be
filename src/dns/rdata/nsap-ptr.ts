import type { RdataType } from './rdata-type.ts';
import type { SingleName } from './single-name.ts';

/**
 * Name of an OSI network address. https://www.rfc-editor.org/rfc/rfc1706#section-6
 *
 * It is in neither list: RFC 3597 §4 lets nobody compress its name, and RFC 4034 §6.2 keeps its case in the canonical form. So does
 * Unbound, but BIND puts it in lower case before it signs or verifies: only a name in lower case is valid for both.
 */
export const nsapPtr: RdataType<SingleName> = {
  type: 23,
  name: 'NSAP-PTR',
  decode: (reader) => ({ target: reader.name(false) }),
  encode: (value, writer) => writer.name(value.target, false),
  parse: (tokens) => ({ target: tokens.domainName('name') }),
  print: (value) => value.target.toString(),
};
