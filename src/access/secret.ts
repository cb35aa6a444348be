import { createHash, timingSafeEqual } from 'node:crypto';
import type { Random } from '../core/random.ts';

/** Octets of randomness in a secret: as many as its hash has. */
const SECRET_OCTETS = 32;
/** Octets of the public id. */
const ID_OCTETS = 6;

const form = /^sp_([0-9a-f]{12})_[A-Za-z0-9_-]{43}$/;

/** Of the same length as any other, and the hash of nothing anybody can present. */
const noHash = new Uint8Array(32);

/** `sp_ID_RANDOM`: the prefix lets secret scanners find leaked ones, the id finds the row without comparing secrets. */
export function newTokenSecret(random: Random): { id: string; secret: string } {
  const id = Buffer.from(random.bytes(ID_OCTETS)).toString('hex');
  return { id, secret: `sp_${id}_${randomText(random)}` };
}

/** 256 random bits in base64url. */
export function randomText(random: Random): string {
  return Buffer.from(random.bytes(SECRET_OCTETS)).toString('base64url');
}

/** The public id in a token's secret; undefined when it has not the form of one. */
export function tokenId(secret: string): string | undefined {
  return form.exec(secret)?.[1];
}

/** SHA-256: enough for 256 random bits, which no dictionary holds. */
export function hashSecret(secret: string): Uint8Array {
  return createHash('sha256').update(secret, 'utf8').digest();
}

/** Compares in constant time, and takes as long when there is nothing to compare with. */
export function matchesHash(secret: string, hash: Uint8Array | undefined): boolean {
  const equal = timingSafeEqual(hashSecret(secret), hash ?? noHash);
  return equal && hash !== undefined;
}
