import { parseAlgorithm } from './algorithm-names.ts';
import { printBase64 } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';

/** Certificate, or where there is one. https://www.rfc-editor.org/rfc/rfc4398#section-2 */
export interface Cert {
  certificateType: number;
  /** Of the key in the certificate; 0 when its algorithm is none of DNSSEC's. */
  keyTag: number;
  algorithm: number;
  certificate: Uint8Array;
}

/** RFC 4398 §2.1 */
const certificateTypes: Readonly<Record<string, number>> = {
  PKIX: 1,
  SPKI: 2,
  PGP: 3,
  IPKIX: 4,
  ISPKI: 5,
  IPGP: 6,
  ACPKIX: 7,
  IACPKIX: 8,
  URI: 253,
  OID: 254,
};
const mnemonics = new Map(Object.entries(certificateTypes).map(([word, number]) => [number, word]));

export const cert: RdataType<Cert> = {
  type: 37,
  name: 'CERT',
  decode: (reader) => ({
    certificateType: reader.u16(),
    keyTag: reader.u16(),
    algorithm: reader.u8(),
    certificate: reader.restNotEmpty('certificate'),
  }),
  encode(value, writer) {
    writer.u16(value.certificateType);
    writer.u16(value.keyTag);
    writer.u8(value.algorithm);
    writer.bytes(value.certificate);
  },
  parse: (tokens: RdataTokens) => ({
    certificateType: tokens.u16OrMnemonic('certificate type', certificateTypes),
    keyTag: tokens.u16('key tag'),
    algorithm: parseAlgorithm(tokens),
    certificate: tokens.base64('certificate'),
  }),
  print: (value) =>
    `${mnemonics.get(value.certificateType) ?? value.certificateType} ${value.keyTag} ${value.algorithm} ` +
    printBase64(value.certificate),
};
