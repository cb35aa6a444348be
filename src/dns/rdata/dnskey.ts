import { parseAlgorithm } from './algorithm-names.ts';
import { parseKeyFlags, parseKeyProtocol } from './key-flags.ts';
import { printBase64 } from './octets.ts';
import type { RdataType } from './rdata-type.ts';

/** DNSSEC public key. https://www.rfc-editor.org/rfc/rfc4034#section-2 */
export interface Dnskey {
  /** 256 for a ZSK, 257 for a KSK or CSK; 0x80 is REVOKE (RFC 5011 §7). */
  flags: number;
  /** Always 3. */
  protocol: number;
  algorithm: number;
  publicKey: Uint8Array;
}

/** DNSKEY, and CDNSKEY, which has the same form (RFC 7344 §3.2). */
export function dnskeyForm(type: number, name: string): RdataType<Dnskey> {
  return {
    type,
    name,
    decode: (reader) => ({
      flags: reader.u16(),
      protocol: reader.u8(),
      algorithm: reader.u8(),
      publicKey: reader.restNotEmpty('public key'),
    }),
    encode(value, writer) {
      writer.u16(value.flags);
      writer.u8(value.protocol);
      writer.u8(value.algorithm);
      writer.bytes(value.publicKey);
    },
    parse(tokens) {
      const flags = parseKeyFlags(tokens);
      const protocol = parseKeyProtocol(tokens);
      // RFC 4034 §2.1.2: a key with another protocol is not usable.
      if (protocol !== 3) tokens.fail(`protocol must be 3, not ${protocol}`);
      return { flags, protocol, algorithm: parseAlgorithm(tokens), publicKey: tokens.base64('public key') };
    },
    print: (value) => `${value.flags} ${value.protocol} ${value.algorithm} ${printBase64(value.publicKey)}`,
  };
}

export const dnskey: RdataType<Dnskey> = dnskeyForm(48, 'DNSKEY');
