import { type KeyObject, generateKeyPairSync, verify } from 'node:crypto';
import type { KeySigner } from '../dns/dnssec/algorithms.ts';
import { flattenEcdsa } from './ecdsa-der.ts';
import type { OpenSsl } from './openssl.ts';

interface Curve {
  name: string;
  hash: 'sha256' | 'sha384';
  /** Octets of r, and of s. */
  size: number;
}

/** The ECDSA algorithms of RFC 6605. */
export const curves: ReadonlyMap<number, Curve> = new Map([
  [13, { name: 'P-256', hash: 'sha256', size: 32 }],
  [14, { name: 'P-384', hash: 'sha384', size: 48 }],
]);

/** The most that the DER of a P-384 signature takes: 2 × (2 + 1 + 48) and the head of the sequence. */
const MAX_DER = 104;

/**
 * Signs with OpenSSL's context of one key, made once: `sign` of node:crypto makes one for every signature, a fifth of its
 * time. A signature stands until the next is made. @throws Error when OpenSSL does not take the key
 */
export function ecdsaSigner(openSsl: OpenSsl, curve: Curve, privateKey: KeyObject): KeySigner {
  const context = openContext(openSsl, privateKey);
  const hash = openSsl[curve.hash];
  const digest = new Uint8Array(curve.hash === 'sha256' ? 32 : 48);
  const der = new Uint8Array(MAX_DER);
  const length = new BigUint64Array(1);
  const signature = new Uint8Array(2 * curve.size);
  return {
    sign(data) {
      hash(data, data.length, digest);
      length[0] = BigInt(MAX_DER);
      if (openSsl.sign(context, der, length, digest, digest.length) !== 1)
        throw new Error(`OpenSSL made no ${curve.name} signature`);
      flattenEcdsa(der, signature, curve.size);
      return signature;
    },
    release: () => openSsl.freeContext(context),
  };
}

function openContext(openSsl: OpenSsl, privateKey: KeyObject): bigint {
  const pkcs8 = privateKey.export({ format: 'der', type: 'pkcs8' });
  const key = openSsl.parsePrivateKey(null, [pkcs8], pkcs8.length);
  pkcs8.fill(0);
  if (key === null) throw new Error('OpenSSL does not read the private key');
  const context = openSsl.newContext(key, null);
  // The context holds the key from here on.
  openSsl.freeKey(key);
  if (context === null) throw new Error('OpenSSL made no context for the private key');
  if (openSsl.beginSigning(context) === 1) return context;
  openSsl.freeContext(context);
  throw new Error('OpenSSL does not sign with the private key');
}

/** Signs with a new key of every curve and verifies with node:crypto. @throws Error when a signature is wrong */
export function checkSignatures(openSsl: OpenSsl): void {
  const data = new Uint8Array(100);
  for (const curve of curves.values()) {
    const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: curve.name });
    const { sign, release } = ecdsaSigner(openSsl, curve, privateKey);
    const right = verify(curve.hash, data, { key: publicKey, dsaEncoding: 'ieee-p1363' }, sign(data));
    release();
    if (!right) throw new Error(`a ${curve.name} signature that OpenSSL made is wrong`);
  }
}
