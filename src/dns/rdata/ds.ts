import { parseAlgorithm } from './algorithm-names.ts';
import { printHex, requireLength } from './octets.ts';
import type { RdataType } from './rdata-type.ts';

/** Delegation signer. https://www.rfc-editor.org/rfc/rfc4034#section-5 */
export interface Ds {
  keyTag: number;
  algorithm: number;
  digestType: number;
  digest: Uint8Array;
}

/** Octets of a digest by its type: SHA-1, SHA-256, GOST R 34.11-94, SHA-384 (IANA "DS RR Type Digest Algorithms"). */
const digestLengths: ReadonlyMap<number, number> = new Map([
  [1, 20],
  [2, 32],
  [3, 32],
  [4, 48],
]);

/** DS, and CDS, which has the same form (RFC 7344 §3.1). */
export function dsForm(type: number, name: string): RdataType<Ds> {
  return {
    type,
    name,
    decode: (reader) => ({
      keyTag: reader.u16(),
      algorithm: reader.u8(),
      digestType: reader.u8(),
      digest: reader.restNotEmpty('digest'),
    }),
    encode(value, writer) {
      writer.u16(value.keyTag);
      writer.u8(value.algorithm);
      writer.u8(value.digestType);
      writer.bytes(value.digest);
    },
    parse(tokens) {
      const keyTag = tokens.u16('key tag');
      const algorithm = parseAlgorithm(tokens);
      const digestType = tokens.u8('digest type');
      const digest = tokens.hex('digest');
      requireLength(tokens, `a digest of type ${digestType}`, digest, digestLengths.get(digestType));
      return { keyTag, algorithm, digestType, digest };
    },
    print: (value) => `${value.keyTag} ${value.algorithm} ${value.digestType} ${printHex(value.digest)}`,
  };
}

export const ds: RdataType<Ds> = dsForm(43, 'DS');
