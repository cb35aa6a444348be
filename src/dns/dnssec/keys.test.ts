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
  it.each([8, 13, 14, 15])('of algorithm %i comes back from PKCS#8 and signs', (algorithm) => {
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

  it('is a CSK by default, of algorithm 13', () => {
    expect(generateKey()).toMatchObject({
      algorithm: 13,
      flags: 257,
      roles: { signsKeys: true, signsZone: true },
    });
    expect(generateKey({ flags: 256 }).roles).toEqual({ signsKeys: false, signsZone: true });
  });

  it.each([5, 7, 10, 16, 99])('is not made of algorithm %i (RFC 8624 §3.1)', (algorithm) => {
    expect(() => generateKey({ algorithm })).toThrow('not one to sign with');
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
