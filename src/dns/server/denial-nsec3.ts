import { hash } from 'node:crypto';
import { searchNsec3, type ImageReader } from '../zone/image-reader.ts';
import { addProof, type Exchange } from './exchange.ts';
import { LOWER, ancestorStart, type SearchName } from './search-name.ts';

/** The longest name and the longest salt. */
const input = new Uint8Array(255 + 255);

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
  if (labels < name.labels) coverNsec3(exchange, searchAncestor(zone, name, labels + 1));
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
  if (position >= 0) addProof(exchange, zone.nsec3[position]!);
}

/** Proof that the name itself does not exist, for an answer made of a wildcard (RFC 5155 §7.2.6). */
export function proveNextCloserNsec3(exchange: Exchange, encloser: number): void {
  coverNsec3(exchange, searchAncestor(exchange.zone, exchange.name, encloser + 1));
}

function matchNsec3(exchange: Exchange, labels: number): boolean {
  const { zone } = exchange;
  const position = searchAncestor(zone, exchange.name, labels);
  if (position >= 0) addProof(exchange, zone.nsec3[position]!);
  return position >= 0;
}

/** `position` is what `searchNsec3` gave. */
function coverNsec3(exchange: Exchange, position: number): void {
  const { nsec3 } = exchange.zone;
  // A match where none may be is a hash collision (RFC 5155 §7.2.9); its record is as good a proof as there is.
  const before = position < 0 ? (~position + nsec3.length - 1) % nsec3.length : position;
  addProof(exchange, nsec3[before]!);
}

/** Position of the NSEC3 of the ancestor with so many labels, or ~insertion point. */
function searchAncestor(zone: ImageReader, name: SearchName, labels: number): number {
  if (labels > zone.originLabels) return searchNsec3(zone, hashAncestor(zone, name, labels));
  return (zone.nsec3AtApex.apex ??= searchNsec3(zone, hashAncestor(zone, name, labels)));
}

/** The same of the wildcard below it. */
function searchWildcard(zone: ImageReader, name: SearchName, labels: number): number {
  if (labels > zone.originLabels) return searchNsec3(zone, hashWildcard(zone, name, labels));
  return (zone.nsec3AtApex.wildcard ??= searchNsec3(zone, hashWildcard(zone, name, labels)));
}

function hashAncestor(zone: ImageReader, name: SearchName, labels: number): Uint8Array {
  return nsec3Hash(zone, copyLower(name, labels, 0));
}

function hashWildcard(zone: ImageReader, name: SearchName, labels: number): Uint8Array {
  input[0] = 1;
  input[1] = 0x2a;
  return nsec3Hash(zone, copyLower(name, labels, 2));
}

/** Copies the ancestor to `input`; returns where it ends. */
function copyLower(name: SearchName, labels: number, to: number): number {
  const start = ancestorStart(name, labels);
  for (let at = start; at < name.length; at++) input[to++] = LOWER[name.wire[at]!]!;
  return to;
}

/** RFC 5155 §5 over the first `length` octets of `input`. */
function nsec3Hash(zone: ImageReader, length: number): Uint8Array {
  const { salt, iterations } = zone.nsec3Parameters;
  input.set(salt, length);
  let digest = hash('sha1', input.subarray(0, length + salt.length), 'buffer');
  for (let i = 0; i < iterations; i++) digest = hash('sha1', Buffer.concat([digest, salt]), 'buffer');
  return digest;
}
