import { printHex, requireLength } from './octets.ts';
import type { RdataType } from './rdata-type.ts';

/** Fingerprint of an SSH host key. https://www.rfc-editor.org/rfc/rfc4255#section-3.1 */
export interface Sshfp {
  /** 1 RSA, 2 DSA, 3 ECDSA, 4 Ed25519, 6 Ed448. */
  algorithm: number;
  /** 1 SHA-1, 2 SHA-256 (RFC 6594). */
  fingerprintType: number;
  fingerprint: Uint8Array;
}

/** Octets of a fingerprint by its type. */
const fingerprintLengths: ReadonlyMap<number, number> = new Map([
  [1, 20],
  [2, 32],
]);

export const sshfp: RdataType<Sshfp> = {
  type: 44,
  name: 'SSHFP',
  decode: (reader) => ({
    algorithm: reader.u8(),
    fingerprintType: reader.u8(),
    fingerprint: reader.restNotEmpty('fingerprint'),
  }),
  encode(value, writer) {
    writer.u8(value.algorithm);
    writer.u8(value.fingerprintType);
    writer.bytes(value.fingerprint);
  },
  parse(tokens) {
    const algorithm = tokens.u8('algorithm');
    const fingerprintType = tokens.u8('fingerprint type');
    const fingerprint = tokens.hex('fingerprint');
    requireLength(
      tokens,
      `a fingerprint of type ${fingerprintType}`,
      fingerprint,
      fingerprintLengths.get(fingerprintType),
    );
    return { algorithm, fingerprintType, fingerprint };
  },
  print: (value) => `${value.algorithm} ${value.fingerprintType} ${printHex(value.fingerprint)}`,
};
