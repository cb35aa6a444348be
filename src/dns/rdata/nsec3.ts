import { FormErr } from '../wire/form-error.ts';
import { parseBase32Hex, printBase32Hex } from './base32hex.ts';
import { nsec3param, parseNsec3Fields, printNsec3Fields, type Nsec3param } from './nsec3param.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';
import { decodeTypeBitmap, encodeTypeBitmap, parseTypeBitmap, printTypeBitmap } from './type-bitmap.ts';

/** Hashed next owner and the types here. https://www.rfc-editor.org/rfc/rfc5155#section-3 */
export interface Nsec3 extends Nsec3param {
  nextHashed: Uint8Array;
  /** In ascending order. */
  types: number[];
}

export const nsec3: RdataType<Nsec3> = {
  type: 50,
  name: 'NSEC3',
  decode(reader) {
    const fields = nsec3param.decode(reader);
    const nextHashed = reader.string();
    // RFC 5155 §3.2: the hash length is 1 to 255.
    if (nextHashed.length === 0) throw new FormErr('NSEC3 next hashed owner is empty');
    return { ...fields, nextHashed, types: decodeTypeBitmap(reader) };
  },
  encode(value, writer) {
    nsec3param.encode(value, writer);
    writer.string(value.nextHashed);
    encodeTypeBitmap(value.types, writer);
  },
  parse(tokens: RdataTokens) {
    const fields = parseNsec3Fields(tokens);
    const text = tokens.word('next hashed owner');
    const nextHashed = parseBase32Hex(text);
    if (!nextHashed || nextHashed.length === 0 || nextHashed.length > 255)
      tokens.fail(`next hashed owner must be 1 to 255 octets in base32hex without padding, not "${text}"`);
    if (fields.hashAlgorithm === 1 && nextHashed.length !== 20)
      tokens.fail(`next hashed owner must be a SHA-1 hash of 20 octets, not ${nextHashed.length}`);
    return { ...fields, nextHashed, types: parseTypeBitmap(tokens) };
  },
  print: (value) =>
    `${printNsec3Fields(value)} ${printBase32Hex(value.nextHashed)}${printTypeBitmap(value.types)}`,
};
