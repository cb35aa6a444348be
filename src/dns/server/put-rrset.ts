import { CLASS_IN } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { rrsetSignatures, rrsetType } from '../zone/image-reader.ts';
import { RRSET_HEADER } from '../zone/node-codec.ts';
import { u16 } from '../zone/octets.ts';
import {
  createMark,
  mark,
  nameEnd,
  putBytes,
  putName,
  putU16,
  putU32,
  QNAME_POINTER,
  type Response,
  rollBack,
} from './response.ts';

/** TYPE, CLASS, TTL and RDLENGTH. */
const FIXED = 10;

/** What of an RRset to write. */
export const Part = { records: 1, signatures: 2, both: 3 } as const;
export type Part = (typeof Part)[keyof typeof Part];

const start = createMark();

/**
 * Writes an RRset of an image, with its RRSIGs or without, to the current section. The owner is an uncompressed name, or
 * the name of the question when `ownerAt` is -1. All or nothing (RFC 2181 §9): false when it does not fit.
 */
export function putRRset(
  response: Response,
  data: Uint8Array,
  rrset: number,
  owner: Uint8Array,
  ownerAt: number,
  ttl: number,
  part: Part,
): boolean {
  mark(response, start);
  const records = rrset + RRSET_HEADER;
  const type = rrsetType(data, rrset);
  const fits =
    ((part & Part.records) === 0 ||
      putRecords(response, data, records, u16(data, rrset + 2), type, owner, ownerAt, ttl)) &&
    ((part & Part.signatures) === 0 ||
      putRecords(
        response,
        data,
        rrsetSignatures(data, rrset),
        u16(data, rrset + 8),
        Type.RRSIG,
        owner,
        ownerAt,
        ttl,
      ));
  if (!fits) rollBack(response, start);
  return fits;
}

function putRecords(
  response: Response,
  data: Uint8Array,
  first: number,
  count: number,
  type: number,
  owner: Uint8Array,
  ownerAt: number,
  ttl: number,
): boolean {
  let pointer = ownerAt < 0 ? QNAME_POINTER : 0;
  let at = first;
  for (let left = count; left > 0; left--) {
    const length = u16(data, at);
    if (pointer === 0) {
      const here = response.at;
      if (!putName(response, owner, ownerAt)) return false;
      pointer = pointerTo(response, here);
    } else if (response.at + 2 > response.limit) return false;
    else putU16(response, pointer);
    if (!putBody(response, data, at + 2, length, type, ttl)) return false;
    at += 2 + length;
  }
  response.counts[response.section]! += count;
  return true;
}

/** The pointer for later uses of the name written at `offset`; 0 when it is out of reach. */
function pointerTo(response: Response, offset: number): number {
  if (response.bytes[offset]! >= 0xc0) return (response.bytes[offset]! << 8) | response.bytes[offset + 1]!;
  return offset <= 0x3fff && response.bytes[offset] !== 0 ? 0xc000 | offset : 0;
}

/** Everything of a record behind its owner. */
function putBody(
  response: Response,
  data: Uint8Array,
  rdata: number,
  length: number,
  type: number,
  ttl: number,
): boolean {
  if (response.at + FIXED > response.limit) return false;
  putU16(response, type);
  putU16(response, CLASS_IN);
  putU32(response, ttl);
  const lengthAt = response.at;
  putU16(response, length);
  if (!putRdata(response, data, rdata, length, type)) return false;
  const written = response.at - lengthAt - 2;
  response.bytes[lengthAt] = written >>> 8;
  response.bytes[lengthAt + 1] = written;
  return true;
}

/** RFC 3597 §4: names are compressed in the rdata of the types of RFC 1035 and of no other. */
function putRdata(response: Response, data: Uint8Array, at: number, length: number, type: number): boolean {
  switch (type) {
    case Type.NS:
    case Type.CNAME:
    case Type.PTR:
      return putName(response, data, at);
    case Type.MX:
      if (!putPlain(response, data, at, 2)) return false;
      return putName(response, data, at + 2);
    case Type.SOA: {
      const rname = nameEnd(data, at);
      if (!putName(response, data, at) || !putName(response, data, rname)) return false;
      return putPlain(response, data, at + length - 20, 20);
    }
    default:
      return putPlain(response, data, at, length);
  }
}

function putPlain(response: Response, data: Uint8Array, at: number, length: number): boolean {
  if (response.at + length > response.limit) return false;
  putBytes(response, data, at, length);
  return true;
}
