import { canonicalRdata, toWire } from '../rdata/registry.ts';
import { type Rrsig, rrsig } from '../rdata/rrsig.ts';
import { CLASS_IN, type RRset } from '../rr.ts';
import { type Name, lowerOctet } from '../wire/name.ts';
import { signer } from './algorithms.ts';
import type { SigningKey } from './keys.ts';

/** All of an RRSIG but the signature. */
export type RrsigFields = Omit<Rrsig, 'signature'>;

/** RFC 4034 §3.1.3: labels of the owner as it stands in the zone, root and a leading `*` not counted. */
export function rrsigLabels(owner: Name): number {
  return owner.labelCount - (owner.isWildcard ? 1 : 0);
}

/** The RRSIG that `key` makes of `rrset`, without the signature. Times in seconds since the epoch. */
export function rrsigFields(
  rrset: RRset,
  key: SigningKey,
  zone: Name,
  period: { inception: number; expiration: number },
): RrsigFields {
  return {
    typeCovered: rrset.type,
    algorithm: key.algorithm,
    labels: rrsigLabels(rrset.owner),
    originalTtl: rrset.ttl,
    expiration: period.expiration,
    inception: period.inception,
    keyTag: key.keyTag,
    signer: zone,
  };
}

/** Octets of the RRSIG rdata before the signer's name (RFC 4034 §3.1). */
export const RRSIG_FIXED = 18;
/** Type, class, TTL and rdata length of a record. */
const RECORD_FIXED = 10;

/** Writes RRSIG rdata up to the signer's name at the start of `target`. */
export function writeRrsigFixed(target: Uint8Array, fields: RrsigFields): void {
  put16(target, 0, fields.typeCovered);
  target[2] = fields.algorithm;
  target[3] = fields.labels;
  put32(target, 4, fields.originalTtl);
  put32(target, 8, fields.expiration);
  put32(target, 12, fields.inception);
  put16(target, 16, fields.keyTag);
}

/** Rdatas in canonical form and order, each once (RFC 4034 §6.2 and §6.3). */
export function canonicalRdatas(rrset: RRset): Uint8Array[] {
  const rdatas = rrset.rdatas.map((rdata) => canonicalRdata(rrset.type, rdata));
  if (rdatas.length === 1) return rdatas;
  rdatas.sort((a, b) => Buffer.compare(a, b));
  return rdatas.filter((rdata, i) => i === 0 || Buffer.compare(rdata, rdatas[i - 1]!) !== 0);
}

/** Octets that records of these canonical rdatas take in signed data. */
export function recordsLength(owner: Name, rdatas: readonly Uint8Array[]): number {
  let length = 0;
  for (const rdata of rdatas) length += owner.wire.length + RECORD_FIXED + rdata.length;
  return length;
}

/** Writes the records of `rdatas` at `at`, in canonical form, and returns where they end. */
export function writeRecords(
  target: Uint8Array,
  at: number,
  record: { owner: Name; type: number; ttl: number },
  rdatas: readonly Uint8Array[],
): number {
  for (const rdata of rdatas) {
    at = putCanonicalName(target, at, record.owner);
    put16(target, at, record.type);
    put16(target, at + 2, CLASS_IN);
    put32(target, at + 4, record.ttl);
    put16(target, at + 8, rdata.length);
    target.set(rdata, at + RECORD_FIXED);
    at += RECORD_FIXED + rdata.length;
  }
  return at;
}

/**
 * The octets that a signature covers (RFC 4034 §3.1.8.1): the RRSIG up to the signature, then every record in canonical
 * form with the original TTL, whatever a cache made of it. `owner` is the name that was signed, which is the wildcard for
 * an answer synthesised from one (RFC 4035 §5.3.2).
 */
export function signedData(rrset: RRset, fields: RrsigFields, owner: Name = rrset.owner): Uint8Array {
  const rdatas = canonicalRdatas(rrset);
  const header = RRSIG_FIXED + fields.signer.wire.length;
  const data = new Uint8Array(header + recordsLength(owner, rdatas));
  writeRrsigFixed(data, fields);
  // The signer's name is in canonical form here.
  putCanonicalName(data, RRSIG_FIXED, fields.signer);
  writeRecords(data, header, { owner, type: rrset.type, ttl: fields.originalTtl }, rdatas);
  return data;
}

function put16(target: Uint8Array, at: number, value: number): void {
  target[at] = value >>> 8;
  target[at + 1] = value;
}

function put32(target: Uint8Array, at: number, value: number): void {
  put16(target, at, value >>> 16);
  put16(target, at + 2, value & 0xffff);
}

/** Writes the octets of a name in lower case (a length octet is never a letter) and returns where they end. */
export function putCanonicalName(target: Uint8Array, at: number, { wire }: Name): number {
  for (let i = 0; i < wire.length; i++) target[at + i] = lowerOctet(wire[i]!);
  return at + wire.length;
}

/** Signs one RRset at once; whole zones are signed by `signZone`. */
export function signRRset(
  rrset: RRset,
  key: SigningKey,
  zone: Name,
  period: { inception: number; expiration: number },
): Uint8Array {
  const fields = rrsigFields(rrset, key, zone, period);
  const signature = signer(key.algorithm, key.privateKey)(signedData(rrset, fields));
  return toWire(rrsig, { ...fields, signer: zone.canonical(), signature });
}
