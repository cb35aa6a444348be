import { MAX_NAME } from '../wire/name.ts';
import { NODE_HEADER, NodeFlag } from './node-layout.ts';
import { u16 } from './octets.ts';

/** Where an owner in wire form stands. */
export interface FoundName {
  bytes: Uint8Array;
  at: number;
}

/** A name is made from its end, in memory that is used again for the next one. */
const made = new Uint8Array(MAX_NAME + 1);
const BASE32HEX = Uint8Array.from(Buffer.from('0123456789abcdefghijklmnopqrstuv'));

/** Finds the owner of a node, or makes it; good until the next call. The apex, in lower case, is the `length` octets at `apexAt` of `apex`. */
export function findOwner(
  found: FoundName,
  data: Uint8Array,
  node: number,
  apex: Uint8Array,
  apexAt: number,
  length: number,
): void {
  const key = node + NODE_HEADER;
  const end = key + u16(data, node + 4);
  if (data[node + 6]! > 0) {
    found.bytes = data;
    found.at = end;
    return;
  }
  let at = MAX_NAME - length;
  for (let i = 0; i < length; i++) made[at + i] = apex[apexAt + i]!;
  at = data[node + 7]! & NodeFlag.hashed ? putHash(data, key, end, at) : putLabels(data, key, end, at);
  found.bytes = made;
  found.at = at;
}

/** Writes the labels of a sort key (see `Name.sortKey`), the last one first, before `at`; returns where they begin. */
function putLabels(data: Uint8Array, start: number, end: number, at: number): number {
  for (let label = start; label < end;) {
    let length = 0;
    let stop = label;
    for (; data[stop] !== 0; stop++, length++) if (data[stop] === 1) stop++;
    at -= length + 1;
    made[at] = length;
    for (let from = label, to = at + 1; from < stop; from++, to++) {
      if (data[from] === 1) made[to] = data[++from]! - 1;
      else made[to] = data[from]!;
    }
    label = stop + 1;
  }
  return at;
}

/** Writes the hash as one label of base32hex (RFC 5155 §3) before `at`; returns where it begins. */
function putHash(data: Uint8Array, start: number, end: number, at: number): number {
  const length = ((end - start) * 8) / 5;
  at -= length + 1;
  made[at] = length;
  putHashDigits(made, at + 1, data, start, end);
  return at;
}

/** Writes a hash in base32hex, five octets at a time. */
export function putHashDigits(
  to: Uint8Array,
  at: number,
  data: Uint8Array,
  start: number,
  end: number,
): void {
  for (let from = start; from < end; from += 5, at += 8) {
    const middle = data[from + 2]!;
    putFour(to, at, (data[from]! << 12) | (data[from + 1]! << 4) | (middle >>> 4));
    putFour(to, at + 4, ((middle & 15) << 16) | (data[from + 3]! << 8) | data[from + 4]!);
  }
}

/** Four digits of 20 bits. */
function putFour(to: Uint8Array, at: number, bits: number): void {
  to[at] = BASE32HEX[bits >>> 15]!;
  to[at + 1] = BASE32HEX[(bits >>> 10) & 31]!;
  to[at + 2] = BASE32HEX[(bits >>> 5) & 31]!;
  to[at + 3] = BASE32HEX[bits & 31]!;
}

const found: FoundName = { bytes: made, at: 0 };

/** The owner of a node, as a copy. */
export function nodeOwner(data: Uint8Array, node: number, apex: Uint8Array): Uint8Array {
  findOwner(found, data, node, apex, 0, apex.length);
  const { bytes, at } = found;
  let end = at;
  while (bytes[end]! > 0) end += bytes[end]! + 1;
  return bytes.slice(at, end + 1);
}
