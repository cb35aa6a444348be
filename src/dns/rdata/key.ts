import { parseAlgorithm } from './algorithm-names.ts';
import { parseKeyFlags, parseKeyProtocol } from './key-flags.ts';
import { printBase64 } from './octets.ts';
import { decodePublicKey, parsePublicKey } from './public-key.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';

/**
 * Public key of a host or a user. Zones are signed by DNSKEY now, but SIG(0) and TKEY still take their keys from here
 * (RFC 3755 §3). https://www.rfc-editor.org/rfc/rfc2535#section-3.1
 */
export interface Key {
  flags: number;
  /** 3 is DNSSEC, 255 any (RFC 2535 §3.1.3). */
  protocol: number;
  algorithm: number;
  /** Empty exactly when the flags say that there is no key. */
  publicKey: Uint8Array;
}

/** RFC 2535 §3.1.2: both bits of the key's type. */
const NO_KEY = 0xc000;

export const key: RdataType<Key> = {
  type: 25,
  name: 'KEY',
  decode(reader) {
    const flags = reader.u16();
    const protocol = reader.u8();
    const algorithm = reader.u8();
    const publicKey = hasKey(flags) ? decodePublicKey(reader, algorithm) : new Uint8Array(0);
    return { flags, protocol, algorithm, publicKey };
  },
  encode(value, writer) {
    writer.u16(value.flags);
    writer.u8(value.protocol);
    writer.u8(value.algorithm);
    writer.bytes(value.publicKey);
  },
  parse(tokens: RdataTokens) {
    const flags = parseKeyFlags(tokens);
    const protocol = parseKeyProtocol(tokens);
    const algorithm = parseAlgorithm(tokens);
    const publicKey = hasKey(flags) ? parsePublicKey(tokens, algorithm) : new Uint8Array(0);
    return { flags, protocol, algorithm, publicKey };
  },
  print(value) {
    const fields = `${value.flags} ${value.protocol} ${value.algorithm}`;
    return hasKey(value.flags) ? `${fields} ${printBase64(value.publicKey)}` : fields;
  },
};

function hasKey(flags: number): boolean {
  return (flags & NO_KEY) !== NO_KEY;
}
