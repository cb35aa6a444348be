import { NODE_HEADER } from './node-layout.ts';
import { u16, u32 } from './octets.ts';

/**
 * Words of an entry of an index: the first four octets of the node's key, then its place. A search so reads the index, which lies together,
 * and of the nodes few but the one that it finds: each of them is a cache line from anywhere.
 */
export const ENTRY_WORDS = 2;

/** The first four octets of a key that has so many, zeros behind it: two keys that differ in them have the order that these have. */
export function keyHead(octets: Uint8Array, at: number, length: number): number {
  if (length >= 4) return u32(octets, at);
  let head = 0;
  for (let i = 0; i < length; i++) head |= octets[at + i]! << (24 - 8 * i);
  return head >>> 0;
}

/** Writes the entry of a node that stands at octet `at`. */
export function putEntry(
  words: Uint32Array,
  word: number,
  octets: Uint8Array,
  at: number,
  place: number,
): void {
  words[word] = keyHead(octets, at + NODE_HEADER, u16(octets, at + 4));
  words[word + 1] = place;
}

/** The place in an entry. */
export function placeIn(words: Uint32Array, list: number, position: number): number {
  return words[list + ENTRY_WORDS * position + 1]!;
}

/** Adds the entry of a node to a list of words. */
export function pushEntry(list: number[], node: Uint8Array, place: number): void {
  list.push(keyHead(node, NODE_HEADER, u16(node, 4)), place);
}
