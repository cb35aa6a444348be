import { parseBase32Hex } from '../rdata/base32hex.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import {
  HASH_LENGTH,
  NODE_HEADER,
  NodeFlag,
  RRSET_HEADER,
  RRSIG_FIXED,
  SIGNER_LEFT_OUT,
  type NodeKind,
} from './node-layout.ts';
import { nodeOwner } from './node-owner.ts';
import type { SignedRRset, ZoneNode } from './node.ts';
import { LOWER, u16 } from './octets.ts';

/** A node as it is stored: with the name of the zone it is all there is to know. */
export interface StoredNode {
  kind: NodeKind;
  /** Sort key of the owner, or the hash of an NSEC3 owner. */
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

/**
 * The octets of a node of the zone with this apex.
 * @throws Error when an NSEC3 owner is no base32hex hash, or a name is not in the zone.
 */
export function encodeNode(node: ZoneNode, kind: NodeKind, origin: Name): Uint8Array {
  const key = shortKey(node.owner, kind, origin);
  const owner = isDerived(node.owner, kind, key) ? NOTHING : node.owner.wire;
  const signer = origin.canonical().wire;
  const lists = node.rrsets.map((rrset) => encodedSignatures(rrset, signer));
  const size = node.rrsets.reduce(
    (sum, rrset, i) => sum + RRSET_HEADER + recordsSize(rrset.rdatas) + recordsSize(lists[i]!.rdatas),
    NODE_HEADER + key.length + owner.length,
  );
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, size);
  view.setUint16(4, key.length);
  bytes[6] = owner.length;
  bytes[7] = flagsOf(node, kind);
  view.setUint16(8, node.rrsets.length);
  bytes.set(key, NODE_HEADER);
  bytes.set(owner, NODE_HEADER + key.length);
  let at = NODE_HEADER + key.length + owner.length;
  node.rrsets.forEach((rrset, i) => (at = encodeRRset(view, bytes, at, rrset, lists[i]!)));
  return bytes;
}

const NOTHING = new Uint8Array(0);

function shortKey(owner: Name, kind: NodeKind, origin: Name): Uint8Array {
  if (kind === 'nsec3') return nsec3OwnerHash(owner);
  if (!owner.isAtOrBelow(origin)) throw new Error(`${owner.toString()} is not in ${origin.toString()}`);
  return owner.sortKey.subarray(origin.sortKey.length);
}

/** Whether the owner is what follows from the key. */
function isDerived({ wire }: Name, kind: NodeKind, key: Uint8Array): boolean {
  if (kind === 'nsec3' && key.length !== HASH_LENGTH) return false;
  return wire.every((octet) => LOWER[octet] === octet);
}

interface EncodedSignatures {
  rdatas: readonly Uint8Array[];
  leftOut: boolean;
}

function encodedSignatures({ signatures }: SignedRRset, signer: Uint8Array): EncodedSignatures {
  const leftOut =
    signatures.length > 0 && signatures.every((rdata) => startsWith(rdata, RRSIG_FIXED, signer));
  if (!leftOut) return { rdatas: signatures, leftOut };
  const rdatas = signatures.map((rdata) =>
    Buffer.concat([rdata.subarray(0, RRSIG_FIXED), rdata.subarray(RRSIG_FIXED + signer.length)]),
  );
  return { rdatas, leftOut };
}

function startsWith(bytes: Uint8Array, at: number, prefix: Uint8Array): boolean {
  return bytes.length >= at + prefix.length && prefix.every((octet, i) => bytes[at + i] === octet);
}

export function kindOfNode(node: Uint8Array): NodeKind {
  return node[7]! & NodeFlag.hashed ? 'nsec3' : 'name';
}

/** The key that a node of the zone with this apex is stored under. */
export function storedKey(node: Uint8Array, origin: Name): Uint8Array {
  const key = keyOfNode(node);
  return kindOfNode(node) === 'nsec3' ? key : Buffer.concat([origin.sortKey, key]);
}

/** The key in the octets of a node. */
export function keyOfNode(node: Uint8Array): Uint8Array {
  return node.subarray(NODE_HEADER, NODE_HEADER + u16(node, 4));
}

function flagsOf(node: ZoneNode, kind: NodeKind): number {
  let flags: number = NodeFlag.format;
  if (kind === 'nsec3') flags |= NodeFlag.hashed;
  if (node.rrsets.length === 0) flags |= NodeFlag.empty;
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

function encodeRRset(
  view: DataView,
  bytes: Uint8Array,
  start: number,
  rrset: SignedRRset,
  signatures: EncodedSignatures,
): number {
  view.setUint16(start, rrset.type);
  view.setUint16(start + 2, rrset.rdatas.length);
  view.setUint32(start + 4, rrset.ttl);
  view.setUint16(start + 8, signatures.rdatas.length | (signatures.leftOut ? SIGNER_LEFT_OUT : 0));
  view.setUint32(start + 10, recordsSize(rrset.rdatas));
  view.setUint32(start + 14, recordsSize(signatures.rdatas));
  let at = start + RRSET_HEADER;
  for (const rdata of [...rrset.rdatas, ...signatures.rdatas]) {
    view.setUint16(at, rdata.length);
    bytes.set(rdata, at + 2);
    at += 2 + rdata.length;
  }
  return at;
}

/** Reads the node of the zone with this apex that starts at `start`; everything in it is a copy. */
export function decodeNode(bytes: Uint8Array, start: number, origin: Name): ZoneNode {
  const view = new DataView(bytes.buffer, bytes.byteOffset + start);
  const signer = origin.canonical().wire;
  const owner = Name.trusted(nodeOwner(bytes, start, signer));
  const rrsets: SignedRRset[] = [];
  let at = NODE_HEADER + view.getUint16(4) + bytes[start + 6]!;
  for (let left = view.getUint16(8); left > 0; left--) {
    const records = at + RRSET_HEADER;
    const signatures = records + view.getUint32(at + 10);
    const count = view.getUint16(at + 8);
    const rdatas = decodeRecords(view, bytes, start, signatures, count & ~SIGNER_LEFT_OUT);
    rrsets.push({
      owner,
      type: view.getUint16(at),
      ttl: view.getUint32(at + 4),
      rdatas: decodeRecords(view, bytes, start, records, view.getUint16(at + 2)),
      signatures: count & SIGNER_LEFT_OUT ? rdatas.map((rdata) => withSigner(rdata, signer)) : rdatas,
    });
    at = signatures + view.getUint32(at + 14);
  }
  return { owner, rrsets };
}

function withSigner(rdata: Uint8Array, signer: Uint8Array): Uint8Array {
  const whole = new Uint8Array(rdata.length + signer.length);
  whole.set(rdata.subarray(0, RRSIG_FIXED));
  whole.set(signer, RRSIG_FIXED);
  whole.set(rdata.subarray(RRSIG_FIXED), RRSIG_FIXED + signer.length);
  return whole;
}

function decodeRecords(view: DataView, bytes: Uint8Array, start: number, first: number, count: number) {
  const rdatas: Uint8Array[] = [];
  for (let at = first; rdatas.length < count; at += 2 + view.getUint16(at)) {
    rdatas.push(bytes.slice(start + at + 2, start + at + 2 + view.getUint16(at)));
  }
  return rdatas;
}
