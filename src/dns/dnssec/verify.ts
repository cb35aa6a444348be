import type { KeyObject } from 'node:crypto';
import { type Dnskey, dnskey as dnskeyType } from '../rdata/dnskey.ts';
import { toWire } from '../rdata/registry.ts';
import type { Rrsig } from '../rdata/rrsig.ts';
import type { RRset } from '../rr.ts';
import { Name } from '../wire/name.ts';
import { algorithm, publicKeyOf, verifyOctets } from './algorithms.ts';
import { ZONE_KEY, keyTag } from './keys.ts';
import { rrsigLabels, signedData } from './sign.ts';

export type InvalidReason =
  | 'other-type'
  | 'other-key'
  | 'not-a-zone-key'
  | 'signer-not-above-owner'
  | 'too-many-labels'
  | 'not-yet-valid'
  | 'expired'
  | 'unsupported-algorithm'
  | 'unusable-key'
  | 'wrong-signature';

export type Verdict = 'valid' | { reason: InvalidReason };

/** RFC 4034 §3.1.5: the two times are serial numbers, so that they outlive 2106 (RFC 1982). */
export function secondsUntil(time: number, now: number): number {
  return (time - now) | 0;
}

/**
 * RFC 4035 §5.3: whether the signature is right for the RRset, the key and the moment (seconds since the epoch).
 * Whether the key is to be trusted is another question.
 */
export function verifySignature(rrset: RRset, rrsig: Rrsig, dnskey: Dnskey, now: number): Verdict {
  const reason = mismatch(rrset, rrsig, dnskey) ?? untimely(rrsig, now);
  if (reason) return { reason };
  const known = algorithm(rrsig.algorithm);
  if (!known) return { reason: 'unsupported-algorithm' };
  const key = keyObject(dnskey);
  if (!key) return { reason: 'unusable-key' };
  const data = signedData(rrset, rrsig, signedOwner(rrset.owner, rrsig.labels));
  return verifyOctets(known, key, data, rrsig.signature) ? 'valid' : { reason: 'wrong-signature' };
}

function mismatch(rrset: RRset, rrsig: Rrsig, dnskey: Dnskey): InvalidReason | undefined {
  if (rrsig.typeCovered !== rrset.type) return 'other-type';
  if (rrsig.algorithm !== dnskey.algorithm || rrsig.keyTag !== keyTag(toWire(dnskeyType, dnskey)))
    return 'other-key';
  if ((dnskey.flags & ZONE_KEY) === 0 || dnskey.protocol !== 3) return 'not-a-zone-key';
  if (!rrset.owner.isAtOrBelow(rrsig.signer)) return 'signer-not-above-owner';
  if (rrsig.labels > rrsigLabels(rrset.owner)) return 'too-many-labels';
  return undefined;
}

function untimely(rrsig: Rrsig, now: number): InvalidReason | undefined {
  if (secondsUntil(rrsig.inception, now) > 0) return 'not-yet-valid';
  return secondsUntil(rrsig.expiration, now) < 0 ? 'expired' : undefined;
}

/** RFC 4035 §5.3.2: with fewer labels than the owner has, the wildcard that the answer was synthesised from. */
function signedOwner(owner: Name, labels: number): Name {
  const excess = rrsigLabels(owner) - labels;
  if (excess === 0) return owner;
  return Name.fromLabels(owner.labels().slice(owner.labelCount - labels)).wildcard();
}

const keyObjects = new WeakMap<Dnskey, { key: KeyObject | undefined }>();

function keyObject(dnskey: Dnskey): KeyObject | undefined {
  let cached = keyObjects.get(dnskey);
  if (!cached) {
    const known = algorithm(dnskey.algorithm);
    cached = { key: known && publicKeyOf(known, dnskey.publicKey) };
    keyObjects.set(dnskey, cached);
  }
  return cached.key;
}
