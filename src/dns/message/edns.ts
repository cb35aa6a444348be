import { fromWire, toWire } from '../rdata/registry.ts';
import { opt, type EdnsOption } from '../rdata/opt.ts';

export type { EdnsOption } from '../rdata/opt.ts';

/** What the OPT record says. https://www.rfc-editor.org/rfc/rfc6891#section-6.1 */
export interface Edns {
  /** Largest UDP payload that the sender can take, octets; below 512 means 512 (RFC 6891 §6.2.3). */
  udpSize: number;
  version: number;
  /** DNSSEC OK (RFC 3225). */
  do: boolean;
  options: EdnsOption[];
}

/** The OPT record's fields under other names: CLASS, TTL and RDATA. */
export interface OptFields {
  class: number;
  ttl: number;
  rdata: Uint8Array;
}

const DO = 0x8000;

/** The upper 8 of the 12 bits of the RCODE come beside (RFC 6891 §6.1.3). @throws FormErr */
export function decodeEdns(fields: OptFields): { edns: Edns; extendedRcode: number } {
  const edns = {
    udpSize: fields.class,
    version: (fields.ttl >>> 16) & 0xff,
    do: (fields.ttl & DO) !== 0,
    options: fromWire(opt, fields.rdata).options,
  };
  return { edns, extendedRcode: fields.ttl >>> 24 };
}

/** `rcode` has 12 bits. */
export function encodeEdns(edns: Edns, rcode: number): OptFields {
  return {
    class: edns.udpSize,
    ttl: (((rcode >> 4) << 24) | ((edns.version & 0xff) << 16) | (edns.do ? DO : 0)) >>> 0,
    rdata: toWire(opt, { options: edns.options }),
  };
}
