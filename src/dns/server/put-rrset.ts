import { RRSET_HEADER, RRSIG_FIXED } from '../zone/node-layout.ts';
import { findOwner, type FoundName } from '../zone/node-owner.ts';
import {
  type ImageReader,
  leavesSignerOut,
  recordCount,
  rrsetSignatureCount,
  rrsetSignatures,
  rrsetType,
} from '../zone/image-reader.ts';
import { CLASS_IN } from '../rr.ts';
import { Type } from '../type-codes.ts';
import {
  QNAME_POINTER,
  createMark,
  mark,
  nameEnd,
  putName,
  putRun,
  putU16,
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
  return putParts(response, zone, rrset, owner, ownerAt, ownerAt < 0 ? QNAME_POINTER : 0, ttl, part);
}

/** `pointer`: to the owner, where that is known to stand in the message; else 0. */
function putParts(
  response: Response,
  zone: ImageReader,
  rrset: number,
  owner: Uint8Array,
  ownerAt: number,
  pointer: number,
  ttl: number,
  part: Part,
): boolean {
  mark(response, start);
  const fits =
    ((part & Part.records) === 0 || putRecords(response, zone, rrset, owner, ownerAt, pointer, ttl)) &&
    ((part & Part.signatures) === 0 || putSignatures(response, zone, rrset, owner, ownerAt, pointer, ttl));
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
  const pointer = node === zone.apex && zone.arena === response.apexArena ? response.apexPointer : 0;
  if (pointer === 0) findOwner(found, zone.data, node, zone.origin, zone.originAt, zone.originLength);
  return putParts(response, zone, rrset, found.bytes, found.at, pointer, ttl, part);
}

function putRecords(
  response: Response,
  octets: RdataSource,
  rrset: number,
  owner: Uint8Array,
  ownerAt: number,
  pointer: number,
  ttl: number,
): boolean {
  const { view } = octets;
  const type = rrsetType(view, rrset);
  const count = recordCount(view, rrset);
  let at = rrset + RRSET_HEADER;
  for (let left = count; left > 0; left--) {
    const here = response.at;
    if (!putOwner(response, pointer, owner, ownerAt)) return false;
    if (pointer === 0) pointer = pointerTo(response, here);
    const length = view.getUint16(at);
    if (!putBody(response, octets, at + 2, length, type, ttl)) return false;
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
  pointer: number,
  ttl: number,
): boolean {
  const { view } = zone;
  const signer = leavesSignerOut(view, rrset) ? zone.originLength : 0;
  const count = rrsetSignatureCount(view, rrset);
  let at = rrsetSignatures(view, rrset);
  for (let left = count; left > 0; left--) {
    const here = response.at;
    if (!putOwner(response, pointer, owner, ownerAt)) return false;
    if (pointer === 0) pointer = pointerTo(response, here);
    const length = view.getUint16(at);
    if (response.at + FIXED + length + signer > response.limit) return false;
    putFixed(response, Type.RRSIG, ttl, length + signer);
    if (signer === 0) putRun(response, view, at + 2, length);
    else {
      putRun(response, view, at + 2, RRSIG_FIXED);
      putRun(response, zone.originView, zone.originAt, signer);
      putRun(response, view, at + 2 + RRSIG_FIXED, length - RRSIG_FIXED);
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

/** Memory that rdata stands in. */
export interface RdataSource {
  data: Uint8Array;
  /** The same. */
  view: DataView;
}

/** Everything of a record behind its owner. */
export function putBody(
  response: Response,
  source: RdataSource,
  rdata: number,
  length: number,
  type: number,
  ttl: number,
): boolean {
  if (response.at + FIXED > response.limit) return false;
  putFixed(response, type, ttl, length);
  const lengthAt = response.at - 2;
  if (!putRdata(response, source, rdata, length, type)) return false;
  const written = response.at - lengthAt - 2;
  response.bytes[lengthAt] = written >>> 8;
  response.bytes[lengthAt + 1] = written;
  return true;
}

export function putFixed(response: Response, type: number, ttl: number, length: number): void {
  const { view, viewAt, at } = response;
  const to = viewAt + at;
  view.setUint16(to, type);
  view.setUint16(to + 2, CLASS_IN);
  view.setUint32(to + 4, ttl);
  view.setUint16(to + 8, length);
  response.at = at + FIXED;
}

/** RFC 3597 §4: names are compressed in the rdata of the types of RFC 1035 and of no other. */
function putRdata(
  response: Response,
  { data, view }: RdataSource,
  at: number,
  length: number,
  type: number,
): boolean {
  switch (type) {
    case Type.NS:
    case Type.CNAME:
    case Type.PTR:
      return putName(response, data, at);
    case Type.MX:
      if (!putPlain(response, view, at, 2)) return false;
      return putName(response, data, at + 2);
    case Type.SOA: {
      const rname = nameEnd(data, at);
      if (!putName(response, data, at) || !putName(response, data, rname)) return false;
      return putPlain(response, view, at + length - 20, 20);
    }
    default:
      return putPlain(response, view, at, length);
  }
}

function putPlain(response: Response, view: DataView, at: number, length: number): boolean {
  if (response.at + length > response.limit) return false;
  putRun(response, view, at, length);
  return true;
}
