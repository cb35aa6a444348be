import type { Name } from '../wire/name.ts';
import type { RdataType } from './rdata-type.ts';

/** Mail exchange. https://www.rfc-editor.org/rfc/rfc1035#section-3.3.9 ; `0 .` is the null MX of RFC 7505. */
export interface Mx {
  preference: number;
  exchange: Name;
}

export const mx: RdataType<Mx> = {
  type: 15,
  name: 'MX',
  compressible: true,
  decode: (reader) => ({ preference: reader.u16(), exchange: reader.name() }),
  encode(value, writer) {
    writer.u16(value.preference);
    writer.name(value.exchange);
  },
  parse: (tokens) => ({ preference: tokens.u16('preference'), exchange: tokens.domainName('exchange') }),
  print: (value) => `${value.preference} ${value.exchange.toString()}`,
  canonical: (value) => ({ ...value, exchange: value.exchange.canonical() }),
};
