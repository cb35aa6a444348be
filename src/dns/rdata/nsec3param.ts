import { printHex } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';

/** How a zone's NSEC3 records are hashed. https://www.rfc-editor.org/rfc/rfc5155#section-4 */
export interface Nsec3param {
  /** 1 is SHA-1. */
  hashAlgorithm: number;
  flags: number;
  iterations: number;
  salt: Uint8Array;
}

/** The four fields that NSEC3 and NSEC3PARAM share. @throws RdataError */
export function parseNsec3Fields(tokens: RdataTokens): Nsec3param {
  return {
    hashAlgorithm: tokens.u8('hash algorithm'),
    flags: tokens.u8('flags'),
    iterations: tokens.u16('iterations'),
    salt: parseSalt(tokens),
  };
}

/** One word of hexadecimal, or `-` for none (RFC 5155 §3.3). */
function parseSalt(tokens: RdataTokens): Uint8Array {
  const text = tokens.word('salt');
  if (text === '-') return new Uint8Array(0);
  if (!/^([0-9a-f]{2}){1,255}$/i.test(text))
    tokens.fail(`salt must be "-" or 1 to 255 pairs of hexadecimal digits, not "${text}"`);
  return new Uint8Array(Buffer.from(text, 'hex'));
}

export function printNsec3Fields(value: Nsec3param): string {
  const salt = value.salt.length === 0 ? '-' : printHex(value.salt);
  return `${value.hashAlgorithm} ${value.flags} ${value.iterations} ${salt}`;
}

export const nsec3param: RdataType<Nsec3param> = {
  type: 51,
  name: 'NSEC3PARAM',
  decode: (reader) => ({
    hashAlgorithm: reader.u8(),
    flags: reader.u8(),
    iterations: reader.u16(),
    salt: reader.string(),
  }),
  encode(value, writer) {
    writer.u8(value.hashAlgorithm);
    writer.u8(value.flags);
    writer.u16(value.iterations);
    writer.string(value.salt);
  },
  parse: parseNsec3Fields,
  print: printNsec3Fields,
};
