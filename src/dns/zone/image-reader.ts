import { Type } from '../type-codes.ts';
import { INDEX_HEADER, IndexField, type ZoneImage } from './image.ts';
import { NODE_HEADER, RRSET_HEADER } from './node-codec.ts';

/** NSEC3 parameters of a zone (RFC 5155 §4), from the NSEC3PARAM at its apex; no meaning in a zone without one. */
export interface Nsec3Parameters {
  iterations: number;
  salt: Uint8Array;
}

/**
 * What the hot path reads an image through: typed arrays and numbers, and functions that make no garbage.
 * A node is an offset into `data`, and so is an RRset; -1 is none.
 */
export interface ImageReader {
  readonly data: Uint8Array;
  readonly originWire: Uint8Array;
  readonly originLabels: number;
  /** Octets that the sort keys of all names share: the key of the apex. */
  readonly apexKeyLength: number;
  readonly names: Uint32Array;
  readonly nsec3: Uint32Array;
  readonly apex: number;
  /** SOA RRset of the apex. */
  readonly soa: number;
  /** TTL of negative answers: min(TTL of the SOA, its MINIMUM), seconds (RFC 2308 §3). */
  readonly negativeTtl: number;
  /** Whether a name other than the apex has NS. */
  readonly hasCuts: boolean;
  readonly hasDnames: boolean;
  readonly hasWildcards: boolean;
  readonly denial: Denial;
  readonly nsec3Parameters: Nsec3Parameters;
  /**
   * What `searchNsec3` says of the apex and of the wildcard below it, once it was asked: every proof that a name below the apex
   * does not exist needs both, and made-up names are what floods are made of.
   */
  readonly nsec3AtApex: { apex: number | undefined; wildcard: number | undefined };
}

/** How a zone proves what does not exist. */
export const Denial = { none: 0, nsec: 1, nsec3: 2 } as const;
export type Denial = (typeof Denial)[keyof typeof Denial];

/** @throws Error when the apex has no SOA. */
export function openImage(image: ZoneImage): ImageReader {
  const data = new Uint8Array(image.data, 0, image.used);
  const header = new Uint32Array(image.index, 0, INDEX_HEADER);
  const count = header[IndexField.names]!;
  const names = new Uint32Array(image.index, 4 * INDEX_HEADER, count);
  const apex = names[0]!;
  const soa = findRRset(data, apex, Type.SOA);
  if (soa < 0) throw new Error('a zone image without SOA cannot be served');
  const nsec3 = new Uint32Array(image.index, 4 * (INDEX_HEADER + count), header[IndexField.nsec3]);
  const apexNs = findRRset(data, apex, Type.NS) >= 0 ? 1 : 0;
  return {
    data,
    originWire: image.originWire,
    originLabels: countLabels(image.originWire),
    apexKeyLength: u16(data, apex + 4),
    names,
    nsec3,
    apex,
    soa,
    negativeTtl: Math.min(rrsetTtl(data, soa), soaMinimum(data, soa)),
    hasCuts: header[IndexField.ns]! > apexNs,
    hasDnames: header[IndexField.dnames]! > 0,
    hasWildcards: header[IndexField.wildcards]! > 0,
    denial: denialOf(data, apex, nsec3),
    nsec3Parameters: readNsec3Parameters(data, apex),
    nsec3AtApex: { apex: undefined, wildcard: undefined },
  };
}

/** A chain counts once its NSEC3PARAM is there (RFC 5155 §7.3), or the NSEC of the apex. */
function denialOf(data: Uint8Array, apex: number, nsec3: Uint32Array): Denial {
  if (nsec3.length > 0 && findRRset(data, apex, Type.NSEC3PARAM) >= 0) return Denial.nsec3;
  return findRRset(data, apex, Type.NSEC) >= 0 ? Denial.nsec : Denial.none;
}

function countLabels(wire: Uint8Array): number {
  let count = 0;
  for (let at = 0; wire[at]! > 0; at += wire[at]! + 1) count++;
  return count;
}

/** MINIMUM is the last field of the rdata (RFC 1035 §3.3.13). */
function soaMinimum(data: Uint8Array, soa: number): number {
  const records = soa + RRSET_HEADER;
  return u32(data, records + 2 + u16(data, records) - 4);
}

function readNsec3Parameters(data: Uint8Array, apex: number): Nsec3Parameters {
  const rrset = findRRset(data, apex, Type.NSEC3PARAM);
  if (rrset < 0) return { iterations: 0, salt: new Uint8Array(0) };
  const rdata = rrset + RRSET_HEADER + 2;
  return {
    iterations: u16(data, rdata + 2),
    // A copy: the hash function takes no shared memory.
    salt: data.slice(rdata + 5, rdata + 5 + data[rdata + 4]!),
  };
}

export function u16(data: Uint8Array, at: number): number {
  return (data[at]! << 8) | data[at + 1]!;
}

export function u32(data: Uint8Array, at: number): number {
  return ((data[at]! << 24) | (data[at + 1]! << 16) | (data[at + 2]! << 8) | data[at + 3]!) >>> 0;
}

export function nodeFlags(data: Uint8Array, node: number): number {
  return data[node + 7]!;
}

/** Where the owner of a node stands in `data`. */
export function nodeOwner(data: Uint8Array, node: number): number {
  return node + NODE_HEADER + u16(data, node + 4);
}

/** The first RRset of a node; with `rrsetCount` and `rrsetEnd` for walking all of them. */
export function firstRRset(data: Uint8Array, node: number): number {
  return nodeOwner(data, node) + data[node + 6]!;
}

export function rrsetCount(data: Uint8Array, node: number): number {
  return u16(data, node + 8);
}

export function rrsetType(data: Uint8Array, rrset: number): number {
  return u16(data, rrset);
}

export function rrsetTtl(data: Uint8Array, rrset: number): number {
  return u32(data, rrset + 4);
}

/** Where the RRSIGs of an RRset start. */
export function rrsetSignatures(data: Uint8Array, rrset: number): number {
  return rrset + RRSET_HEADER + u32(data, rrset + 10);
}

/** Where an RRset ends, and the next one of the node starts. */
export function rrsetEnd(data: Uint8Array, rrset: number): number {
  return rrset + RRSET_HEADER + u32(data, rrset + 10) + u32(data, rrset + 14);
}

/** The RRset of this type at a node, or -1. */
export function findRRset(data: Uint8Array, node: number, type: number): number {
  let at = firstRRset(data, node);
  for (let left = rrsetCount(data, node); left > 0; left--) {
    const here = rrsetType(data, at);
    if (here === type) return at;
    if (here > type) return -1;
    at = rrsetEnd(data, at);
  }
  return -1;
}

/**
 * Position in `list` of the node with this key; when there is none, the complement (~) of where it would stand.
 * The first `skip` octets are known to be equal.
 */
export function search(
  data: Uint8Array,
  list: Uint32Array,
  key: Uint8Array,
  keyLength: number,
  skip: number,
): number {
  let low = 0;
  let high = list.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const order = compareKey(data, list[middle]!, key, keyLength, skip);
    if (order === 0) return middle;
    if (order < 0) low = middle + 1;
    else high = middle;
  }
  return ~low;
}

/** Order of a node's key against `key`. */
function compareKey(data: Uint8Array, node: number, key: Uint8Array, keyLength: number, skip: number) {
  const length = u16(data, node + 4);
  const common = length < keyLength ? length : keyLength;
  const start = node + NODE_HEADER;
  for (let i = skip; i < common; i++) {
    const difference = data[start + i]! - key[i]!;
    if (difference !== 0) return difference;
  }
  return length - keyLength;
}

/** Position of a name of the zone by its sort key (which must be at or below the apex), or ~insertion point. */
export function searchName(reader: ImageReader, key: Uint8Array, keyLength: number): number {
  return search(reader.data, reader.names, key, keyLength, reader.apexKeyLength);
}

/** Position of the NSEC3 node of this hash, or ~insertion point. */
export function searchNsec3(reader: ImageReader, hash: Uint8Array): number {
  return search(reader.data, reader.nsec3, hash, hash.length, 0);
}
