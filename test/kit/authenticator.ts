import { createHash, createSign, generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto';

/*
 * An authenticator in software (Web Authentication Level 3 §6): ES256, resident keys, no attestation. It does what browsers and
 * tokens do, so that what is wrong with an answer can be made so on purpose.
 */

/** What may be wrong with an answer. */
export interface Flaws {
  /** Instead of that of the page. */
  origin?: string;
  /** Instead of that of the options. */
  challenge?: string;
  /** Whose RP ID is hashed. */
  host?: string;
  /** Without the person having shown who they are. */
  unverified?: true;
  /** Instead of the next. */
  counter?: number;
  /** The signature of another key. */
  forged?: true;
}

interface Kept {
  id: Buffer;
  key: KeyObject;
  host: string;
  user: string;
  counter: number;
}

interface CreationOptions {
  challenge: string;
  rp: { id: string };
  user: { id: string };
}

const url = (octets: Uint8Array): string => Buffer.from(octets).toString('base64url');
const sha256 = (data: Uint8Array | string): Buffer => createHash('sha256').update(data).digest();

export function createAuthenticator({ origin }: { origin: string }) {
  const kept: Kept[] = [];

  function clientData(type: string, challenge: string, flaws: Flaws): Buffer {
    const told = { type, challenge: flaws.challenge ?? challenge, origin: flaws.origin ?? origin };
    return Buffer.from(JSON.stringify({ ...told, crossOrigin: false }));
  }

  /** §6.1: hash of the RP ID, flags, counter, and what follows. */
  function authenticatorData(host: string, counter: number, flaws: Flaws, attested?: Buffer): Buffer {
    const flags = 0x01 | (flaws.unverified ? 0 : 0x04) | (attested ? 0x40 : 0);
    const count = Buffer.alloc(4);
    count.writeUInt32BE(flaws.counter ?? counter);
    return Buffer.concat([
      sha256(flaws.host ?? host),
      Buffer.from([flags]),
      count,
      attested ?? Buffer.alloc(0),
    ]);
  }

  return {
    /** navigator.credentials.create() */
    create(options: object, flaws: Flaws = {}) {
      const { challenge, rp, user } = options as CreationOptions;
      const { publicKey, privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
      const one: Kept = { id: randomBytes(32), key: privateKey, host: rp.id, user: user.id, counter: 0 };
      kept.push(one);
      const { x, y } = publicKey.export({ format: 'jwk' });
      // COSE (RFC 9053 §7.1): kty EC2, alg ES256, crv P-256, x, y.
      const cose = Buffer.concat([
        Buffer.from('a5010203262001215820', 'hex'),
        Buffer.from(x!, 'base64url'),
        Buffer.from('225820', 'hex'),
        Buffer.from(y!, 'base64url'),
      ]);
      const length = Buffer.from([0, one.id.length]);
      const attested = Buffer.concat([Buffer.alloc(16), length, one.id, cose]);
      const data = authenticatorData(rp.id, 0, flaws, attested);
      // CBOR: {"fmt": "none", "attStmt": {}, "authData": …}
      const size = Buffer.from([0x59, data.length >> 8, data.length & 255]);
      const attestation = Buffer.concat([
        Buffer.from('a363666d74646e6f6e656761747453746d74a0686175746844617461', 'hex'),
        size,
        data,
      ]);
      return {
        id: url(one.id),
        rawId: url(one.id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: url(clientData('webauthn.create', challenge, flaws)),
          attestationObject: url(attestation),
          transports: ['internal'],
        },
      };
    },

    /** navigator.credentials.get() with the last passkey for the host. */
    get(options: object, flaws: Flaws = {}) {
      const { challenge, rpId } = options as { challenge: string; rpId: string };
      const one = kept.findLast(({ host }) => host === rpId)!;
      const data = authenticatorData(rpId, ++one.counter, flaws);
      const client = clientData('webauthn.get', challenge, flaws);
      const key = flaws.forged ? generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey : one.key;
      const signature = createSign('sha256')
        .update(Buffer.concat([data, sha256(client)]))
        .sign(key);
      return {
        id: url(one.id),
        rawId: url(one.id),
        type: 'public-key',
        clientExtensionResults: {},
        response: {
          clientDataJSON: url(client),
          authenticatorData: url(data),
          signature: url(signature),
          userHandle: one.user,
        },
      };
    },
  };
}
