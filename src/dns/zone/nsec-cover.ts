import { Type } from '../type-codes.ts';
import { MAX_NAME } from '../wire/name.ts';
import { findRRset, type ImageReader, nameAt, nodeFlags, searchName } from './image-reader.ts';
import { NODE_HEADER, NodeFlag } from './node-layout.ts';
import { u16 } from './octets.ts';

/** The NSEC RRset of a node, and the node; -1 is none. */
export interface FoundNsec {
  node: number;
  rrset: number;
}

/**
 * Finds the last node with an NSEC before a position. Two kinds of nodes have none (RFC 4035 §2.3): empty non-terminals, of which no more stand
 * in a row than a name has labels, as each has something below it; and names below a cut, of which there may be any number, all
 * behind the cut, which has one.
 */
export function findCovering(found: FoundNsec, zone: ImageReader, position: number): void {
  let at = position - 1;
  while (at > 0 && nodeFlags(zone.data, nameAt(zone, at)) & NodeFlag.empty) at--;
  found.node = nameAt(zone, at);
  found.rrset = findRRset(zone.view, found.node, Type.NSEC);
  if (found.rrset >= 0) return;
  const above = occluder(zone, found.node);
  // Else the zone is not signed throughout: its denials cannot be right, and must not cost more than others.
  found.node = above >= 0 ? above : zone.apex;
  found.rrset = findRRset(zone.view, found.node, Type.NSEC);
}

/** The topmost cut, or DNAME (RFC 6672 §2.4), above a node; -1 when there is none. */
function occluder(zone: ImageReader, node: number): number {
  const { data, apexKeyLength } = zone;
  const start = node + NODE_HEADER - apexKeyLength;
  const length = u16(data, node + 4) + apexKeyLength;
  for (let i = apexKeyLength; i < length - 1; i++) {
    key[i] = data[start + i]!;
    // The end of a label: so far it is the key of an ancestor.
    if (key[i] !== 0) continue;
    const position = searchName(zone, key, i + 1);
    if (position < 0) continue;
    const ancestor = nameAt(zone, position);
    if (nodeFlags(data, ancestor) & (NodeFlag.ns | NodeFlag.dname)) return ancestor;
  }
  return -1;
}

/** Every octet of a label may need an escape in a sort key. */
const key = new Uint8Array(2 * MAX_NAME);
