/** The name in the rdata below. */
export const NAMED = 'Host.Example.com.';

/** A type with names in its rdata, and what RFC 3597 says of them. */
export interface NamedRdata {
  type: string;
  text: string;
  /** §4: whether a sender may compress them, which only types of RFC 1035 allow. */
  isWellKnown?: true;
  /** §4: whether a receiver takes them compressed. */
  isDecompressed?: true;
  /** §7: whether they are in lower case in the canonical form. */
  isDowncased?: true;
}

const wellKnown = { isWellKnown: true, isDecompressed: true, isDowncased: true } as const;
const old = { isDecompressed: true, isDowncased: true } as const;

/** Every such type but RRSIG, which RFC 4034 §6.2 has lower-cased since. */
export const namedRdata: NamedRdata[] = [
  ...['NS', 'CNAME', 'PTR', 'MB', 'MD', 'MF', 'MG', 'MR'].map((type) => ({
    type,
    text: NAMED,
    ...wellKnown,
  })),
  { type: 'SOA', text: `${NAMED} ${NAMED} 1 2 3 4 5`, ...wellKnown },
  { type: 'MINFO', text: `${NAMED} ${NAMED}`, ...wellKnown },
  { type: 'MX', text: `10 ${NAMED}`, ...wellKnown },
  { type: 'RP', text: `${NAMED} ${NAMED}`, ...old },
  { type: 'AFSDB', text: `1 ${NAMED}`, ...old },
  { type: 'RT', text: `1 ${NAMED}`, ...old },
  { type: 'SIG', text: `A 5 3 3600 20300102030405 20291211100908 2143 ${NAMED} MxFc`, ...old },
  { type: 'PX', text: `10 ${NAMED} ${NAMED}`, ...old },
  { type: 'NXT', text: `${NAMED} A`, ...old },
  { type: 'NAPTR', text: `100 50 "s" "" "" ${NAMED}`, ...old },
  { type: 'SRV', text: `0 5 993 ${NAMED}`, ...old },
  // Nothing wants it read so, and nothing forbids it.
  { type: 'KX', text: `10 ${NAMED}`, ...old },
  { type: 'DNAME', text: NAMED, isDowncased: true },
  { type: 'A6', text: `64 ::1 ${NAMED}`, isDowncased: true },
  { type: 'NSAP-PTR', text: NAMED },
  { type: 'NSEC', text: `${NAMED} A` },
  { type: 'HIP', text: `2 2001 AwEA ${NAMED}` },
  { type: 'IPSECKEY', text: `10 3 2 ${NAMED} AQNR` },
  { type: 'AMTRELAY', text: `10 0 3 ${NAMED}` },
  { type: 'LP', text: `10 ${NAMED}` },
  { type: 'TALINK', text: `${NAMED} ${NAMED}` },
  { type: 'DSYNC', text: `CDS NOTIFY 1 ${NAMED}` },
  { type: 'SVCB', text: `1 ${NAMED} alpn=h2` },
  { type: 'HTTPS', text: `1 ${NAMED} alpn=h2` },
];
