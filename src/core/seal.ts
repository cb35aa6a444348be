import { createCipheriv, createDecipheriv, createHmac, hkdfSync } from 'node:crypto';
import type { Random } from './random.ts';

const NONCE = 12;
const TAG = 16;

/** Seals secrets for the database with AES-256-GCM (NIST SP 800-38D). */
export interface Sealer {
  /** Octets that only {@link open} with the same `context` reads: a row copied to another place does not open there. */
  seal(plain: Uint8Array, context: string): Uint8Array;
  /** @throws Error when they were changed, or sealed with another key or context. */
  open(sealed: Uint8Array, context: string): Uint8Array;
  /** What says whether two texts are equal, and nothing of them to who has not the key: HMAC-SHA-256 in base64url. */
  digest(text: string, context: string): string;
}

/** `key` is 32 octets. The sealed form is a nonce of 12 octets, the ciphertext, and a tag of 16. */
export function createSealer(key: Uint8Array, random: Random): Sealer {
  const digestKey = Buffer.from(hkdfSync('sha256', key, '', 'digest', 32));
  return {
    digest: (text, context) =>
      createHmac('sha256', digestKey).update(`${context}\0${text}`).digest('base64url'),
    seal(plain, context) {
      const nonce = random.bytes(NONCE);
      const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(context));
      return Buffer.concat([nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag()]);
    },
    open(sealed, context) {
      if (sealed.length < NONCE + TAG) throw new Error('sealed data is too short');
      const end = sealed.length - TAG;
      const decipher = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE))
        .setAAD(Buffer.from(context))
        .setAuthTag(sealed.subarray(end));
      return Buffer.concat([decipher.update(sealed.subarray(NONCE, end)), decipher.final()]);
    },
  };
}
