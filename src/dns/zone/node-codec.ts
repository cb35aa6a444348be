import { parseBase32Hex } from '../rdata/base32hex.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import type { SignedRRset, ZoneNode } from './node.ts';
import { u16 } from './octets.ts';

/**
 * The bytes of one node, as they lie in a zone image and in the database, big-endian:
 *
 *     u32 octets of the whole node   u16 key octets   u8 owner octets   u8 flags   u16 RRset count
 *     key   owner (wire form, its case kept)   RRsets
 *
 * The key orders the nodes: the owner's sort key, or for an NSEC3 owner its hash. Each RRset is
 *
 *     u16 type   u16 record count   u32 TTL   u16 RRSIG count   u32 octets of records   u32 octets of RRSIGs
 *     records, then RRSIGs: u16 RDLENGTH and rdata, as in a message
 */
export const NODE_HEADER = 10;
export const RRSET_HEADER = 18;

export type NodeKind = 'name' | 'nsec3';

/** What an answer has to know of a node before it reads its RRsets. */
export const NodeFlag = {
  /** It has NS: a zone cut, unless it is the apex. */
  ns: 1,
  dname: 2,
  cname: 4,
  /** No RRset at all: an empty non-terminal (RFC 4592 §2.2.2). */
  empty: 8,
  /** The leftmost label is `*`. */
  wildcard: 16,
} as const;

/** A node as it is stored: self-contained, so that one row or one memory copy is enough. */
export interface StoredNode {
  kind: NodeKind;
  /** Sort key, or the 20-octet hash of an NSEC3 owner. */
  key: Uint8Array;
  node: Uint8Array;
}

/** The key that a node of this kind is stored under. @throws Error when an NSEC3 owner is no base32hex hash. */
export function nodeKey(kind: NodeKind, owner: Name): Uint8Array {
  return kind === 'name' ? owner.sortKey : nsec3OwnerHash(owner);
}

/** The hash in the first label of an NSEC3 owner (RFC 5155 §3). @throws Error when there is none. */
export function nsec3OwnerHash(owner: Name): Uint8Array {
  const label = owner.wire.subarray(1, 1 + owner.wire[0]!);
  const hash = parseBase32Hex(Buffer.from(label).toString('latin1'));
  if (!hash) throw new Error(`${owner.toString()} is no NSEC3 owner`);
  return hash;
}

/** Pass the kind for an NSEC3 owner. @throws Error when an NSEC3 owner is no base32hex hash. */
export function encodeNode(node: ZoneNode, kind: NodeKind = 'name'): Uint8Array {
  const key = nodeKey(kind, node.owner);
  const owner = node.owner.wire;
  const size = node.rrsets.reduce(
    (sum, rrset) => sum + RRSET_HEADER + recordsSize(rrset.rdatas) + recordsSize(rrset.signatures),
    NODE_HEADER + key.length + owner.length,
  );
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  view.setUint16(4, key.length);
  bytes[6] = owner.length;
  bytes[7] = flagsOf(node);
  view.setUint16(8, node.rrsets.length);
  bytes.set(key, NODE_HEADER);
  bytes.set(owner, NODE_HEADER + key.length);
  let at = NODE_HEADER + key.length + owner.length;
  for (const rrset of node.rrsets) at = encodeRRset(view, bytes, at, rrset);
  return bytes;
}

/** The key in the octets of a node. */
export function keyOfNode(node: Uint8Array): Uint8Array {
  return node.subarray(NODE_HEADER, NODE_HEADER + u16(node, 4));
}

/** The owner of the node that starts at `start`, in wire form. */
export function ownerOf(bytes: Uint8Array, start: number): Uint8Array {
  const owner = start + NODE_HEADER + u16(bytes, start + 4);
  return bytes.subarray(owner, owner + bytes[start + 6]!);
}

function flagsOf(node: ZoneNode): number {
  let flags = node.rrsets.length === 0 ? NodeFlag.empty : 0;
  if (node.owner.isWildcard) flags |= NodeFlag.wildcard;
  for (const { type } of node.rrsets) {
    if (type === Type.NS) flags |= NodeFlag.ns;
    else if (type === Type.DNAME) flags |= NodeFlag.dname;
    else if (type === Type.CNAME) flags |= NodeFlag.cname;
  }
  return flags;
}

function recordsSize(rdatas: readonly Uint8Array[]): number {
  return rdatas.reduce((sum, rdata) => sum + 2 + rdata.length, 0);
}

function encodeRRset(view: DataView, bytes: Uint8Array, start: number, rrset: SignedRRset): number {
  view.setUint16(start, rrset.type);
  view.setUint16(start + 2, rrset.rdatas.length);
  view.setUint32(start + 4, rrset.ttl);
  view.setUint16(start + 8, rrset.signatures.length);
  view.setUint32(start + 10, recordsSize(rrset.rdatas));
  view.setUint32(start + 14, recordsSize(rrset.signatures));
  let at = start + RRSET_HEADER;
  for (const rdata of [...rrset.rdatas, ...rrset.signatures]) {
    view.setUint16(at, rdata.length);
    bytes.set(rdata, at + 2);
    at += 2 + rdata.length;
  }
  return at;
}

/** Reads the node that starts at `start`; everything in it is a copy. */
export function decodeNode(bytes: Uint8Array, start = 0): ZoneNode {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const ownerAt = start + NODE_HEADER + view.getUint16(4);
  const ownerEnd = ownerAt + bytes[start + 6]!;
  const owner = Name.trusted(bytes.slice(ownerAt, ownerEnd));
  const rrsets: SignedRRset[] = [];
  let at = ownerEnd - start;
  for (let left = view.getUint16(8); left > 0; left--) {
    const records = at + RRSET_HEADER;
    const signatures = records + view.getUint32(at + 10);
    rrsets.push({
      owner,
      type: view.getUint16(at),
      ttl: view.getUint32(at + 4),
      rdatas: decodeRecords(view, bytes, start, records, view.getUint16(at + 2)),
      signatures: decodeRecords(view, bytes, start, signatures, view.getUint16(at + 8)),
    });
    at = signatures + view.getUint32(at + 14);
  }
  return { owner, rrsets };
}

function decodeRecords(view: DataView, bytes: Uint8Array, start: number, first: number, count: number) {
  const rdatas: Uint8Array[] = [];
  for (let at = first; rdatas.length < count; at += 2 + view.getUint16(at)) {
    rdatas.push(bytes.slice(start + at + 2, start + at + 2 + view.getUint16(at)));
  }
  return rdatas;
}
