import type { RdataType } from './rdata-type.ts';
import { quoteText } from './tokens.ts';

/** Host information; also the short answer to ANY (RFC 8482 §4.2). https://www.rfc-editor.org/rfc/rfc1035#section-3.3.2 */
export interface Hinfo {
  /** At most 255 octets. */
  cpu: Uint8Array;
  /** At most 255 octets. */
  os: Uint8Array;
}

export const hinfo: RdataType<Hinfo> = {
  type: 13,
  name: 'HINFO',
  decode: (reader) => ({ cpu: reader.string(), os: reader.string() }),
  encode(value, writer) {
    writer.string(value.cpu);
    writer.string(value.os);
  },
  parse: (tokens) => ({ cpu: tokens.characterString('CPU'), os: tokens.characterString('operating system') }),
  print: (value) => `${quoteText(value.cpu)} ${quoteText(value.os)}`,
};
