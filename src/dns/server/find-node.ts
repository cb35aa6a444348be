import { NODE_HEADER } from '../zone/node-layout.ts';
import { nameAt, searchName, type ImageReader } from '../zone/image-reader.ts';
import { ASTERISK, u16 } from '../zone/octets.ts';
import type { SearchName } from './search-name.ts';

/** Position of the ancestor with so many labels, or ~insertion point. It must be in the zone. */
export function findAncestor(zone: ImageReader, name: SearchName, labels: number): number {
  return searchName(zone, name.key, name.keyEnds[labels]!);
}

/**
 * The same, when the ancestor one label above it is at `above`; -1 above the apex. Of many empty non-terminals each stands right behind the one above it: a
 * name of a hundred labels must not cost a hundred searches.
 */
export function findBelow(zone: ImageReader, name: SearchName, labels: number, above: number): number {
  // The apex comes before all others.
  if (above < 0) return 0;
  const next = above + 1;
  if (next < zone.nameCount && isNextLabel(zone, nameAt(zone, next), name, labels)) return next;
  return findAncestor(zone, name, labels);
}

/**
 * Whether the node behind that of an ancestor is the next ancestor. Only the last label is compared: between a node and one below it are
 * none but such below it, so where a label begins at the length of the ancestor's key, all before it is that key.
 */
function isNextLabel({ data, apexKeyLength }: ImageReader, node: number, name: SearchName, labels: number) {
  const { key, keyEnds } = name;
  const from = keyEnds[labels - 1]! - apexKeyLength;
  const length = keyEnds[labels]! - apexKeyLength;
  if (u16(data, node + 4) !== length) return false;
  const start = node + NODE_HEADER;
  if (from > 0 && data[start + from - 1] !== 0) return false;
  for (let i = from; i < length; i++) if (data[start + i] !== key[apexKeyLength + i]) return false;
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
  const { data, apexKeyLength } = zone;
  const { key, keyEnds } = name;
  const before = nameAt(zone, insertion - 1);
  const start = before + NODE_HEADER - apexKeyLength;
  const length = u16(data, before + 4) + apexKeyLength;
  let common = apexKeyLength;
  while (common < length && data[start + common] === key[common]) common++;
  let labels = zone.originLabels;
  while (labels < name.labels && keyEnds[labels + 1]! <= common) labels++;
  return labels;
}
