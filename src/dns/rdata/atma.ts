import { FormErr } from '../wire/form-error.ts';
import type { WireWriter } from '../wire/writer.ts';
import { printHex } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';
import { printGeneric } from './unknown.ts';

/** ATM address (ATM Name System 2.0 §5.3, ATM Forum af-dans-0152.000). */
export interface Atma {
  /** 0 for an ATM End System Address, 1 for an E.164 number; others have no text but the generic one. */
  format: number;
  /** At least one octet; of an E.164 number the digits in ASCII. */
  address: Uint8Array;
}

const AESA = 0;
const E164 = 1;

export const atma: RdataType<Atma> = {
  type: 34,
  name: 'ATMA',
  decode(reader) {
    const value = { format: reader.u8(), address: reader.restNotEmpty('address') };
    if (value.format === E164 && /\D/.test(ascii(value.address)))
      throw new FormErr('ATMA address in E.164 is not made of digits');
    return value;
  },
  encode,
  parse(tokens: RdataTokens) {
    const text = tokens.word('address');
    const isNumber = text.startsWith('+');
    const words = (isNumber ? text.slice(1) : text).split('.');
    if (words.includes('')) tokens.fail(`address must have digits before and after each dot, not "${text}"`);
    const digits = words.join('');
    if (isNumber) {
      if (/\D/.test(digits)) tokens.fail('address must be "+" and digits');
      return { format: E164, address: new Uint8Array(Buffer.from(digits, 'latin1')) };
    }
    if (digits.length % 2 !== 0 || /[^0-9a-f]/i.test(digits))
      tokens.fail('address must be hexadecimal digits in pairs, or "+" and digits');
    return { format: AESA, address: new Uint8Array(Buffer.from(digits, 'hex')) };
  },
  print(value) {
    if (value.format === AESA) return printHex(value.address).toLowerCase();
    if (value.format === E164) return `+${ascii(value.address)}`;
    return printGeneric((writer) => encode(value, writer));
  },
};

function encode(value: Atma, writer: WireWriter): void {
  writer.u8(value.format);
  writer.bytes(value.address);
}

function ascii(octets: Uint8Array): string {
  return Buffer.from(octets).toString('latin1');
}
