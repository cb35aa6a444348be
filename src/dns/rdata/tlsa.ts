import { printHex, requireLength } from './octets.ts';
import type { RdataType } from './rdata-type.ts';

/** Certificate association. https://www.rfc-editor.org/rfc/rfc6698#section-2.1 */
export interface Tlsa {
  /** 0 PKIX-TA, 1 PKIX-EE, 2 DANE-TA, 3 DANE-EE (RFC 7218). */
  usage: number;
  /** 0 whole certificate, 1 public key. */
  selector: number;
  /** 0 the data itself, 1 SHA-256, 2 SHA-512. */
  matchingType: number;
  data: Uint8Array;
}

/** RFC 7218 mnemonics, which zone files may use for the numbers. */
const usages = { 'PKIX-TA': 0, 'PKIX-EE': 1, 'DANE-TA': 2, 'DANE-EE': 3, PRIVCERT: 255 };
const selectors = { CERT: 0, SPKI: 1, PRIVSEL: 255 };
const matchingTypes = { FULL: 0, 'SHA2-256': 1, 'SHA2-512': 2, PRIVMATCH: 255 };

/** Octets of the data by matching type. */
const dataLengths: ReadonlyMap<number, number> = new Map([
  [1, 32],
  [2, 64],
]);

/** TLSA, and SMIMEA, which has the same form (RFC 8162 §2). */
export function tlsaForm(type: number, name: string): RdataType<Tlsa> {
  return {
    type,
    name,
    decode: (reader) => ({
      usage: reader.u8(),
      selector: reader.u8(),
      matchingType: reader.u8(),
      data: reader.restNotEmpty('certificate association data'),
    }),
    encode(value, writer) {
      writer.u8(value.usage);
      writer.u8(value.selector);
      writer.u8(value.matchingType);
      writer.bytes(value.data);
    },
    parse(tokens) {
      const usage = tokens.u8OrMnemonic('certificate usage', usages);
      const selector = tokens.u8OrMnemonic('selector', selectors);
      const matchingType = tokens.u8OrMnemonic('matching type', matchingTypes);
      const data = tokens.hex('certificate association data');
      requireLength(tokens, `data of matching type ${matchingType}`, data, dataLengths.get(matchingType));
      return { usage, selector, matchingType, data };
    },
    print: (value) => `${value.usage} ${value.selector} ${value.matchingType} ${printHex(value.data)}`,
  };
}

export const tlsa: RdataType<Tlsa> = tlsaForm(52, 'TLSA');
