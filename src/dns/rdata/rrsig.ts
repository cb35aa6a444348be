import { typeName } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';
import { parseAlgorithm } from './algorithm-names.ts';
import { printBase64 } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import { parseTimestamp, printTimestamp } from './timestamp.ts';
import { parseTypeOrNumber } from './type-bitmap.ts';

/** Signature of an RRset. https://www.rfc-editor.org/rfc/rfc4034#section-3 */
export interface Rrsig {
  typeCovered: number;
  algorithm: number;
  /** Labels of the owner, root and a leading `*` not counted (RFC 4034 §3.1.3). */
  labels: number;
  /** Seconds. */
  originalTtl: number;
  /** Seconds since the epoch, 32 bits, compared by RFC 1982. */
  expiration: number;
  /** Seconds since the epoch, 32 bits, compared by RFC 1982. */
  inception: number;
  keyTag: number;
  signer: Name;
  signature: Uint8Array;
}

/**
 * RRSIG, and SIG, which has the same form. Both are in the list of RFC 4034 §6.2 (RFC 6840 §5.1 took NSEC out of it, but the signer's
 * name stays in lower case); `compressible` for SIG, whose signer a sender may have compressed (RFC 3597 §4).
 */
export function rrsigForm(type: number, name: string, compressible: boolean): RdataType<Rrsig> {
  return {
    type,
    name,
    ...(compressible && { compressible: true as const }),
    decode: (reader) => ({
      typeCovered: reader.u16(),
      algorithm: reader.u8(),
      labels: reader.u8(),
      originalTtl: reader.u32(),
      expiration: reader.u32(),
      inception: reader.u32(),
      keyTag: reader.u16(),
      signer: reader.name(compressible),
      signature: reader.restNotEmpty('signature'),
    }),
    encode(value, writer) {
      writer.u16(value.typeCovered);
      writer.u8(value.algorithm);
      writer.u8(value.labels);
      writer.u32(value.originalTtl);
      writer.u32(value.expiration);
      writer.u32(value.inception);
      writer.u16(value.keyTag);
      writer.name(value.signer, false);
      writer.bytes(value.signature);
    },
    parse: (tokens) => ({
      typeCovered: parseTypeOrNumber(tokens, 'type covered'),
      algorithm: parseAlgorithm(tokens),
      labels: tokens.u8('labels'),
      originalTtl: tokens.u32('original TTL'),
      expiration: parseTimestamp(tokens, 'expiration'),
      inception: parseTimestamp(tokens, 'inception'),
      keyTag: tokens.u16('key tag'),
      signer: tokens.domainName("signer's name"),
      signature: tokens.base64('signature'),
    }),
    print: (value) =>
      `${typeName(value.typeCovered)} ${value.algorithm} ${value.labels} ${value.originalTtl} ` +
      `${printTimestamp(value.expiration)} ${printTimestamp(value.inception)} ` +
      `${value.keyTag} ${value.signer.toString()} ${printBase64(value.signature)}`,
    canonical: (value) => ({ ...value, signer: value.signer.canonical() }),
  };
}

export const rrsig: RdataType<Rrsig> = rrsigForm(46, 'RRSIG', false);
