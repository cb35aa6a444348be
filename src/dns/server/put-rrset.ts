import { RRSET_HEADER, RRSIG_FIXED, SIGNER_LEFT_OUT } from '../zone/node-layout.ts';
import { findOwner, type FoundName } from '../zone/node-owner.ts';
import { rrsetSignatureCount, rrsetSignatures, rrsetType, type ImageReader } from '../zone/image-reader.ts';
import { u16 } from '../zone/octets.ts';
import { CLASS_IN } from '../rr.ts';
import { Type } from '../type-codes.ts';
import {
  QNAME_POINTER,
  createMark,
  mark,
  nameEnd,
  putBytes,
  putName,
  putU16,
  putU32,
  rollBack,
  type Response,
} from './response.ts';

/** TYPE, CLASS, TTL and RDLENGTH. */
export const FIXED = 10;

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
  zone: ImageReader,
  rrset: number,
  owner: Uint8Array,
  ownerAt: number,
  ttl: number,
  part: Part,
): boolean {
  mark(response, start);
  const { data } = zone;
  const fits =
    ((part & Part.records) === 0 || putRecords(response, data, rrset, owner, ownerAt, ttl)) &&
    ((part & Part.signatures) === 0 || putSignatures(response, zone, rrset, owner, ownerAt, ttl));
  if (!fits) rollBack(response, start);
  return fits;
}

const found: FoundName = { bytes: new Uint8Array(0), at: 0 };

/** The same, with the owner that the node has. */
export function putRRsetOf(
  response: Response,
  zone: ImageReader,
  node: number,
  rrset: number,
  ttl: number,
  part: Part,
): boolean {
  findOwner(found, zone.data, node, zone.origin, zone.originAt, zone.originLength);
  return putRRset(response, zone, rrset, found.bytes, found.at, ttl, part);
}

function putRecords(
  response: Response,
  data: Uint8Array,
  rrset: number,
  owner: Uint8Array,
  ownerAt: number,
  ttl: number,
): boolean {
  const type = rrsetType(data, rrset);
  const count = u16(data, rrset + 2);
  let pointer = ownerAt < 0 ? QNAME_POINTER : 0;
  let at = rrset + RRSET_HEADER;
  for (let left = count; left > 0; left--) {
    const here = response.at;
    if (!putOwner(response, pointer, owner, ownerAt)) return false;
    if (pointer === 0) pointer = pointerTo(response, here);
    const length = u16(data, at);
    if (!putBody(response, data, at + 2, length, type, ttl)) return false;
    at += 2 + length;
  }
  response.counts[response.section]! += count;
  return true;
}

/** The RRSIGs of an RRset, with the signer's name where it was left out. */
function putSignatures(
  response: Response,
  zone: ImageReader,
  rrset: number,
  owner: Uint8Array,
  ownerAt: number,
  ttl: number,
): boolean {
  const { data } = zone;
  const signer = u16(data, rrset + 8) & SIGNER_LEFT_OUT ? zone.originLength : 0;
  const count = rrsetSignatureCount(data, rrset);
  let pointer = ownerAt < 0 ? QNAME_POINTER : 0;
  let at = rrsetSignatures(data, rrset);
  for (let left = count; left > 0; left--) {
    const here = response.at;
    if (!putOwner(response, pointer, owner, ownerAt)) return false;
    if (pointer === 0) pointer = pointerTo(response, here);
    const length = u16(data, at);
    if (response.at + FIXED + length + signer > response.limit) return false;
    putFixed(response, Type.RRSIG, ttl, length + signer);
    if (signer === 0) putBytes(response, data, at + 2, length);
    else {
      putBytes(response, data, at + 2, RRSIG_FIXED);
      putBytes(response, zone.origin, zone.originAt, signer);
      putBytes(response, data, at + 2 + RRSIG_FIXED, length - RRSIG_FIXED);
    }
    at += 2 + length;
  }
  response.counts[response.section]! += count;
  return true;
}

/** Writes the pointer, or when it is 0 the name. */
export function putOwner(response: Response, pointer: number, owner: Uint8Array, ownerAt: number): boolean {
  if (pointer === 0) return putName(response, owner, ownerAt);
  if (response.at + 2 > response.limit) return false;
  putU16(response, pointer);
  return true;
}

/** The pointer for later uses of the name written at `offset`; 0 when it is out of reach. */
export function pointerTo(response: Response, offset: number): number {
  if (response.bytes[offset]! >= 0xc0) return (response.bytes[offset]! << 8) | response.bytes[offset + 1]!;
  return offset <= 0x3fff && response.bytes[offset] !== 0 ? 0xc000 | offset : 0;
}

/** Everything of a record behind its owner. */
export function putBody(
  response: Response,
  data: Uint8Array,
  rdata: number,
  length: number,
  type: number,
  ttl: number,
): boolean {
  if (response.at + FIXED > response.limit) return false;
  putFixed(response, type, ttl, length);
  const lengthAt = response.at - 2;
  if (!putRdata(response, data, rdata, length, type)) return false;
  const written = response.at - lengthAt - 2;
  response.bytes[lengthAt] = written >>> 8;
  response.bytes[lengthAt + 1] = written;
  return true;
}

export function putFixed(response: Response, type: number, ttl: number, length: number): void {
  putU16(response, type);
  putU16(response, CLASS_IN);
  putU32(response, ttl);
  putU16(response, length);
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
