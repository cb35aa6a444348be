import { type KeyObject, createHash, createPrivateKey } from 'node:crypto';
import { type Ds, ds } from '../rdata/ds.ts';
import { toWire } from '../rdata/registry.ts';
import type { Name } from '../wire/name.ts';
import { generatePrivateKey, publicKeyOctets, signingAlgorithm } from './algorithms.ts';

/** RFC 4034 §2.1.1: bit 7, a zone key. */
export const ZONE_KEY = 0x0100;
/** RFC 4034 §2.1.1: bit 15, a secure entry point: the key that the DS names. */
export const SECURE_ENTRY_POINT = 0x0001;
/** Zone key and secure entry point: the DNSKEY flags of a KSK, and of a CSK. */
export const KSK_FLAGS = ZONE_KEY | SECURE_ENTRY_POINT;
/** RFC 4034 §2.1.2: always 3. */
const PROTOCOL = 3;

/** A key pair with its place in the zone. */
export interface SigningKey {
  algorithm: number;
  flags: number;
  keyTag: number;
  /** Wire form of the DNSKEY's rdata. */
  dnskey: Uint8Array;
  privateKey: KeyObject;
  /** What it signs now: a KSK the DNSKEY, CDS and CDNSKEY RRsets, a ZSK all others, a CSK everything. */
  roles: { signsKeys: boolean; signsZone: boolean };
}

export interface KeyOptions {
  /** 8, 13, 14 or 15; 13 by default (RFC 8624 §3.1). */
  algorithm?: number;
  /** 257 by default. */
  flags?: number;
  /** By default a key with the SEP bit is a CSK, and one without it a ZSK. */
  roles?: SigningKey['roles'];
}

/** Makes a new key. Its tag may collide with another's: callers draw again (RFC 4034 App. B). */
export function generateKey(options: KeyOptions = {}): SigningKey {
  return signingKey(generatePrivateKey(options.algorithm ?? 13), options);
}

/** A signing key of a private key that we already have. @throws Error when the algorithm is none to sign with. */
export function signingKey(privateKey: KeyObject, options: KeyOptions = {}): SigningKey {
  const number = signingAlgorithm(options.algorithm ?? 13).number;
  const flags = options.flags ?? KSK_FLAGS;
  const head = Uint8Array.of(flags >>> 8, flags & 0xff, PROTOCOL, number);
  const dnskey = Uint8Array.from(Buffer.concat([head, publicKeyOctets(privateKey)]));
  const roles = options.roles ?? { signsKeys: (flags & SECURE_ENTRY_POINT) !== 0, signsZone: true };
  return { algorithm: number, flags, keyTag: keyTag(dnskey), dnskey, privateKey, roles };
}

/** PKCS#8 DER of the private key: the caller seals it. */
export function exportPrivateKey(key: SigningKey): Uint8Array {
  return key.privateKey.export({ format: 'der', type: 'pkcs8' });
}

/** What {@link exportPrivateKey} gave, with the same options as the key was made with. */
export function importPrivateKey(pkcs8: Uint8Array, options: KeyOptions = {}): SigningKey {
  const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
  return signingKey(key, options);
}

/** RFC 4034 App. B: a checksum of the DNSKEY rdata; not unique. */
export function keyTag(dnskey: Uint8Array): number {
  // App. B.1, algorithm 1: bits of the modulus instead.
  if (dnskey[3] === 1) return (dnskey.at(-3)! << 8) | dnskey.at(-2)!;
  let sum = 0;
  for (let at = 0; at < dnskey.length; at++) sum += at & 1 ? dnskey[at]! : dnskey[at]! << 8;
  return (sum + ((sum >>> 16) & 0xffff)) & 0xffff;
}

/** SHA-256 (RFC 4509) or SHA-384 (RFC 6605 §2); 1 only to verify what others published. */
export type DigestType = 1 | 2 | 4;

const digests: Record<DigestType, string> = { 1: 'sha1', 2: 'sha256', 4: 'sha384' };

/** RFC 4034 §5.1.4: the digest covers the owner in canonical form and the DNSKEY rdata. */
export function dsFromDnskey(owner: Name, dnskey: Uint8Array, digestType: DigestType): Ds {
  const hash = createHash(digests[digestType]).update(owner.canonical().wire).update(dnskey);
  return { keyTag: keyTag(dnskey), algorithm: dnskey[3]!, digestType, digest: hash.digest() };
}

/** Wire form of DS and CDS rdata. */
export function dsRdata(value: Ds): Uint8Array {
  return toWire(ds, value);
}

/**
 * The CDS and CDNSKEY rdatas that ask the parent for exactly these keys (RFC 7344 §3): one CDS per key and digest type.
 * Give it the keys that the parent is to have, which are ones that sign the DNSKEY RRset.
 */
export function cdsFromKeys(
  owner: Name,
  keys: readonly SigningKey[],
  digestTypes: readonly DigestType[] = [2],
): { cds: Uint8Array[]; cdnskey: Uint8Array[] } {
  const cds = keys.flatMap((key) =>
    digestTypes.map((type) => dsRdata(dsFromDnskey(owner, key.dnskey, type))),
  );
  return { cds, cdnskey: keys.map((key) => key.dnskey) };
}

/** The CDS and CDNSKEY rdatas that ask the parent to remove the DS RRset (RFC 8078 §4). */
export function deleteRequest(): { cds: Uint8Array; cdnskey: Uint8Array } {
  return { cds: Uint8Array.of(0, 0, 0, 0, 0), cdnskey: Uint8Array.of(0, 0, 3, 0, 0) };
}
