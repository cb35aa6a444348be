import { createPrivateKey, createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

/** RFC 8301 §3.2: signers use at least 2048 bits; more would not fit what many DNS panels and resolvers take. */
const RSA_BITS = 2048;

/** A key pair as it is stored. */
export interface DkimKeyPair {
  /** Base64 for `p=`. */
  publicKey: string;
  /** PKCS#8 DER. */
  privateKey: Uint8Array;
}

/** Takes some tens or hundreds of milliseconds: nothing for the main thread. */
export function generateRsa(): DkimKeyPair {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: RSA_BITS });
  return pairOf(privateKey, 'rsa');
}

export function generateEd25519(): DkimKeyPair {
  return pairOf(generateKeyPairSync('ed25519').privateKey, 'ed25519');
}

/** Base64 for `p=`. @param privateKey PKCS#8 DER @throws Error when it is none */
export function publicKeyOf(privateKey: Uint8Array, algorithm: Algorithm): string {
  return publicText(
    createPrivateKey({ key: Buffer.from(privateKey), format: 'der', type: 'pkcs8' }),
    algorithm,
  );
}

type Algorithm = 'rsa' | 'ed25519';

function pairOf(key: KeyObject, algorithm: Algorithm): DkimKeyPair {
  const privateKey = key.export({ format: 'der', type: 'pkcs8' });
  return { publicKey: publicText(key, algorithm), privateKey };
}

function publicText(privateKey: KeyObject, algorithm: Algorithm): string {
  const key = createPublicKey(privateKey);
  // RFC 6376 §3.6.1, as corrected by its erratum 3017 and done by everyone: the whole SubjectPublicKeyInfo.
  if (algorithm === 'rsa') return key.export({ format: 'der', type: 'spki' }).toString('base64');
  // RFC 8463 §4: the 32 octets of the key alone.
  return Buffer.from(key.export({ format: 'jwk' }).x ?? '', 'base64url').toString('base64');
}
