import { createHash, type Hash } from 'node:crypto';
import type { Steps } from '../../core/slices.ts';
import { canonicalRdata, fromWire } from '../rdata/registry.ts';
import { type Zonemd, zonemd } from '../rdata/zonemd.ts';
import type { ResourceRecord } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { FormErr } from '../wire/form-error.ts';
import type { Name } from '../wire/name.ts';
import { LOWER } from '../zone/octets.ts';
import { recordsLength, RRSIG_FIXED, writeRecords } from './sign.ts';

/** RFC 8976 §5.2: all records of the zone in one digest. */
export const SIMPLE = 1;
/** RFC 8976 §5.3. */
export const SHA384 = 1;

/** By hash algorithm: what node:crypto calls it, and the octets of its digest. */
const hashes: ReadonlyMap<number, { name: string; length: number }> = new Map([
  [SHA384, { name: 'sha384', length: 48 }],
  [2, { name: 'sha512', length: 64 }],
]);

/** All records at one owner, in any order, each RRSIG as a record of its own. */
export interface OwnerRecords {
  owner: Name;
  records: readonly Pick<ResourceRecord, 'type' | 'ttl' | 'rdata'>[];
}

/** Octets that are collected before they are hashed. */
const BUFFER = 32 * 1024;

/**
 * The digest of a zone by the SIMPLE scheme (RFC 8976 §3.3.1): of all its records, glue and what lies below cuts included, but for the
 * ZONEMD RRset of the apex and its signature.
 * @param owners each once, in canonical order
 * @throws Error when the hash algorithm is not known
 */
export function* zoneDigest(
  origin: Name,
  owners: Iterable<OwnerRecords>,
  hashAlgorithm: number = SHA384,
): Steps<Uint8Array> {
  const known = hashes.get(hashAlgorithm);
  if (!known) throw new Error(`hash algorithm ${hashAlgorithm} is not known`);
  const target = createHash(known.name);
  let buffer = new Uint8Array(BUFFER);
  let used = 0;
  for (const { owner, records } of owners) {
    for (const { type, ttl, rdata } of canonicalRecords(origin, owner, records)) {
      const length = recordsLength(owner, [rdata]);
      if (used + length > buffer.length) {
        flush(target, buffer, used);
        used = 0;
        if (length > buffer.length) buffer = new Uint8Array(length);
      }
      used = writeRecords(buffer, used, { owner, type, ttl }, [rdata]);
    }
    yield;
  }
  flush(target, buffer, used);
  return target.digest();
}

function flush(target: Hash, buffer: Uint8Array, used: number): void {
  target.update(buffer.subarray(0, used));
}

type CanonicalRecord = OwnerRecords['records'][number];

/** What of an owner is digested, by type and rdata, each record once (RFC 8976 §3.3.1.1, RFC 4034 §6.3). */
function canonicalRecords(
  origin: Name,
  owner: Name,
  records: OwnerRecords['records'],
): readonly CanonicalRecord[] {
  const isApex = owner.wire.length === origin.wire.length;
  const sorted: CanonicalRecord[] = [];
  for (const { type, ttl, rdata } of records)
    if (!isApex || !isDigest(type, rdata)) sorted.push({ type, ttl, rdata: canonical(type, rdata) });
  if (sorted.length < 2) return sorted;
  sorted.sort(inOrder);
  return sorted.filter((record, i) => i === 0 || inOrder(sorted[i - 1]!, record) !== 0);
}

/** Most records are signatures, whose one name is the zone's, in lower case already. */
function canonical(type: number, rdata: Uint8Array): Uint8Array {
  return type === Type.RRSIG && isLowerName(rdata, RRSIG_FIXED) ? rdata : canonicalRdata(type, rdata);
}

function isLowerName(rdata: Uint8Array, at: number): boolean {
  for (let length = rdata[at++]; length; length = rdata[at++])
    for (const end = at + length; at < end; at++) if (LOWER[rdata[at]!] !== rdata[at]) return false;
  return true;
}

function inOrder(a: CanonicalRecord, b: CanonicalRecord): number {
  return a.type - b.type || Buffer.compare(a.rdata, b.rdata);
}

/** Whether it is a ZONEMD, or the signature of one. */
function isDigest(type: number, rdata: Uint8Array): boolean {
  if (type === Type.ZONEMD) return true;
  return type === Type.RRSIG && ((rdata[0]! << 8) | rdata[1]!) === Type.ZONEMD;
}

/** What the digests in a zone say of it (RFC 8976 §4). */
export type DigestVerdict =
  /** `unknown`: it has only such of schemes and hash algorithms that are not known here, which say nothing. */
  { kind: 'none' | 'unknown' | 'right' } | { kind: 'wrong'; reason: string };

/**
 * Whether one of the ZONEMD records at the apex is right for the zone. The signatures are another matter.
 * @param serial of the SOA
 * @param owners gives all records, as `zoneDigest` takes them
 */
export function* verifyZoneDigest(
  origin: Name,
  serial: number,
  digests: readonly Uint8Array[],
  owners: () => Iterable<OwnerRecords>,
): Steps<DigestVerdict> {
  if (digests.length === 0) return { kind: 'none' };
  let all: readonly Zonemd[];
  try {
    all = digests.map((rdata) => fromWire(zonemd, rdata));
  } catch (error) {
    if (error instanceof FormErr)
      return { kind: 'wrong', reason: `its ZONEMD is malformed: ${error.message}` };
    throw error;
  }
  const usable = all.filter(isKnown);
  if (usable.length === 0) return { kind: 'unknown' };
  let reason = '';
  for (const found of usable) {
    const wrong = mismatch(found, serial, all);
    if (wrong !== undefined) reason = wrong;
    else {
      const digest = yield* zoneDigest(origin, owners(), found.hashAlgorithm);
      if (Buffer.compare(digest, found.digest) === 0) return { kind: 'right' };
      reason = `its digest (ZONEMD of serial ${serial}) is not that of its records`;
    }
  }
  return { kind: 'wrong', reason };
}

function isKnown({ scheme, hashAlgorithm }: Zonemd): boolean {
  return scheme === SIMPLE && hashes.has(hashAlgorithm);
}

/** Why a record cannot be used at all. */
function mismatch(found: Zonemd, serial: number, all: readonly Zonemd[]): string | undefined {
  if (found.serial !== serial) return `its ZONEMD is of serial ${found.serial}, its SOA of ${serial}`;
  if (found.digest.length !== hashes.get(found.hashAlgorithm)!.length)
    return `the digest in its ZONEMD has ${found.digest.length} octets, which no digest of that kind has`;
  const alike = all.filter(
    ({ scheme, hashAlgorithm }) => scheme === found.scheme && hashAlgorithm === found.hashAlgorithm,
  );
  // RFC 8976 §2.2.3 allows one of a kind.
  return alike.length > 1 ? 'it has two ZONEMD records of one scheme and hash algorithm' : undefined;
}
