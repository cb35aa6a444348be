import type { RdataTokens } from './tokens.ts';

/** DNSSEC algorithm mnemonics (IANA "DNS Security Algorithm Numbers", and BIND's for some of them), which zone files may use for the number. */
const algorithms: Readonly<Record<string, number>> = {
  DELETE: 0,
  RSAMD5: 1,
  DH: 2,
  DSA: 3,
  RSASHA1: 5,
  'DSA-NSEC3-SHA1': 6,
  'RSASHA1-NSEC3-SHA1': 7,
  NSEC3DSA: 6,
  NSEC3RSASHA1: 7,
  RSASHA256: 8,
  RSASHA512: 10,
  'ECC-GOST': 12,
  ECCGOST: 12,
  ECDSAP256SHA256: 13,
  ECDSAP384SHA384: 14,
  ED25519: 15,
  ED448: 16,
  INDIRECT: 252,
  PRIVATEDNS: 253,
  PRIVATEOID: 254,
};

/** An algorithm as number or mnemonic (RFC 4034 §2.2). @throws RdataError */
export function parseAlgorithm(tokens: RdataTokens): number {
  return tokens.u8OrMnemonic('algorithm', algorithms);
}
