import { canonicalRdata } from '../rdata/registry.ts';
import type { Rrsig } from '../rdata/rrsig.ts';
import { CLASS_IN, type RRset } from '../rr.ts';
import type { Name } from '../wire/name.ts';
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

/** RRSIG rdata up to the signature, the signer's name in canonical form: what stands before the RRset in signed data. */
export function rrsigHeader(fields: RrsigFields): Uint8Array {
  const name = fields.signer.canonical().wire;
  const header = new Uint8Array(RRSIG_FIXED + name.length);
  const view = new DataView(header.buffer);
  view.setUint16(0, fields.typeCovered);
  view.setUint8(2, fields.algorithm);
  view.setUint8(3, fields.labels);
  view.setUint32(4, fields.originalTtl);
  view.setUint32(8, fields.expiration);
  view.setUint32(12, fields.inception);
  view.setUint16(16, fields.keyTag);
  header.set(name, RRSIG_FIXED);
  return header;
}

/** Rdatas in canonical form and order, each once (RFC 4034 §6.2 and §6.3). */
export function canonicalRdatas(rrset: RRset): Uint8Array[] {
  const rdatas = rrset.rdatas.map((rdata) => canonicalRdata(rrset.type, rdata));
  if (rdatas.length === 1) return rdatas;
  rdatas.sort((a, b) => Buffer.compare(a, b));
  return rdatas.filter((rdata, i) => i === 0 || Buffer.compare(rdata, rdatas[i - 1]!) !== 0);
}

/** Type, class, TTL and rdata length of a record. */
const RECORD_FIXED = 10;

/**
 * The octets that a signature covers (RFC 4034 §3.1.8.1): the header, then every record in canonical form with the
 * original TTL. `owner` is the name signed, which is the wildcard for an answer synthesised from one (RFC 4035 §5.3.2).
 */
export function signedData(rrset: RRset, header: Uint8Array, owner: Name = rrset.owner): Uint8Array {
  const rdatas = canonicalRdatas(rrset);
  const name = owner.canonical().wire;
  let length = header.length;
  for (const rdata of rdatas) length += name.length + RECORD_FIXED + rdata.length;
  const data = new Uint8Array(length);
  const view = new DataView(data.buffer);
  data.set(header);
  let at = header.length;
  for (const rdata of rdatas) {
    data.set(name, at);
    at += name.length;
    view.setUint16(at, rrset.type);
    view.setUint16(at + 2, CLASS_IN);
    // The original TTL, whatever a cache made of it.
    data.set(header.subarray(4, 8), at + 4);
    view.setUint16(at + 8, rdata.length);
    data.set(rdata, at + RECORD_FIXED);
    at += RECORD_FIXED + rdata.length;
  }
  return data;
}

/** RRSIG rdata of a header and its signature. */
export function rrsigRdata(header: Uint8Array, signature: Uint8Array): Uint8Array {
  const rdata = new Uint8Array(header.length + signature.length);
  rdata.set(header);
  rdata.set(signature, header.length);
  return rdata;
}

/** Signs one RRset at once; whole zones are signed by `signZone`. */
export function signRRset(
  rrset: RRset,
  key: SigningKey,
  zone: Name,
  period: { inception: number; expiration: number },
): Uint8Array {
  const header = rrsigHeader(rrsigFields(rrset, key, zone, period));
  return rrsigRdata(header, signer(key.algorithm, key.privateKey)(signedData(rrset, header)));
}
