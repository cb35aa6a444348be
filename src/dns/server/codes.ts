/** Extended DNS errors (RFC 8914 §4): -1 is none. */
export const Ede = {
  none: -1,
  notReady: 14,
  prohibited: 18,
  notAuthoritative: 20,
  notSupported: 21,
  invalidData: 24,
  /** RFC 9824 §9 */
  invalidQueryType: 30,
} as const;

/** OPTION-CODEs of OPT (IANA, EDNS0 option codes). */
export const OptionCode = {
  nsid: 3,
  cookie: 10,
  keepalive: 11,
  padding: 12,
  ede: 15,
} as const;

/** Types that only a question has, beside those of `Type` (RFC 6895 §3.1, RFC 9824 §3.4). */
export const QueryType = {
  nxname: 128,
  tkey: 249,
  mailb: 253,
  maila: 254,
} as const;

/** Bits of the third and fourth octet of a header (RFC 1035 §4.1.1, RFC 4035 §3). */
export const HeaderBit = { qr: 0x80, aa: 0x04, tc: 0x02, rd: 0x01, cd: 0x10 } as const;
