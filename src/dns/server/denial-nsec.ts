import { findRRset, nameAt, type ImageReader } from '../zone/image-reader.ts';
import { Type } from '../type-codes.ts';
import { addProof, type Exchange } from './exchange.ts';
import { findWildcard } from './find-node.ts';

/** Proof that a name exists without the type (RFC 4035 §3.1.3.1). `position` is that of its node. */
export function proveNoDataNsec(exchange: Exchange, position: number): void {
  const node = nameAt(exchange.zone, position);
  if (findRRset(exchange.zone.data, node, Type.NSEC) >= 0) addProof(exchange, node);
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

/** The last node with an NSEC before a position: empty non-terminals and names below cuts have none. */
function coveringNode(zone: ImageReader, position: number): number {
  let at = position - 1;
  while (at > 0 && findRRset(zone.data, nameAt(zone, at), Type.NSEC) < 0) at--;
  return nameAt(zone, at);
}
