import { printHex } from './octets.ts';
import type { RdataType } from './rdata-type.ts';

/** OSI network address. https://www.rfc-editor.org/rfc/rfc1706#section-5 */
export interface Nsap {
  address: Uint8Array;
}

export const nsap: RdataType<Nsap> = {
  type: 22,
  name: 'NSAP',
  decode: (reader) => ({ address: reader.restNotEmpty('address') }),
  encode: (value, writer) => writer.bytes(value.address),
  parse(tokens) {
    const text = tokens.word('address');
    // RFC 1706 §7: dots anywhere, for the eye only.
    const digits = text.slice(2).replaceAll('.', '');
    if (!/^0x/i.test(text) || digits === '' || digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits))
      tokens.fail('address must be 0x and hexadecimal digits in pairs, with dots between them or none');
    return { address: new Uint8Array(Buffer.from(digits, 'hex')) };
  },
  print: (value) => `0x${printHex(value.address).toLowerCase()}`,
};
