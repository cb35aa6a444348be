import { Rcode, rcodeName } from '../wire/codes.ts';
import type { Name } from '../wire/name.ts';
import { printBase64 } from './octets.ts';
import { messageOnly, type RdataType } from './rdata-type.ts';

/** Transaction signature: the last record of a message. https://www.rfc-editor.org/rfc/rfc8945#section-4.2 */
export interface Tsig {
  /** Such as `hmac-sha256.`; never compressed. */
  algorithm: Name;
  /** Seconds since the epoch, 48 bits. */
  timeSigned: number;
  /** Seconds. */
  fudge: number;
  mac: Uint8Array;
  originalId: number;
  /** An RCODE: BADSIG, BADKEY, BADTIME, BADTRUNC or 0. */
  error: number;
  /** The server's time with BADTIME, otherwise empty. */
  otherData: Uint8Array;
}

export const tsig: RdataType<Tsig> = {
  type: 250,
  name: 'TSIG',
  decode: (reader) => ({
    algorithm: reader.name(false),
    timeSigned: reader.u16() * 2 ** 32 + reader.u32(),
    fudge: reader.u16(),
    mac: reader.take(reader.u16()),
    originalId: reader.u16(),
    error: reader.u16(),
    otherData: reader.take(reader.u16()),
  }),
  encode(value, writer) {
    writer.name(value.algorithm, false);
    writer.u16(Math.floor(value.timeSigned / 2 ** 32));
    writer.u32(value.timeSigned % 2 ** 32);
    writer.u16(value.fudge);
    writer.u16(value.mac.length);
    writer.bytes(value.mac);
    writer.u16(value.originalId);
    writer.u16(value.error);
    writer.u16(value.otherData.length);
    writer.bytes(value.otherData);
  },
  parse: messageOnly,
  print: (value) =>
    `${value.algorithm.toString()} ${value.timeSigned} ${value.fudge} ${printSized(value.mac)} ` +
    `${value.originalId} ${printError(value.error)} ${printSized(value.otherData)}`,
};

/** The text form is that of dig; no RFC has one. */
function printSized(octets: Uint8Array): string {
  return octets.length === 0 ? '0' : `${octets.length} ${printBase64(octets)}`;
}

/** 16 is BADSIG here (RFC 8945 §3). */
function printError(error: number): string {
  return error === Rcode.BADSIG ? 'BADSIG' : rcodeName(error);
}
