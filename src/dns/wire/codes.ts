/** OPCODEs (IANA DNS parameters). */
export const Opcode = {
  QUERY: 0,
  IQUERY: 1,
  STATUS: 2,
  NOTIFY: 4,
  UPDATE: 5,
  DSO: 6,
} as const;

/** RCODEs, those of RFC 6891's 12 bits and of TSIG's error field (RFC 8945 §3) included. */
export const Rcode = {
  NOERROR: 0,
  FORMERR: 1,
  SERVFAIL: 2,
  NXDOMAIN: 3,
  NOTIMP: 4,
  REFUSED: 5,
  YXDOMAIN: 6,
  YXRRSET: 7,
  NXRRSET: 8,
  NOTAUTH: 9,
  NOTZONE: 10,
  DSOTYPENI: 11,
  /** 16 in the OPT record; TSIG's error field calls the same number BADSIG. */
  BADVERS: 16,
  BADSIG: 16,
  BADKEY: 17,
  BADTIME: 18,
  BADMODE: 19,
  BADNAME: 20,
  BADALG: 21,
  BADTRUNC: 22,
  BADCOOKIE: 23,
} as const;

/** Classes, with those that mean something else in updates (RFC 2136 §2.4). */
export const Class = {
  IN: 1,
  CH: 3,
  HS: 4,
  NONE: 254,
  ANY: 255,
} as const;

const rcodeNames = new Map<number, string>(
  Object.entries(Rcode)
    .filter(([name]) => name !== 'BADSIG')
    .map(([name, code]) => [code, name]),
);

/** `NXDOMAIN`, or `RCODE99` for one without a name; 16 is `BADVERS`. */
export function rcodeName(rcode: number): string {
  return rcodeNames.get(rcode) ?? `RCODE${rcode}`;
}
