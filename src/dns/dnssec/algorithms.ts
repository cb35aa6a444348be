import { type KeyObject, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';

type Family = 'rsa' | 'ec' | 'ed';

/** What a DNSSEC algorithm number stands for. */
export interface Algorithm {
  readonly number: number;
  /** The mnemonic of the IANA registry. */
  readonly name: string;
  readonly family: Family;
  /** Name of the curve as JWK has it; empty for RSA. */
  readonly curve: string;
  /** The hash that the signature scheme does not bring along itself; null for EdDSA. */
  readonly digest: string | null;
  /** Whether we make keys of it; the others are only verified (RFC 8624 §3.1). */
  readonly signs: boolean;
  /** How long one signature takes, in signatures of algorithm 13. */
  readonly cost: number;
}

const list: readonly Algorithm[] = [
  { number: 5, name: 'RSASHA1', family: 'rsa', curve: '', digest: 'sha1', signs: false, cost: 25 },
  { number: 7, name: 'RSASHA1-NSEC3-SHA1', family: 'rsa', curve: '', digest: 'sha1', signs: false, cost: 25 },
  { number: 8, name: 'RSASHA256', family: 'rsa', curve: '', digest: 'sha256', signs: true, cost: 25 },
  { number: 10, name: 'RSASHA512', family: 'rsa', curve: '', digest: 'sha512', signs: false, cost: 25 },
  {
    number: 13,
    name: 'ECDSAP256SHA256',
    family: 'ec',
    curve: 'P-256',
    digest: 'sha256',
    signs: true,
    cost: 1,
  },
  {
    number: 14,
    name: 'ECDSAP384SHA384',
    family: 'ec',
    curve: 'P-384',
    digest: 'sha384',
    signs: true,
    cost: 20,
  },
  { number: 15, name: 'ED25519', family: 'ed', curve: 'Ed25519', digest: null, signs: true, cost: 1 },
  { number: 16, name: 'ED448', family: 'ed', curve: 'Ed448', digest: null, signs: false, cost: 8 },
];

const byNumber = new Map(list.map((entry) => [entry.number, entry]));

/** The algorithm of a number, if it is one that we can at least verify. */
export function algorithm(number: number): Algorithm | undefined {
  return byNumber.get(number);
}

/** An algorithm to make keys and signatures with. @throws Error for any that we only verify or do not know. */
export function signingAlgorithm(number: number): Algorithm {
  const found = byNumber.get(number);
  if (!found?.signs)
    throw new Error(`DNSSEC algorithm ${number} is not one to sign with; use 8, 13, 14 or 15`);
  return found;
}

/** RSA keys are made with 2048 bits (RFC 8624 §3.1 and NIST SP 800-57). */
const RSA_BITS = 2048;

/** A fresh private key from the system's generator. */
export function generatePrivateKey(number: number): KeyObject {
  const { family, curve } = signingAlgorithm(number);
  if (family === 'rsa') return generateKeyPairSync('rsa', { modulusLength: RSA_BITS }).privateKey;
  if (family === 'ec') return generateKeyPairSync('ec', { namedCurve: curve }).privateKey;
  return generateKeyPairSync('ed25519').privateKey;
}

/** The public key field of a DNSKEY (RFC 3110 §2, RFC 6605 §4, RFC 8080 §3). */
export function publicKeyOctets(key: KeyObject): Uint8Array {
  const jwk = createPublicKey(key).export({ format: 'jwk' });
  if (jwk.kty !== 'RSA') return Buffer.concat([octets(jwk.x), octets(jwk.y)]);
  const exponent = octets(jwk.e);
  const length =
    exponent.length < 256 ? [exponent.length] : [0, exponent.length >>> 8, exponent.length & 0xff];
  return Buffer.concat([Uint8Array.from(length), exponent, octets(jwk.n)]);
}

/** The key object of a DNSKEY's public key field; undefined when it is no key of that algorithm. */
export function publicKeyOf(entry: Algorithm, key: Uint8Array): KeyObject | undefined {
  try {
    return createPublicKey({ key: jwkOf(entry, key), format: 'jwk' });
  } catch {
    // OpenSSL's reason (point not on the curve, no modulus) helps nobody: the key is unusable.
    return undefined;
  }
}

function jwkOf(entry: Algorithm, key: Uint8Array): Record<string, string> {
  if (entry.family === 'rsa') {
    const long = key[0] === 0;
    const start = long ? 3 : 1;
    const end = start + (long ? (key[1]! << 8) | key[2]! : key[0]!);
    return { kty: 'RSA', e: base64url(key.subarray(start, end)), n: base64url(key.subarray(end)) };
  }
  if (entry.family === 'ed') return { kty: 'OKP', crv: entry.curve, x: base64url(key) };
  const half = key.length / 2;
  const [x, y] = [key.subarray(0, half), key.subarray(half)];
  return { kty: 'EC', crv: entry.curve, x: base64url(x), y: base64url(y) };
}

function octets(part: string | undefined): Uint8Array {
  return Buffer.from(part ?? '', 'base64url');
}

function base64url(part: Uint8Array): string {
  return Buffer.from(part).toString('base64url');
}

/** A private key as the signing call wants it: made once per key, as the call is made thousands of times. */
export type Signer = (data: Uint8Array) => Uint8Array;

/** The signing function of a key. ECDSA signatures are r and s side by side (RFC 6605 §4). */
export function signer(number: number, privateKey: KeyObject): Signer {
  const { digest } = signingAlgorithm(number);
  const input = { key: privateKey, dsaEncoding: 'ieee-p1363' } as const;
  return (data) => sign(digest, data, input);
}

/** A private key in the hands of one thread, which makes many signatures with it. */
export interface KeySigner {
  /** The signature: only until the next is made, as its octets may be used again. */
  sign: Signer;
  /** Gives back what it holds outside of the heap. */
  release: () => void;
}

/** @throws Error when the key cannot sign */
export type SignerFactory = (number: number, privateKey: KeyObject) => KeySigner;

/** Signs with node:crypto: every algorithm, on every platform. */
export const portableSigner: SignerFactory = (number, privateKey) => ({
  sign: signer(number, privateKey),
  release: () => undefined,
});

/** Whether `signature` is right. Malformed ones are simply wrong. */
export function verifyOctets(
  entry: Algorithm,
  key: KeyObject,
  data: Uint8Array,
  signature: Uint8Array,
): boolean {
  return verify(entry.digest, data, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
