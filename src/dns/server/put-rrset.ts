import { NODE_HEADER, NodeFlag, RRSET_HEADER, RRSIG_FIXED } from '../zone/node-layout.ts';
import { findOwner, type FoundName, putHashDigits } from '../zone/node-owner.ts';
import { u16 } from '../zone/octets.ts';
import {
  type ImageReader,
  leavesSignerOut,
  recordCount,
  rrsetSignatureCount,
  rrsetSignatures,
  rrsetType,
} from '../zone/image-reader.ts';
import { CLASS_IN } from '../rr.ts';
import { putSoaNames } from './put-soa-names.ts';
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
  const here = response.at;
  let fits = (part & Part.records) === 0 || putRecords(response, zone, rrset, owner, ownerAt, pointer, ttl);
  if (fits && (part & Part.signatures) !== 0) {
    if (pointer === 0 && response.at > here) pointer = pointerTo(response, here);
    fits = putSignatures(response, zone, rrset, owner, ownerAt, pointer, ttl);
  }
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
  const pointer = node === zone.apex ? apexPointer(response, zone) : 0;
  if (pointer === 0) findOwner(found, zone.data, node, zone.origin, zone.originAt, zone.originLength);
  return putParts(response, zone, rrset, found.bytes, found.at, pointer, ttl, part);
}

/** The pointer to the apex in the question; 0 when it is not there. */
function apexPointer(response: Response, zone: ImageReader): number {
  return zone.arena === response.apexArena ? response.apexPointer : 0;
}

/**
 * The same, with its signatures, for what proves that a name does not exist: its owner is hardly ever in the message but for the apex, and is not looked for.
 * Who looked would save a label of a few.
 */
export function putProof(
  response: Response,
  zone: ImageReader,
  node: number,
  rrset: number,
  ttl: number,
): boolean {
  const isShort = node !== zone.apex && apexPointer(response, zone) !== 0 && isPlain(zone.data, node);
  return isShort
    ? putParts(response, zone, rrset, zone.data, ~node, 0, ttl, Part.both)
    : putRRsetOf(response, zone, node, rrset, ttl, Part.both);
}

/** Whether the owner of a node follows from its key with nothing to undo but the order of the labels, or is a hash: nearly all are so. */
function isPlain(data: Uint8Array, node: number): boolean {
  if (data[node + 6]! > 0) return false;
  if (data[node + 7]! & NodeFlag.hashed) return true;
  const key = node + NODE_HEADER;
  const end = key + u16(data, node + 4);
  for (let at = key; at < end; at++) if (data[at] === 1) return false;
  return true;
}

/** Writes such an owner, with a pointer to the apex, which the question has. */
function putPlainOwner(response: Response, data: Uint8Array, node: number): boolean {
  const { bytes, at } = response;
  const key = node + NODE_HEADER;
  const end = key + u16(data, node + 4);
  const hashed = (data[node + 7]! & NodeFlag.hashed) !== 0;
  const length = hashed ? 1 + ((end - key) * 8) / 5 : end - key;
  if (at + length + 2 > response.limit) return false;
  if (hashed) {
    bytes[at] = length - 1;
    putHashDigits(bytes, at + 1, data, key, end);
  } else putReversed(bytes, at + length, data, key, end);
  response.at = at + length;
  putU16(response, response.apexPointer);
  return true;
}

/** Writes the labels of a key, of which the name has the last one first, up to `to`: behind each the key has an octet, where the name has one before it. */
function putReversed(bytes: Uint8Array, to: number, data: Uint8Array, key: number, end: number): void {
  for (let label = key; label < end;) {
    let stop = label;
    while (data[stop] !== 0) stop++;
    const length = stop - label;
    to -= length + 1;
    bytes[to] = length;
    for (let i = 0; i < length; i++) bytes[to + 1 + i] = data[label + i]!;
    label = stop + 1;
  }
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

/** Writes the pointer, or when it is 0 the name; below 0 `ownerAt` is ~ of a node whose owner is plain. */
export function putOwner(response: Response, pointer: number, owner: Uint8Array, ownerAt: number): boolean {
  if (pointer === 0)
    return ownerAt < 0 ? putPlainOwner(response, owner, ~ownerAt) : putName(response, owner, ownerAt);
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
    case Type.SOA:
      return putBothNames(response, data, view, at) && putPlain(response, view, at + length - 20, 20);
    default:
      return putPlain(response, view, at, length);
  }
}

/** Those of an SOA. */
function putBothNames(response: Response, data: Uint8Array, view: DataView, at: number): boolean {
  if (response.apexPointer !== 0 && response.targets === 0) return putSoaNames(response, data, view, at);
  return putName(response, data, at) && putName(response, data, nameEnd(data, at));
}

function putPlain(response: Response, view: DataView, at: number, length: number): boolean {
  if (response.at + length > response.limit) return false;
  putRun(response, view, at, length);
  return true;
}
