import { NodeFlag } from '../zone/node-layout.ts';
import { findRRset, type ImageReader, nameAt, nodeFlags, rrsetSignatureCount } from '../zone/image-reader.ts';
import { Type } from '../type-codes.ts';
import { followCname, followDname } from './aliases.ts';
import { smallestRRset } from './any.ts';
import type { Exchange } from './exchange.ts';
import { closestEncloser, findAncestor, findBelow, findWildcard } from './find-node.ts';
import { findZone } from './find-zone.ts';
import { noZone, unloadedZone } from './no-zone.ts';
import {
  answerNameError,
  answerNoData,
  answerWildcardNoData,
  proveExpansion,
  proveTypeAbsent,
} from './negative.ts';
import { putData, putSignatures } from './put-data.ts';

/**
 * RFC 1034 §4.3.2, from the zone found on: writes the answer section and leaves in the exchange what the other sections
 * need. An alias leads on into any zone of ours (step 3a: "go back to step 1").
 */
export function resolve(exchange: Exchange): void {
  while (resolveName(exchange)) {
    const next = findZone(exchange);
    // The target is somebody else's, or cannot be read now: the resolver goes on there.
    if (!next || next === noZone || next === unloadedZone) return;
    exchange.zone = next;
  }
}

/** One name in one zone; true when an alias was followed. */
function resolveName(exchange: Exchange): boolean {
  const { zone, name } = exchange;
  const above = zone.hasCuts || zone.hasDnames ? crossCutOrDname(exchange) : Crossed.nothing;
  if (above !== Crossed.nothing) return above === Crossed.alias;
  exchange.authoritative = true;
  const position = zone.hasCuts || zone.hasDnames ? reached : findAncestor(zone, name, name.labels);
  return position >= 0 ? answerExact(exchange, position) : answerMissing(exchange, ~position);
}

/** Where the last steps down ended: the position of the name, or ~insertion point, which it shares with the ancestor that does not exist. */
let reached = -1;

const Crossed = { nothing: 0, end: 1, alias: 2 } as const;
type Crossed = (typeof Crossed)[keyof typeof Crossed];

/** Steps down from the apex: the first zone cut or DNAME above the name decides, what is below it is occluded. */
function crossCutOrDname(exchange: Exchange): Crossed {
  const { zone, name } = exchange;
  let position = -1;
  for (let labels = zone.originLabels; labels <= name.labels; labels++) {
    position = reached = findBelow(zone, name, labels, position);
    // Empty non-terminals are nodes, so nothing exists below what does not.
    if (position < 0) return Crossed.nothing;
    const node = nameAt(zone, position);
    const flags = nodeFlags(zone.data, node);
    if (flags & NodeFlag.ns && labels > zone.originLabels) {
      if (exchange.query.qtype === Type.DS) {
        // RFC 4035 §3.1.4.1: DS belongs to the parent's side of the cut.
        if (labels === name.labels) return Crossed.nothing;
        const child = zoneOf(exchange);
        if (child) return answerAtApex(exchange, child);
      }
      refer(exchange, position, labels);
      return Crossed.end;
    }
    if (flags & NodeFlag.dname && labels < name.labels) {
      exchange.authoritative = true;
      // All names below it have the limit of their responses in common.
      exchange.expanded = node;
      const dname = findRRset(zone.view, node, Type.DNAME);
      return followDname(exchange, dname, node, labels) ? Crossed.alias : Crossed.end;
    }
  }
  return Crossed.nothing;
}

/** The zone of ours whose apex the name is. */
function zoneOf({ zones, name, admitted }: Exchange): ImageReader | undefined {
  const zone = zones.find(name, name.labels);
  return zone?.originLabels === name.labels && (admitted || !zone.withheld) ? zone : undefined;
}

/** RFC 4035 §3.1.4.1: where the parent is somebody else's, the zone itself says that it has no DS. */
function answerAtApex(exchange: Exchange, zone: ImageReader): Crossed {
  exchange.zone = zone;
  exchange.authoritative = true;
  return answerExact(exchange, 0) ? Crossed.alias : Crossed.end;
}

/** Step 3b. AA stays as it is: set when an alias of ours led here. */
function refer(exchange: Exchange, position: number, labels: number): void {
  const { zone } = exchange;
  exchange.cut = nameAt(zone, position);
  if (findRRset(zone.view, exchange.cut, Type.DS) < 0) proveTypeAbsent(exchange, position, labels);
}

function answerExact(exchange: Exchange, position: number): boolean {
  const node = nameAt(exchange.zone, position);
  const cname = aliasOf(exchange, node);
  if (cname >= 0) return followCname(exchange, cname);
  if (!answerData(exchange, node)) answerNoData(exchange, position);
  return false;
}

/** Step 3c: the wildcard at the closest encloser, or nothing (RFC 4592 §3.3.1). */
function answerMissing(exchange: Exchange, insertion: number): boolean {
  const { zone, name } = exchange;
  const encloser = closestEncloser(zone, name, insertion);
  const wildcard = zone.hasWildcards ? findWildcard(zone, name, encloser) : -1;
  if (wildcard < 0) {
    answerNameError(exchange, insertion, encloser);
    return false;
  }
  const node = nameAt(zone, wildcard);
  exchange.expanded = node;
  const cname = aliasOf(exchange, node);
  if (cname >= 0) {
    proveExpansion(exchange, insertion, encloser);
    return followCname(exchange, cname);
  }
  if (answerData(exchange, node)) proveExpansion(exchange, insertion, encloser);
  else answerWildcardNoData(exchange, wildcard, insertion, encloser);
  return false;
}

/** The CNAME to follow at a node, or -1. */
function aliasOf(exchange: Exchange, node: number): number {
  const { data, view } = exchange.zone;
  if ((nodeFlags(data, node) & NodeFlag.cname) === 0) return -1;
  const { qtype } = exchange.query;
  if (qtype === Type.CNAME || qtype === Type.ANY) return -1;
  const cname = findRRset(view, node, Type.CNAME);
  // RFC 4035 §2.5: RRSIG and NSEC stand beside a CNAME, in a signed zone.
  if (qtype === Type.NSEC) return findRRset(view, node, Type.NSEC) >= 0 ? -1 : cname;
  return qtype === Type.RRSIG && rrsetSignatureCount(view, cname) > 0 ? -1 : cname;
}

/** Writes what answers the question at this node; false when the node has nothing of the type. */
function answerData(exchange: Exchange, node: number): boolean {
  const { view } = exchange.zone;
  const { qtype } = exchange.query;
  const single = qtype === Type.ANY || qtype === Type.RRSIG;
  const rrset = single ? smallestRRset(view, node, qtype === Type.RRSIG) : findRRset(view, node, qtype);
  if (rrset < 0) return false;
  if (qtype === Type.RRSIG) putSignatures(exchange, rrset);
  else if (putData(exchange, rrset)) exchange.helped = rrset;
  return true;
}
