import { findRRset, nameAt, nodeFlags, searchName, type ImageReader } from '../zone/image-reader.ts';
import { NODE_HEADER, NodeFlag } from '../zone/node-layout.ts';
import { u16 } from '../zone/octets.ts';
import { Type } from '../type-codes.ts';
import { addProof, type Exchange } from './exchange.ts';
import { findWildcard } from './find-node.ts';
import { MAX_KEY } from './search-name.ts';

/** Proof that a name exists without the type (RFC 4035 §3.1.3.1). `position` is that of its node. */
export function proveNoDataNsec(exchange: Exchange, position: number): void {
  const node = nameAt(exchange.zone, position);
  if (hasNsec(exchange.zone, node)) addProof(exchange, node);
  // An empty non-terminal has no NSEC: the one that covers it shows a next name below it (RFC 4592 §4.8).
  else addProof(exchange, coveringNode(exchange.zone, position));
}

/** Proof that nothing stands at `insertion` (RFC 4035 §3.1.3.2, §3.1.3.3). */
export function proveAbsentNsec(exchange: Exchange, insertion: number): void {
  addProof(exchange, coveringNode(exchange.zone, insertion));
}

/** Proof that the closest encloser has no wildcard (RFC 4035 §3.1.3.2). */
export function proveNoWildcardNsec(exchange: Exchange, encloser: number): void {
  const position = findWildcard(exchange.zone, exchange.name, encloser);
  proveAbsentNsec(exchange, ~position);
}

/**
 * The last node with an NSEC before a position. Two kinds of nodes have none (RFC 4035 §2.3): empty non-terminals, of which no more stand
 * in a row than a name has labels, as each has something below it; and names below a cut, of which there may be any number, all
 * behind the cut, which has one.
 */
function coveringNode(zone: ImageReader, position: number): number {
  let at = position - 1;
  while (at > 0 && nodeFlags(zone.data, nameAt(zone, at)) & NodeFlag.empty) at--;
  const node = nameAt(zone, at);
  if (hasNsec(zone, node)) return node;
  const above = occluder(zone, node);
  // Else the zone is not signed throughout: its denials cannot be right, and must not cost more than others.
  return above >= 0 ? above : zone.apex;
}

function hasNsec({ data }: ImageReader, node: number): boolean {
  return findRRset(data, node, Type.NSEC) >= 0;
}

const key = new Uint8Array(MAX_KEY);

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
