import type { ImageReader } from '../zone/image-reader.ts';
import { NODE_HEADER, NodeFlag } from '../zone/node-layout.ts';
import { findOwner, type FoundName, putHashDigits } from '../zone/node-owner.ts';
import { u16 } from '../zone/octets.ts';
import { pointerTo, putOwner } from './put-rrset.ts';
import { HEADER_SIZE, putName, putU16, QNAME_POINTER, type Response } from './response.ts';

/** Labels of a name. */
const MAX_LABELS = 127;

/** Writes the owners of a zone's nodes in their order, to messages whose question is the zone. */
export interface OwnerWriter {
  /** A message begins: what was written before cannot be pointed to. */
  begin(): void;
  /** Writes the owner of a node; returns the pointer to it, 0 when it is out of reach, -1 when it does not fit. */
  put(response: Response, node: number): number;
}

/**
 * A node's key says which labels it has in common with the node before it, and the apex stands in the question: so an owner is its other labels and a
 * pointer (RFC 1035 §4.1.4), and nothing has to be looked up among the names of the message.
 */
export function createOwnerWriter(zone: ImageReader): OwnerWriter {
  const { data } = zone;
  const apex = zone.originLabels === 0 ? 0 : QNAME_POINTER;
  /** Whether the question has the apex in its own case; undefined while that was not looked at. */
  let isInQuestion: boolean | undefined;
  /** Of the node before: where each of its labels ends in its key, from the apex on, and the pointer to the name from there on. */
  const ends = new Uint16Array(MAX_LABELS + 1);
  const pointers = new Uint16Array(MAX_LABELS + 1);
  let depth = 0;
  let before = 0;

  /** How many labels of a key the node before has as well. */
  const common = (key: number, length: number): number => {
    let labels = 0;
    let at = 0;
    while (labels < depth && ends[labels + 1]! <= length) {
      const end = ends[labels + 1]!;
      while (at < end && data[key + at] === data[before + at]) at++;
      if (at < end) break;
      labels++;
    }
    return labels;
  };
  const putLabels = (response: Response, key: number, length: number): number => {
    const shared = common(key, length);
    let labels = shared;
    for (let at = ends[shared]!; at < length; labels++) {
      while (data[key + at] !== 0) at += data[key + at] === 1 ? 2 : 1;
      ends[labels + 1] = ++at;
    }
    const pointer = shared === 0 ? apex : pointers[shared]!;
    depth = shared;
    // A key has an octet behind each label where the name has one before it, and more only for escapes.
    if (response.at + length - ends[shared]! + 2 > response.limit) return -1;
    for (let label = labels; label > shared; label--) {
      pointers[label] = 0xc000 | response.at;
      putLabel(response, data, key + ends[label - 1]!, key + ends[label]! - 1);
    }
    if (pointer === 0) response.bytes[response.at++] = 0;
    else putU16(response, pointer);
    before = key;
    depth = labels;
    return pointers[labels]!;
  };
  const putHashed = (response: Response, key: number, length: number): number => {
    const here = response.at;
    const digits = (length * 8) / 5;
    if (here + 1 + digits + 2 > response.limit) return -1;
    response.bytes[here] = digits;
    putHashDigits(response.bytes, here + 1, data, key, key + length);
    response.at = here + 1 + digits;
    if (apex === 0) response.bytes[response.at++] = 0;
    else putU16(response, apex);
    return pointerTo(response, here);
  };
  /** Its letters are not those of its key. */
  const putStored = (response: Response, node: number): number => {
    const here = response.at;
    depth = 0;
    findOwner(found, data, node, zone.origin, zone.originAt, zone.originLength);
    return putName(response, found.bytes, found.at) ? pointerTo(response, here) : -1;
  };
  return {
    begin: () => void (depth = 0),
    put(response, node) {
      const length = u16(data, node + 4);
      const key = node + NODE_HEADER;
      isInQuestion ??= beginsWith(response.bytes, HEADER_SIZE, zone);
      // RFC 5936 §3.4: the case of who asks is not to become that of the zone.
      if (data[node + 6]! > 0 || !isInQuestion) return putStored(response, node);
      if (data[node + 7]! & NodeFlag.hashed) return putHashed(response, key, length);
      if (length === 0) return putOwner(response, apex, ROOT, 0) ? apex : -1;
      // Pointers have 14 bits.
      if (response.at <= 0x3fff - length) return putLabels(response, key, length);
      return putStored(response, node);
    },
  };
}

/** Whether the name of the zone stands there, octet for octet. */
function beginsWith(bytes: Uint8Array, at: number, { origin, originAt, originLength }: ImageReader): boolean {
  for (let i = 0; i < originLength; i++) if (bytes[at + i] !== origin[originAt + i]) return false;
  return true;
}

const found: FoundName = { bytes: new Uint8Array(0), at: 0 };
const ROOT = new Uint8Array(1);

/** Writes a label of a sort key (see `Name.sortKey`). */
function putLabel(response: Response, data: Uint8Array, from: number, to: number): void {
  const { bytes, at } = response;
  let next = at + 1;
  for (let i = from; i < to; i++) {
    const octet = data[i]!;
    bytes[next++] = octet === 1 ? data[++i]! - 1 : octet;
  }
  bytes[at] = next - at - 1;
  response.at = next;
}
