import { FormErr } from '../wire/form-error.ts';
import { parseAlgorithm } from './algorithm-names.ts';
import { parseKeyFlags, parseKeyProtocol } from './key-flags.ts';
import { printBase64 } from './octets.ts';
import { decodePublicKey, parsePublicKey } from './public-key.ts';
import type { RdataType } from './rdata-type.ts';
import type { RdataTokens } from './tokens.ts';

/** Key to which NAPTR data is encrypted: the form of KEY, all flags 0 (draft-reid-dnsext-rkey). */
export interface Rkey {
  protocol: number;
  algorithm: number;
  publicKey: Uint8Array;
}

export const rkey: RdataType<Rkey> = {
  type: 57,
  name: 'RKEY',
  decode(reader) {
    if (reader.u16() !== 0) throw new FormErr('RKEY flags are not 0');
    const protocol = reader.u8();
    const algorithm = reader.u8();
    return { protocol, algorithm, publicKey: decodePublicKey(reader, algorithm) };
  },
  encode(value, writer) {
    writer.u16(0);
    writer.u8(value.protocol);
    writer.u8(value.algorithm);
    writer.bytes(value.publicKey);
  },
  parse(tokens: RdataTokens) {
    if (parseKeyFlags(tokens) !== 0) tokens.fail('flags must be 0');
    const protocol = parseKeyProtocol(tokens);
    const algorithm = parseAlgorithm(tokens);
    return { protocol, algorithm, publicKey: parsePublicKey(tokens, algorithm) };
  },
  print: (value) => `0 ${value.protocol} ${value.algorithm} ${printBase64(value.publicKey)}`,
};
