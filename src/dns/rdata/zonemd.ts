import { FormErr } from '../wire/form-error.ts';
import { printHex, requireLength } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';

/** Digest of a whole zone. https://www.rfc-editor.org/rfc/rfc8976#section-2 */
export interface Zonemd {
  serial: number;
  /** 1 is SIMPLE. */
  scheme: number;
  /** 1 SHA-384, 2 SHA-512. */
  hashAlgorithm: number;
  digest: Uint8Array;
}

/** RFC 8976 §2.2.4 */
const MIN_DIGEST = 12;

/** Octets of a digest by hash algorithm. */
const digestLengths: ReadonlyMap<number, number> = new Map([
  [1, 48],
  [2, 64],
]);

export const zonemd: RdataType<Zonemd> = {
  type: 63,
  name: 'ZONEMD',
  decode(reader) {
    const value = {
      serial: reader.u32(),
      scheme: reader.u8(),
      hashAlgorithm: reader.u8(),
      digest: reader.rest(),
    };
    if (value.digest.length < MIN_DIGEST) throw new FormErr('ZONEMD digest is too short');
    return value;
  },
  encode(value, writer) {
    writer.u32(value.serial);
    writer.u8(value.scheme);
    writer.u8(value.hashAlgorithm);
    writer.bytes(value.digest);
  },
  parse(tokens: RdataTokens) {
    const serial = tokens.u32('serial');
    const scheme = tokens.u8('scheme');
    const hashAlgorithm = tokens.u8('hash algorithm');
    const digest = tokens.hex('digest');
    const what = `a digest of hash algorithm ${hashAlgorithm}`;
    requireLength(tokens, what, digest, digestLengths.get(hashAlgorithm));
    if (digest.length < MIN_DIGEST) tokens.fail(`digest must be at least ${MIN_DIGEST} octets long`);
    return { serial, scheme, hashAlgorithm, digest };
  },
  print: (value) => `${value.serial} ${value.scheme} ${value.hashAlgorithm} ${printHex(value.digest)}`,
};
