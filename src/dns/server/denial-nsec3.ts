import { Type } from '../type-codes.ts';
import { findRRset, type ImageReader, nsec3At, searchNsec3 } from '../zone/image-reader.ts';
import { nsec3Iterations, nsec3Salt } from '../zone/image-seal.ts';
import { NSEC3_INPUT, nsec3Digest } from '../zone/nsec3-digest.ts';
import { ASTERISK, LOWER } from '../zone/octets.ts';
import { addProof, type Exchange } from './exchange.ts';
import { ancestorStart, type SearchName } from './search-name.ts';

const input = new Uint8Array(NSEC3_INPUT);

/** Of a name that does not exist and has the hash of one that does: nothing proves that it is not there, so the answer is SERVFAIL (RFC 5155 §7.2.9). */
export const hashCollision = new Error('a name that does not exist has the hash of one that does');

/**
 * Closest encloser proof (RFC 5155 §7.2.1): the NSEC3 that matches the closest encloser, the one that covers the next closer
 * name. With opt-out the true encloser may have none; then its closest ancestor that has one is proved.
 * Returns the number of labels of the encloser that was proved.
 */
export function proveEncloserNsec3(exchange: Exchange, encloser: number): number {
  const { zone, name } = exchange;
  let labels = encloser;
  while (labels > zone.originLabels && !matchNsec3(exchange, labels)) labels--;
  if (labels === zone.originLabels) matchNsec3(exchange, labels);
  if (labels < name.labels) coverNextCloser(exchange, labels);
  return labels;
}

/**
 * Proof that a name lacks the type (RFC 5155 §7.2.3, §7.2.4): its own NSEC3, or the closest encloser proof when opt-out left
 * it without one.
 */
export function proveNoDataNsec3(exchange: Exchange, labels: number): void {
  if (!matchNsec3(exchange, labels)) proveEncloserNsec3(exchange, labels - 1);
}

/** Proof that a name has no wildcard below the encloser (RFC 5155 §7.2.2). */
export function proveNoWildcardNsec3(exchange: Exchange, encloser: number): void {
  coverNsec3(exchange, searchWildcard(exchange.zone, exchange.name, encloser));
}

/** Proof of the wildcard's own types (RFC 5155 §7.2.5). */
export function proveWildcardNoDataNsec3(exchange: Exchange, encloser: number): void {
  const { zone } = exchange;
  const position = searchWildcard(zone, exchange.name, encloser);
  if (position >= 0) addNsec3(exchange, position);
}

/** Proof that the name itself does not exist, for an answer made of a wildcard (RFC 5155 §7.2.6). */
export function proveNextCloserNsec3(exchange: Exchange, encloser: number): void {
  coverNextCloser(exchange, encloser);
}

function coverNextCloser(exchange: Exchange, encloser: number): void {
  const position = searchAncestor(exchange.zone, exchange.name, encloser + 1);
  if (position >= 0) throw hashCollision;
  coverNsec3(exchange, position);
}

function matchNsec3(exchange: Exchange, labels: number): boolean {
  const { zone } = exchange;
  const position = searchAncestor(zone, exchange.name, labels);
  if (position >= 0) addNsec3(exchange, position);
  return position >= 0;
}

/** `position` is what `searchNsec3` gave. */
function coverNsec3(exchange: Exchange, position: number): void {
  const { zone } = exchange;
  // Below an encloser that opt-out put in the place of the true one there may be a wildcard, which matches nothing here.
  const before = position < 0 ? (~position + zone.nsec3Count - 1) % zone.nsec3Count : position;
  addNsec3(exchange, before);
}

function addNsec3(exchange: Exchange, position: number): void {
  const node = nsec3At(exchange.zone, position);
  addProof(exchange, node, findRRset(exchange.zone.view, node, Type.NSEC3));
}

/** Position of the NSEC3 of the ancestor with so many labels, or ~insertion point. */
function searchAncestor(zone: ImageReader, name: SearchName, labels: number): number {
  return labels > zone.originLabels ? searchNsec3(zone, hashAncestor(zone, name, labels)) : zone.nsec3Apex;
}

/** The same of the wildcard below it. */
function searchWildcard(zone: ImageReader, name: SearchName, labels: number): number {
  return labels > zone.originLabels
    ? searchNsec3(zone, hashWildcard(zone, name, labels))
    : zone.nsec3Wildcard;
}

function hashAncestor(zone: ImageReader, name: SearchName, labels: number): Uint8Array {
  return nsec3Hash(zone, copyLower(name, labels, 0));
}

function hashWildcard(zone: ImageReader, name: SearchName, labels: number): Uint8Array {
  input[0] = 1;
  input[1] = ASTERISK;
  return nsec3Hash(zone, copyLower(name, labels, 2));
}

/** Copies the ancestor to `input`; returns where it ends. */
function copyLower(name: SearchName, labels: number, to: number): number {
  const start = ancestorStart(name, labels);
  for (let at = start; at < name.length; at++) input[to++] = LOWER[name.wire[at]!]!;
  return to;
}

function nsec3Hash({ data, nsec3Param }: ImageReader, length: number): Uint8Array {
  return nsec3Digest(input, length, nsec3Salt(data, nsec3Param), nsec3Iterations(data, nsec3Param));
}
