import { printBase64, printHex } from './octets.ts';
import type { RdataType } from './rdata-type.ts';

/** Rdata that is one field of octets, at least one. */
export interface OctetsOnly {
  octets: Uint8Array;
}

/** `what` says what the octets are; `text` how they are written. */
function octetsOnly(type: number, name: string, what: string, text: 'hex' | 'base64'): RdataType<OctetsOnly> {
  const print = text === 'hex' ? printHex : printBase64;
  return {
    type,
    name,
    decode: (reader) => ({ octets: reader.restNotEmpty(what) }),
    encode: (value, writer) => writer.bytes(value.octets),
    parse: (tokens) => ({ octets: tokens[text](what) }),
    print: (value) => print(value.octets),
  };
}

/** The Nimrod drafts (EID, NIMLOC), RFC 4701 §3.1 (DHCID), RFC 9886 §5 (HHIT, BRID). */
export const octetsOnlyTypes: readonly RdataType<OctetsOnly>[] = [
  octetsOnly(31, 'EID', 'endpoint identifier', 'hex'),
  octetsOnly(32, 'NIMLOC', 'locator', 'hex'),
  octetsOnly(49, 'DHCID', 'identifier', 'base64'),
  octetsOnly(67, 'HHIT', 'host identity tag', 'base64'),
  octetsOnly(68, 'BRID', 'broadcast identity', 'base64'),
];
