import type { RdataType } from './rdata-type.ts';
import { quoteText } from './tokens.ts';

/** Telephone number of an ISDN line. https://www.rfc-editor.org/rfc/rfc1183#section-3.2 */
export interface Isdn {
  /** E.164 number with country code, at most 255 octets. */
  address: Uint8Array;
  /** The extension, which may be left out: that is not the same as an empty one. */
  subaddress?: Uint8Array;
}

export const isdn: RdataType<Isdn> = {
  type: 20,
  name: 'ISDN',
  decode(reader) {
    const address = reader.string();
    return reader.remaining > 0 ? { address, subaddress: reader.string() } : { address };
  },
  encode(value, writer) {
    writer.string(value.address);
    if (value.subaddress) writer.string(value.subaddress);
  },
  parse(tokens) {
    const address = tokens.characterString('address');
    return tokens.done ? { address } : { address, subaddress: tokens.characterString('subaddress') };
  },
  print(value) {
    const address = quoteText(value.address);
    return value.subaddress ? `${address} ${quoteText(value.subaddress)}` : address;
  },
};
