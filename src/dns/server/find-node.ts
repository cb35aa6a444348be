import { NODE_HEADER } from '../zone/node-layout.ts';
import { nameAt, searchName, type ImageReader } from '../zone/image-reader.ts';
import { u16 } from '../zone/octets.ts';
import type { SearchName } from './search-name.ts';

const ASTERISK = 0x2a;

/** Position of the ancestor with so many labels, or ~insertion point. It must be in the zone. */
export function findAncestor(zone: ImageReader, name: SearchName, labels: number): number {
  return searchName(zone, name.key, name.keyEnds[labels]!);
}

/**
 * The same, when the ancestor one label above it is at `above`. Of many empty non-terminals each stands right behind the one above it: a
 * name of a hundred labels must not cost a hundred searches.
 */
export function findBelow(zone: ImageReader, name: SearchName, labels: number, above: number): number {
  const next = above + 1;
  if (next < zone.nameCount && hasKey(zone, nameAt(zone, next), name.key, name.keyEnds[labels]!)) return next;
  return findAncestor(zone, name, labels);
}

function hasKey(
  { data, apexKeyLength }: ImageReader,
  node: number,
  key: Uint8Array,
  length: number,
): boolean {
  if (u16(data, node + 4) !== length - apexKeyLength) return false;
  const start = node + NODE_HEADER;
  for (let i = 0; i < length - apexKeyLength; i++)
    if (data[start + i] !== key[apexKeyLength + i]) return false;
  return true;
}

/** Position of the `*` directly below the ancestor with so many labels, or ~insertion point. */
export function findWildcard(zone: ImageReader, name: SearchName, labels: number): number {
  const { key } = name;
  const end = name.keyEnds[labels]!;
  const first = key[end]!;
  const second = key[end + 1]!;
  key[end] = ASTERISK;
  key[end + 1] = 0;
  const position = searchName(zone, key, end + 2);
  key[end] = first;
  key[end + 1] = second;
  return position;
}

/**
 * Number of labels of the closest encloser (RFC 4592 §3.3.1) of a name that would stand at `insertion`. Empty non-terminals
 * are nodes, so it is the longest ancestor that the name shares with the node before.
 */
export function closestEncloser(zone: ImageReader, name: SearchName, insertion: number): number {
  const before = nameAt(zone, insertion - 1);
  const start = before + NODE_HEADER - zone.apexKeyLength;
  const length = u16(zone.data, before + 4) + zone.apexKeyLength;
  let common = zone.apexKeyLength;
  while (common < length && zone.data[start + common] === name.key[common]) common++;
  let labels = zone.originLabels;
  while (labels < name.labels && name.keyEnds[labels + 1]! <= common) labels++;
  return labels;
}
