import { createHash, createHmac, createPublicKey, type KeyObject, sign } from 'node:crypto';

/** A JSON Web Signature in flattened form (RFC 7515 §7.2.2), as each request carries it (RFC 8555 §6.2). */
export interface Jws {
  protected: string;
  payload: string;
  signature: string;
}

/** The public key of an account of ECDSA P-256, members in the order of RFC 7638 §3.2. */
export interface Jwk {
  crv: string;
  kty: string;
  x: string;
  y: string;
}

export function publicJwk(key: KeyObject): Jwk {
  const { crv, kty, x, y } = createPublicKey(key).export({ format: 'jwk' });
  return { crv: crv!, kty: kty!, x: x!, y: y! };
}

/** RFC 7638 §3. */
export function thumbprint(key: KeyObject): string {
  return createHash('sha256')
    .update(JSON.stringify(publicJwk(key)))
    .digest('base64url');
}

/** Signs with ES256. `payload` undefined is a POST-as-GET (RFC 8555 §6.3). */
export function signRequest(key: KeyObject, header: Record<string, unknown>, payload: unknown): Jws {
  const body = parts({ alg: 'ES256', ...header }, payload);
  const octets = Buffer.from(`${body.protected}.${body.payload}`);
  const signature = sign('sha256', octets, { key, dsaEncoding: 'ieee-p1363' }).toString('base64url');
  return { ...body, signature };
}

/** RFC 8555 §7.3.4: the account's key, signed with the key that the CA gave out of band. */
export function bindAccount(eab: { keyId: string; hmacKey: string }, url: string, key: KeyObject): Jws {
  const body = parts({ alg: 'HS256', kid: eab.keyId, url }, publicJwk(key));
  const mac = createHmac('sha256', Buffer.from(eab.hmacKey, 'base64url'));
  return { ...body, signature: mac.update(`${body.protected}.${body.payload}`).digest('base64url') };
}

/** RFC 8555 §8.4: what stands in the TXT record. */
export function dnsAnswer(token: string, key: KeyObject): string {
  return createHash('sha256')
    .update(`${token}.${thumbprint(key)}`)
    .digest('base64url');
}

function parts(header: unknown, payload: unknown): Omit<Jws, 'signature'> {
  const encode = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');
  return { protected: encode(header), payload: payload === undefined ? '' : encode(payload) };
}
