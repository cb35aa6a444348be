import { describe, expect, it } from 'vitest';
import { cds } from '../rdata/cds.ts';
import { cdnskey } from '../rdata/cdnskey.ts';
import { dnskey } from '../rdata/dnskey.ts';
import { fromWire } from '../rdata/registry.ts';
import { rrsig } from '../rdata/rrsig.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { cdsFromKeys, deleteRequest, exportPrivateKey, generateKey, importPrivateKey } from './keys.ts';
import { signRRset } from './sign.ts';
import { verifySignature } from './verify.ts';

const zone = Name.parse('Example.com');
const period = { inception: 1_000_000_000, expiration: 1_001_000_000 };

describe('a key', () => {
  // RFC 5702 §5.1: RSA/SHA-2 is there for who wants it.
  it.each([8, 13, 14, 15])('RFC 8624 §3.1: of algorithm %i comes back from PKCS#8 and signs', (algorithm) => {
    const made = generateKey({ algorithm });
    const key = importPrivateKey(exportPrivateKey(made), { algorithm });
    expect(Buffer.from(key.dnskey)).toEqual(Buffer.from(made.dnskey));
    const rrset = { owner: zone.child('*.a'), type: Type.A, ttl: 60, rdatas: [Uint8Array.of(192, 0, 2, 1)] };
    const signature = fromWire(rrsig, signRRset(rrset, key, zone, period));
    expect(signature).toMatchObject({ algorithm, keyTag: key.keyTag, labels: 3, originalTtl: 60 });
    const publicKey = fromWire(dnskey, key.dnskey);
    const synthesised = { ...rrset, owner: zone.child('x.y.a') };
    for (const set of [rrset, synthesised])
      expect(verifySignature(set, signature, publicKey, period.inception)).toBe('valid');
  });

  it('is a CSK by default, of algorithm 13 (RFC 8624 §3.2)', () => {
    expect(generateKey()).toMatchObject({
      algorithm: 13,
      flags: 257,
      roles: { signsKeys: true, signsZone: true },
    });
    expect(generateKey({ flags: 256 }).roles).toEqual({ signsKeys: false, signsZone: true });
  });

  it.each([1, 3, 5, 6, 7, 10, 12, 16, 99])(
    'is not made of algorithm %i (RFC 8624 §3.1; of 3 and 5 in no zone with NSEC3: RFC 5155 §2)',
    (algorithm) => {
      expect(() => generateKey({ algorithm })).toThrow('not one to sign with');
    },
  );

  it.each([
    ['RFC 5702 §2.1: of algorithm 8 has 512 to 4096 bits, ours 2048', 8, 1 + 3 + 256, 256],
    ['RFC 6605 §4: of algorithm 13 is x and y, a signature r and s, of 32 octets each', 13, 64, 64],
    ['RFC 6605 §4: of algorithm 14 has 48 octets for each of them', 14, 96, 96],
    ['RFC 8080 §3: of algorithm 15 has 32 octets, and §4: a signature 64', 15, 32, 64],
  ])('%s', (_title, algorithm, keyLength, signatureLength) => {
    const key = generateKey({ algorithm });
    expect(fromWire(dnskey, key.dnskey).publicKey).toHaveLength(keyLength);
    // One in 128 has a number that is an octet shorter.
    for (let i = 0; i < (algorithm === 8 ? 1 : 300); i++) {
      const rrset = { owner: zone, type: Type.A, ttl: i, rdatas: [Uint8Array.of(192, 0, 2, 1)] };
      expect(fromWire(rrsig, signRRset(rrset, key, zone, period)).signature).toHaveLength(signatureLength);
    }
  });
});

describe('CDS and CDNSKEY', () => {
  it('name each key with each digest', () => {
    const keys = [generateKey(), generateKey()];
    const wanted = cdsFromKeys(zone, keys, [2, 4]);
    expect(wanted.cdnskey).toEqual(keys.map((key) => key.dnskey));
    expect(wanted.cds.map((rdata) => fromWire(cds, rdata)).map((d) => [d.keyTag, d.digestType])).toEqual(
      keys.flatMap((key) => [
        [key.keyTag, 2],
        [key.keyTag, 4],
      ]),
    );
  });

  it('ask for removal as RFC 8078 §4 writes it', () => {
    const request = deleteRequest();
    expect(cds.print(fromWire(cds, request.cds))).toBe('0 0 0 00');
    expect(cdnskey.print(fromWire(cdnskey, request.cdnskey))).toBe('0 3 0 AA==');
  });
});
