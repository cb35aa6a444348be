import { findRRset, nameAt } from '../zone/image-reader.ts';
import { findCovering, type FoundNsec } from '../zone/nsec-cover.ts';
import { Type } from '../type-codes.ts';
import { addProof, type Exchange } from './exchange.ts';
import { findWildcard } from './find-node.ts';

/** Proof that a name exists without the type (RFC 4035 §3.1.3.1). `position` is that of its node. */
export function proveNoDataNsec(exchange: Exchange, position: number): void {
  const node = nameAt(exchange.zone, position);
  const rrset = findRRset(exchange.zone.view, node, Type.NSEC);
  if (rrset >= 0) addProof(exchange, node, rrset);
  // An empty non-terminal has no NSEC: the one that covers it shows a next name below it (RFC 4592 §4.8).
  else proveAbsentNsec(exchange, position);
}

const covering: FoundNsec = { node: -1, rrset: -1 };

/** Proof that nothing stands at `insertion` (RFC 4035 §3.1.3.2, §3.1.3.3). */
export function proveAbsentNsec(exchange: Exchange, insertion: number): void {
  findCovering(covering, exchange.zone, insertion);
  addProof(exchange, covering.node, covering.rrset);
}

/** Proof that the closest encloser has no wildcard (RFC 4035 §3.1.3.2). */
export function proveNoWildcardNsec(exchange: Exchange, encloser: number): void {
  const { zone, name } = exchange;
  if (encloser === zone.originLabels && zone.nsecWildcardRRset >= 0)
    addProof(exchange, zone.nsecWildcard, zone.nsecWildcardRRset);
  else proveAbsentNsec(exchange, ~findWildcard(zone, name, encloser));
}
