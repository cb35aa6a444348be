import { hash as digest } from 'node:crypto';
import { printBase32Hex } from '../rdata/base32hex.ts';
import { Type } from '../type-codes.ts';
import { MAX_NAME, type Name } from '../wire/name.ts';
import { bitmapOf } from './nsec.ts';

/** Octets of a SHA-1 hash, the only NSEC3 hash there is. */
export const HASH_LENGTH = 20;

/** RFC 5155 §10.1: octets of the longest name of a zone that leaves room for a hash, as a label of base32hex, before it. */
export const MAX_NSEC3_ZONE = MAX_NAME - 1 - (HASH_LENGTH * 8) / 5;

export interface Nsec3Params {
  iterations: number;
  salt: Uint8Array;
}

/** RFC 9276 §3.1: no extra iterations and no salt; both only cost. */
export const NSEC3_PARAMS: Nsec3Params = { iterations: 0, salt: new Uint8Array(0) };

/** NSEC3PARAM rdata of {@link NSEC3_PARAMS}, for the apex: SHA-1, flags 0, iterations 0, salt of length 0. */
export const NSEC3PARAM_RDATA = Uint8Array.of(1, 0, 0, 0, 0);

/** RFC 5155 §5: the hashed name, 20 octets. */
export function nsec3Hash(name: Name, params: Nsec3Params = NSEC3_PARAMS): Uint8Array {
  let input: Uint8Array = name.canonical().wire;
  for (let round = 0; round <= params.iterations; round++) {
    if (params.salt.length > 0) input = Buffer.concat([input, params.salt]);
    input = digest('sha1', input, 'buffer');
  }
  return input;
}

/** The owner of the NSEC3 RRset of a hash (RFC 5155 §3). */
export function nsec3Owner(hash: Uint8Array, origin: Name): Name {
  return origin.child(printBase32Hex(hash).toLowerCase());
}

/** Hash algorithm, flags (opt-out off), iterations, salt, and the length of the next hashed owner. */
const NSEC3_HEAD = Uint8Array.of(...NSEC3PARAM_RDATA, HASH_LENGTH);

/**
 * NSEC3 rdata. `types` are those of `authoritativeTypes`; RRSIG is among the types when something there is signed, which
 * is anything but a delegation without DS (RFC 5155 §7.1). NSEC3 itself is never listed.
 */
export function nsec3Rdata(
  nextHashed: Uint8Array,
  types: readonly number[],
  delegation: boolean,
): Uint8Array {
  const signed = delegation ? types.includes(Type.DS) : types.length > 0;
  const bitmap = bitmapOf(signed ? [...types, Type.RRSIG] : types);
  const rdata = new Uint8Array(NSEC3_HEAD.length + HASH_LENGTH + bitmap.length);
  rdata.set(NSEC3_HEAD);
  rdata.set(nextHashed, NSEC3_HEAD.length);
  rdata.set(bitmap, NSEC3_HEAD.length + HASH_LENGTH);
  return rdata;
}

/** Where the next hashed owner stands in NSEC3 rdata: after the salt and its own length (RFC 5155 §3.2). */
function nextHashedOffset(rdata: Uint8Array): number {
  return 6 + rdata[4]!;
}

/** The next hashed owner of NSEC3 rdata. */
export function nextHashed(rdata: Uint8Array): Uint8Array {
  const at = nextHashedOffset(rdata);
  return rdata.subarray(at, at + HASH_LENGTH);
}

/** The same NSEC3 rdata with another next hashed owner. */
export function withNextHashed(rdata: Uint8Array, next: Uint8Array): Uint8Array {
  const copy = rdata.slice();
  copy.set(next, nextHashedOffset(rdata));
  return copy;
}
