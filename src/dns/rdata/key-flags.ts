import type { RdataTokens } from './tokens.ts';

/** Flags of KEY (RFC 2535 §7.1), and KSK of DNSKEY, which BIND reads as well. */
const flags: Readonly<Record<string, number>> = {
  NOCONF: 0x4000,
  NOAUTH: 0x8000,
  NOKEY: 0xc000,
  FLAG2: 0x2000,
  EXTEND: 0x1000,
  FLAG4: 0x0800,
  FLAG5: 0x0400,
  USER: 0,
  ZONE: 0x0100,
  HOST: 0x0200,
  NTYP3: 0x0300,
  FLAG8: 0x0080,
  FLAG9: 0x0040,
  FLAG10: 0x0020,
  FLAG11: 0x0010,
  KSK: 1,
  ...Object.fromEntries(Array.from({ length: 16 }, (_, signatory) => [`SIG${signatory}`, signatory])),
};

const protocols = { NONE: 0, TLS: 1, EMAIL: 2, DNSSEC: 3, IPSEC: 4, ALL: 255 };

/** 16 flags as a number, decimal or with 0x, or as mnemonics with `|` between. @throws RdataError */
export function parseKeyFlags(tokens: RdataTokens): number {
  const text = tokens.peek()?.text ?? '';
  if (/^\d*$/.test(text)) return tokens.u16('flags');
  tokens.word('flags');
  if (/^0x[0-9a-f]{1,4}$/i.test(text)) return parseInt(text, 16);
  const words = text.toUpperCase().split('|');
  const unknown = words.find((word) => !Object.hasOwn(flags, word));
  if (unknown !== undefined) tokens.fail(`flags must be a number or words such as ZONE|KSK, not "${text}"`);
  return words.reduce((sum, word) => sum | flags[word]!, 0);
}

/** What the key is for: a number or a mnemonic (RFC 2535 §7.1). @throws RdataError */
export function parseKeyProtocol(tokens: RdataTokens): number {
  return tokens.u8OrMnemonic('protocol', protocols);
}
