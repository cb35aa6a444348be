import { Rcode, rcodeName } from '../wire/codes.ts';
import type { Name } from '../wire/name.ts';
import { printBase64, requireLength } from './octets.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';

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
  parse: (tokens) => ({
    algorithm: tokens.domainName('algorithm'),
    timeSigned: tokens.integer('time signed', 2 ** 48 - 1),
    fudge: tokens.u16('fudge'),
    mac: sizedBase64(tokens, 'MAC'),
    originalId: tokens.u16('original ID'),
    error: parseError(tokens),
    otherData: sizedBase64(tokens, 'other data'),
  }),
  print: (value) =>
    `${value.algorithm.toString()} ${value.timeSigned} ${value.fudge} ${printSized(value.mac)} ` +
    `${value.originalId} ${printError(value.error)} ${printSized(value.otherData)}`,
};

/** The text form that dig prints; no RFC has one. A size, then that many octets in one word of base64. */
function sizedBase64(tokens: RdataTokens, what: string): Uint8Array {
  const size = tokens.u16(`${what} size`);
  if (size === 0) return new Uint8Array(0);
  const octets = Buffer.from(tokens.word(what), 'base64');
  requireLength(tokens, what, octets, size);
  return octets;
}

function printSized(octets: Uint8Array): string {
  return octets.length === 0 ? '0' : `${octets.length} ${printBase64(octets)}`;
}

/** 16 is BADSIG here (RFC 8945 §3). */
function printError(error: number): string {
  return error === Rcode.BADSIG ? 'BADSIG' : rcodeName(error);
}

function parseError(tokens: RdataTokens): number {
  const word = tokens.word('error').toUpperCase();
  const code = new Map<string, number>(Object.entries(Rcode)).get(word);
  const number = Number(code ?? /^(?:RCODE)?(\d{1,5})$/.exec(word)?.[1]);
  if (!(number <= 0xffff)) tokens.fail(`error must be an RCODE such as BADTIME, not "${word}"`);
  return number;
}
