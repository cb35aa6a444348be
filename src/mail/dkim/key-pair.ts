import { createPublicKey, generateKeyPairSync, type KeyObject } from 'node:crypto';

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
  // RFC 6376 §3.6.1, as corrected by its erratum 3017 and done by everyone: the whole SubjectPublicKeyInfo.
  const spki = createPublicKey(privateKey).export({ format: 'der', type: 'spki' });
  return { publicKey: spki.toString('base64'), privateKey: pkcs8(privateKey) };
}

export function generateEd25519(): DkimKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  // RFC 8463 §4: the 32 octets of the key alone.
  const raw = Buffer.from(publicKey.export({ format: 'jwk' }).x ?? '', 'base64url');
  return { publicKey: raw.toString('base64'), privateKey: pkcs8(privateKey) };
}

function pkcs8(key: KeyObject): Uint8Array {
  return key.export({ format: 'der', type: 'pkcs8' });
}
