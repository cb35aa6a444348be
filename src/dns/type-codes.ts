/** RR TYPE codes by mnemonic (IANA DNS parameters): all types with a file in `rdata/`, and the query-only ones. */
export const Type = {
  A: 1,
  NS: 2,
  MD: 3,
  MF: 4,
  CNAME: 5,
  SOA: 6,
  MB: 7,
  MG: 8,
  MR: 9,
  NULL: 10,
  WKS: 11,
  PTR: 12,
  HINFO: 13,
  MINFO: 14,
  MX: 15,
  TXT: 16,
  RP: 17,
  AFSDB: 18,
  X25: 19,
  ISDN: 20,
  RT: 21,
  NSAP: 22,
  'NSAP-PTR': 23,
  SIG: 24,
  KEY: 25,
  PX: 26,
  GPOS: 27,
  AAAA: 28,
  LOC: 29,
  NXT: 30,
  EID: 31,
  NIMLOC: 32,
  SRV: 33,
  ATMA: 34,
  NAPTR: 35,
  KX: 36,
  CERT: 37,
  A6: 38,
  DNAME: 39,
  SINK: 40,
  OPT: 41,
  APL: 42,
  DS: 43,
  SSHFP: 44,
  IPSECKEY: 45,
  RRSIG: 46,
  NSEC: 47,
  DNSKEY: 48,
  DHCID: 49,
  NSEC3: 50,
  NSEC3PARAM: 51,
  TLSA: 52,
  SMIMEA: 53,
  HIP: 55,
  NINFO: 56,
  RKEY: 57,
  TALINK: 58,
  CDS: 59,
  CDNSKEY: 60,
  OPENPGPKEY: 61,
  CSYNC: 62,
  ZONEMD: 63,
  SVCB: 64,
  HTTPS: 65,
  DSYNC: 66,
  HHIT: 67,
  BRID: 68,
  SPF: 99,
  UINFO: 100,
  UID: 101,
  GID: 102,
  UNSPEC: 103,
  NID: 104,
  L32: 105,
  L64: 106,
  LP: 107,
  EUI48: 108,
  EUI64: 109,
  TSIG: 250,
  IXFR: 251,
  AXFR: 252,
  ANY: 255,
  URI: 256,
  CAA: 257,
  AVC: 258,
  DOA: 259,
  AMTRELAY: 260,
  RESINFO: 261,
  WALLET: 262,
  TA: 32_768,
  DLV: 32_769,
} as const;

const byName = new Map<string, number>(Object.entries(Type));
const byCode = new Map<number, string>(Object.entries(Type).map(([name, code]) => [code, name]));

/** `MX` or `TYPE15` to 15; undefined for a word that is no type. */
export function typeCode(name: string): number | undefined {
  const upper = name.toUpperCase();
  const code = byName.get(upper);
  if (code !== undefined) return code;
  const unknown = /^TYPE(\d{1,5})$/.exec(upper);
  return unknown && Number(unknown[1]) <= 0xffff ? Number(unknown[1]) : undefined;
}

/** 15 to `MX`, 65280 to `TYPE65280` (RFC 3597 §5). */
export function typeName(type: number): string {
  return byCode.get(type) ?? `TYPE${type}`;
}

/** OPT and the types 128 to 255 live in messages only and never in a zone (RFC 6895 §3.1). */
export function isMetaType(type: number): boolean {
  return type === Type.OPT || (type >= 128 && type <= 255) || type === 0;
}
