import { parseIpv4, printIpv4 } from './ipv4.ts';
import type { RdataType } from './rdata-type.ts';

/** IPv4 address. https://www.rfc-editor.org/rfc/rfc1035#section-3.4.1 */
export interface A {
  /** Dotted quad. */
  address: string;
}

export const a: RdataType<A> = {
  type: 1,
  name: 'A',
  decode: (reader) => ({ address: printIpv4(reader.take(4)) }),
  encode: (value, writer) => writer.bytes(parseIpv4(value.address)!),
  parse: (tokens) => ({ address: printIpv4(tokens.ipv4('address')) }),
  print: (value) => value.address,
};
