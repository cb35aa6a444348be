import { parseIpv6, printIpv6 } from './ipv6.ts';
import type { RdataType } from './rdata-type.ts';

/** IPv6 address. https://www.rfc-editor.org/rfc/rfc3596#section-2.2 */
export interface Aaaa {
  /** The text form of RFC 5952. */
  address: string;
}

export const aaaa: RdataType<Aaaa> = {
  type: 28,
  name: 'AAAA',
  decode: (reader) => ({ address: printIpv6(reader.take(16)) }),
  encode: (value, writer) => writer.bytes(parseIpv6(value.address)!),
  parse: (tokens) => ({ address: printIpv6(tokens.ipv6('address')) }),
  print: (value) => value.address,
};
