import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPair,
  type KeyObject,
  type webcrypto,
} from 'node:crypto';
import { promisify } from 'node:util';
import type { KeyAlgorithm } from '../model.ts';

/** A certificate's key. */
export interface CertificateKey {
  privateKey: KeyObject;
  /** The private key as PKCS#8 PEM (RFC 5958, RFC 7468 §10). */
  pkcs8: string;
  /** Hex SHA-256 of the SubjectPublicKeyInfo: TLSA 3 1 1. */
  spkiSha256: string;
}

const generate = promisify(generateKeyPair);

const moduli = { 'rsa-2048': 2048, 'rsa-3072': 3072, 'rsa-4096': 4096 } as const;

/** Makes a key, off the main thread: an RSA key takes up to seconds. */
export async function createKey(algorithm: KeyAlgorithm): Promise<CertificateKey> {
  const { privateKey } =
    algorithm === 'ecdsa-p256'
      ? await generate('ec', { namedCurve: 'P-256' })
      : await generate('rsa', { modulusLength: moduli[algorithm] });
  return keyOf(privateKey);
}

/** Reads a private key in any unencrypted PEM form (PKCS#8, PKCS#1, SEC 1); undefined when it is none. */
export function readKey(pem: string): CertificateKey | undefined {
  try {
    return keyOf(createPrivateKey(pem));
  } catch {
    // OpenSSL's words about it ("DECODER routines::unsupported") help nobody.
    return undefined;
  }
}

function keyOf(privateKey: KeyObject): CertificateKey {
  const pkcs8 = privateKey.export({ type: 'pkcs8', format: 'pem' });
  const spki = createPublicKey(privateKey).export({ type: 'spki', format: 'der' });
  return { privateKey, pkcs8, spkiSha256: sha256(spki) };
}

export function sha256(octets: Uint8Array): string {
  return createHash('sha256').update(octets).digest('hex');
}

/** The pair in the form that the certificate library signs with, and the algorithm to sign by; for keys of {@link createKey}. */
export function signingKeys({ privateKey }: CertificateKey): {
  keys: webcrypto.CryptoKeyPair;
  signingAlgorithm: { name: string; hash: string };
} {
  const rsa = privateKey.asymmetricKeyType === 'rsa';
  const signingAlgorithm = { name: rsa ? 'RSASSA-PKCS1-v1_5' : 'ECDSA', hash: 'SHA-256' };
  const keyAlgorithm = rsa ? signingAlgorithm : { name: 'ECDSA', namedCurve: 'P-256' };
  const publicKey = createPublicKey(privateKey);
  const keys = {
    privateKey: privateKey.toCryptoKey(keyAlgorithm, true, ['sign']),
    publicKey: publicKey.toCryptoKey(keyAlgorithm, true, ['verify']),
  };
  return { keys, signingAlgorithm };
}
