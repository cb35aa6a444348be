import type { WireReader } from '../wire/reader.ts';
import type { WireWriter } from '../wire/writer.ts';

/** The one-bit fields of the header. AD and CD: RFC 4035 §3.1.6 and §3.2.2. */
export interface Flags {
  /** A response. */
  qr: boolean;
  /** Authoritative answer. */
  aa: boolean;
  /** Truncated. */
  tc: boolean;
  /** Recursion desired. */
  rd: boolean;
  /** Recursion available. */
  ra: boolean;
  /** Authentic data. */
  ad: boolean;
  /** Checking disabled. */
  cd: boolean;
}

export interface Header {
  id: number;
  opcode: number;
  /** The low 4 bits; OPT has the others (RFC 6891 §6.1.3). */
  rcode: number;
  flags: Flags;
  /** Records of the four sections: question, answer, authority, additional. */
  counts: [number, number, number, number];
}

const QR = 0x8000;
const AA = 0x0400;
const TC = 0x0200;
const RD = 0x0100;
const RA = 0x0080;
const AD = 0x0020;
const CD = 0x0010;

export const noFlags: Readonly<Flags> = {
  qr: false,
  aa: false,
  tc: false,
  rd: false,
  ra: false,
  ad: false,
  cd: false,
};

/** The reserved bit is not looked at (RFC 1035 §4.1.1: Z). @throws FormErr */
export function decodeHeader(reader: WireReader): Header {
  const id = reader.u16();
  const word = reader.u16();
  return {
    id,
    opcode: (word >> 11) & 0xf,
    rcode: word & 0xf,
    flags: {
      qr: (word & QR) !== 0,
      aa: (word & AA) !== 0,
      tc: (word & TC) !== 0,
      rd: (word & RD) !== 0,
      ra: (word & RA) !== 0,
      ad: (word & AD) !== 0,
      cd: (word & CD) !== 0,
    },
    counts: [reader.u16(), reader.u16(), reader.u16(), reader.u16()],
  };
}

export function encodeHeader(header: Header, writer: WireWriter): void {
  const { qr, aa, tc, rd, ra, ad, cd } = header.flags;
  writer.u16(header.id);
  writer.u16(
    ((header.opcode & 0xf) << 11) |
      (header.rcode & 0xf) |
      (qr ? QR : 0) |
      (aa ? AA : 0) |
      (tc ? TC : 0) |
      (rd ? RD : 0) |
      (ra ? RA : 0) |
      (ad ? AD : 0) |
      (cd ? CD : 0),
  );
  for (const count of header.counts) writer.u16(count);
}
