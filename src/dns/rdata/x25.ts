import { FormErr } from '../wire/form-error.ts';
import type { RdataType } from './rdata-type.ts';
import { quoteText } from './tokens.ts';

/** Address in an X.25 network. https://www.rfc-editor.org/rfc/rfc1183#section-3.1 */
export interface X25 {
  /** At least 4 digits, at most 255: the X.121 address with its data network identification code. */
  address: Uint8Array;
}

export const x25: RdataType<X25> = {
  type: 19,
  name: 'X25',
  decode(reader) {
    const address = reader.string();
    if (!isAddress(address)) throw new FormErr('X25 address is not made of 4 or more digits');
    return { address };
  },
  encode: (value, writer) => writer.string(value.address),
  parse(tokens) {
    const address = tokens.characterString('address');
    if (!isAddress(address)) tokens.fail('address must be 4 or more digits');
    return { address };
  },
  print: (value) => quoteText(value.address),
};

function isAddress(octets: Uint8Array): boolean {
  return octets.length >= 4 && octets.every((octet) => octet >= 0x30 && octet <= 0x39);
}
