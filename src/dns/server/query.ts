import { Type } from '../type-codes.ts';
import { FormErr } from '../wire/form-error.ts';
import { u16 } from '../zone/octets.ts';
import { OptionCode } from './codes.ts';
import { isCookieLength } from './cookies.ts';
import { HEADER_SIZE } from './response.ts';
import { createSearchName, type SearchName, setSearchName } from './search-name.ts';

/** TYPE, CLASS, TTL and RDLENGTH. */
const RECORD_FIXED = 10;

/** A query as far as an answer needs it, in memory that is used again for the next one. */
export interface Query {
  readonly name: SearchName;
  qtype: number;
  qclass: number;
  /** Offset behind the question; 0 while none was read. */
  questionEnd: number;
  /** Whether an OPT record came with it (RFC 6891 §6.1.1). */
  edns: boolean;
  version: number;
  /** The largest UDP message that the client takes, octets. */
  udpSize: number;
  dnssecOk: boolean;
  /** Whether a TSIG record came with it (RFC 8945). */
  signed: boolean;
  /** Whether it asks who we are (NSID, RFC 5001 §2.1), and for how long a stream stays open (RFC 7828 §3.2). */
  nsid: boolean;
  /** Whether it is padded (RFC 7830). */
  padded: boolean;
  keepalive: boolean;
  /** Where the octets of its COOKIE option stand (RFC 7873); and how many, 0 without one. */
  cookieAt: number;
  cookieLength: number;
}

export function createQuery(): Query {
  return {
    name: createSearchName(),
    qtype: 0,
    qclass: 0,
    questionEnd: 0,
    edns: false,
    version: 0,
    udpSize: 512,
    dnssecOk: false,
    signed: false,
    nsid: false,
    padded: false,
    keepalive: false,
    cookieAt: 0,
    cookieLength: 0,
  };
}

/** Forgets the query before. */
export function resetQuery(query: Query): void {
  query.qtype = 0;
  query.qclass = 0;
  query.questionEnd = 0;
  query.edns = false;
  query.version = 0;
  query.udpSize = 512;
  query.dnssecOk = false;
  query.signed = false;
  query.nsid = false;
  query.padded = false;
  query.keepalive = false;
  query.cookieLength = 0;
}

/**
 * Reads a message of opcode QUERY with a whole header, after a reset. What was read before an error stays, so that the error can be answered.
 * @throws FormErr
 */
export function readQuery(query: Query, bytes: Uint8Array, length: number): void {
  // RFC 9619 §4: a QUERY asks one question at most.
  const questions = u16(bytes, 4);
  if (questions > 1) throw new FormErr('a query holds one question');
  if (questions === 1) readQuestion(query, bytes, length);
  const end = readRecords(query, bytes, length);
  if (end !== length) throw new FormErr('octets follow the message');
  // RFC 7873 §5.4: without a question it asks for a cookie.
  if (questions === 0 && query.cookieLength === 0) throw new FormErr('a query holds a question, or a cookie');
}

/**
 * Reads what the OPT of a message of another opcode says (RFC 6891 §6.1.1), such as an UPDATE: it has the sections of a query, though they mean something
 * else (RFC 2136 §2). Whatever is wrong with it, those say who read all of it; what was read before stays.
 */
export function readEdnsAlone(query: Query, bytes: Uint8Array, length: number): void {
  try {
    readQuery(query, bytes, length);
  } catch (error) {
    if (!(error instanceof FormErr)) throw error;
  }
  // RFC 2136 §3.8: the response need not repeat the zone.
  query.questionEnd = 0;
}

function readQuestion(query: Query, bytes: Uint8Array, length: number): void {
  const at = setSearchName(query.name, bytes, HEADER_SIZE, length);
  if (at + 4 > length) throw new FormErr('the question is cut short');
  query.qtype = u16(bytes, at);
  query.qclass = u16(bytes, at + 2);
  query.questionEnd = at + 4;
}

function readRecords(query: Query, bytes: Uint8Array, length: number): number {
  const additionalFrom = u16(bytes, 6) + u16(bytes, 8);
  const count = additionalFrom + u16(bytes, 10);
  let at = query.questionEnd === 0 ? HEADER_SIZE : query.questionEnd;
  for (let i = 0; i < count; i++) {
    const owner = at;
    at = skipName(bytes, at, length);
    if (at + RECORD_FIXED > length) throw new FormErr('a record is cut short');
    const rdata = at + RECORD_FIXED;
    const end = rdata + u16(bytes, at + 8);
    if (end > length) throw new FormErr('rdata runs past the end');
    if (u16(bytes, at) === Type.OPT) {
      if (i < additionalFrom || bytes[owner] !== 0 || query.edns) {
        // RFC 6891 §7: what is wrong with it is answered with an OPT.
        query.edns = true;
        throw new FormErr('OPT stands once, in the additional section, at the root');
      }
      readOpt(query, bytes, at, rdata, end);
    } else if (u16(bytes, at) === Type.TSIG) query.signed = true;
    at = end;
  }
  return at;
}

/** Owners of other records are skipped, not read: a pointer ends a name. */
function skipName(bytes: Uint8Array, start: number, length: number): number {
  let at = start;
  for (;;) {
    if (at >= length) throw new FormErr('name runs past the end');
    const octet = bytes[at]!;
    if (octet === 0) return at + 1;
    if (octet >= 0xc0) return at + 2;
    if (octet > 63) throw new FormErr('label type is not supported');
    at += octet + 1;
  }
}

/** RFC 6891 §6.1.2, §6.1.3. Options we do not know are skipped, but must be whole. */
function readOpt(query: Query, bytes: Uint8Array, at: number, rdata: number, end: number): void {
  query.edns = true;
  // RFC 6891 §6.2.3: values below 512 count as 512.
  query.udpSize = Math.max(512, u16(bytes, at + 2));
  query.version = bytes[at + 5]!;
  query.dnssecOk = (bytes[at + 6]! & 0x80) !== 0;
  let option = rdata;
  while (option + 4 <= end) {
    const next = option + 4 + u16(bytes, option + 2);
    if (next > end) break;
    readOption(query, u16(bytes, option), option + 4, next - option - 4);
    option = next;
  }
  if (option !== end) throw new FormErr('an EDNS option runs past its record');
}

function readOption(query: Query, code: number, at: number, length: number): void {
  if (code === OptionCode.nsid) query.nsid = true;
  if (code === OptionCode.padding) query.padded = true;
  if (code === OptionCode.keepalive) query.keepalive = true;
  // RFC 7873 §5.2: of several the first one counts.
  if (code !== OptionCode.cookie || query.cookieLength > 0) return;
  if (!isCookieLength(length)) throw new FormErr('a cookie has 8 octets, or 16 to 40');
  query.cookieAt = at;
  query.cookieLength = length;
}
