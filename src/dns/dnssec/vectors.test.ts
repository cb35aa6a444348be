import { describe, expect, it } from 'vitest';
import { printBase32Hex } from '../rdata/base32hex.ts';
import { dnskey as dnskeyType } from '../rdata/dnskey.ts';
import { ds } from '../rdata/ds.ts';
import { fromWire, rdataFromText, typeCode } from '../rdata/registry.ts';
import { rrsig as rrsigType } from '../rdata/rrsig.ts';
import type { RRset } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { type DigestType, dsFromDnskey, dsRdata, keyTag } from './keys.ts';
import { nsec3Hash } from './nsec3.ts';
import { type Verdict, verifySignature } from './verify.ts';

interface Vector {
  owner: string;
  type: keyof typeof Type;
  values: string[];
  rrsig: string;
  dnskey: string;
}

/** RFC 4034 §5.4: dskey.example.com, key id 60485. */
const rfc4034Key =
  '256 3 5 AQOeiiR0GOMYkDshWoSKz9XzfwJr1AYtsmx3TGkJaNXVbfi/2pHm822aJ5iI9BMzNXxeYCmZDRD99WYwYqUSdjMmmAphXdvx' +
  'egXd/M5+X7OrzKBaMbCVdFLUUh6DhweJBjEVv5f2wwjM9XzcnOf+EPbtG9DMBmADjFDc2w/rljwvFw==';
/** RFC 4035 App. A: the zone signing key of `example`, key id 38519. */
const rfc4035Key =
  '256 3 5 AQOy1bZVvpPqhg4j7EJoM9rI3ZmyEx2OzDBVrZy/lvI5CQePxXHZS4i8dANH4DX3tbHol61ek8EFMcsGXxKciJFHyhl94C+N' +
  'wILQdzsUlSFovBZsyl/NX6yEbtw/xN9ZNcrbYvgjjZ/UVPZIySFNsgEYvh0z2542lzMKR4Dh8uZffQ==';
const p256Key =
  '257 3 13 GojIhhXUN/u4v54ZQqGSnyhWJwaubCvTmeexv7bR6edbkrSqQpF64cYbcB7wNcP+e+MAnLr+Wi9xMWyQLc8NAA==';
const p384Key =
  '257 3 14 xKYaNhWdGOfJ+nPrL8/arkwf2EY3MDJ+SErKivBVSum1w/egsXvSADtNJhyem5RCOpgQ6K8X1DRSEkrbYQ+OB+v8' +
  '/uX45NBwY8rp65F6Glur8I/mlVNgF6W/qTI37m40';
const ed25519Keys = [
  '257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=',
  '257 3 15 zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=',
] as const;
const ed448Key = '257 3 16 3kgROaDjrh0H2iuixWBrc8g2EpBBLCdGzHmn+G2MpTPhpj/OiBVHHSfPodx1FYYUcJKm1MDpJtIA';

const vectors: Record<string, Vector> = {
  'RFC 4035 App. B.6, RSA/SHA-1, synthesised from a wildcard': {
    owner: 'a.z.w.example.',
    type: 'MX',
    values: ['1 ai.example.'],
    rrsig:
      'MX 5 2 3600 20040509183619 20040409183619 38519 example. OMK8rAZlepfzLWW75Dxd63jy2wswESzxDKG2f9AMN1CytCd10' +
      'cYISAxfAdvXSZ7xujKAtPbctvOQ2ofO7AZJ+d01EeeQTVBPq4/6KCWhqe2XTjnkVLNvvhnc0u28aoSsG0+4InvkkOHknKxw4kX18MMR' +
      '34i8lC36SR5xBni8vHI=',
    dnskey: rfc4035Key,
  },
  'RFC 5702 §6.1 (§3.1), RSA/SHA-256': {
    owner: 'www.example.net.',
    type: 'A',
    values: ['192.0.2.91'],
    rrsig:
      'A 8 3 3600 20300101000000 20000101000000 9033 example.net. ' +
      'kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEacFYK/lPtPiVYP4bwg==',
    dnskey:
      '256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=',
  },
  'RFC 5702 §6.2 (§3.2), RSA/SHA-512': {
    owner: 'www.example.net.',
    type: 'A',
    values: ['192.0.2.91'],
    rrsig:
      'A 10 3 3600 20300101000000 20000101000000 3740 example.net. tsb4wnjRUDnB1BUi+t6TMTXThjVnG+eCkWqjvvjhzQL1d0Y' +
      'RoOe0CbxrVDYd0xDtsuJRaeUw1ep94PzEWzr0iGYgZBWm/zpq+9fOuagYJRfDqfReKBzMweOLDiNa8iP5g9vMhpuv6OPlvpXwm9Sa9ZX' +
      'IbNl1MBGk0fthPgxdDLw=',
    dnskey:
      '256 3 10 AwEAAdHoNTOW+et86KuJOWRDp1pndvwb6Y83nSVXXyLA3DLroROUkN6X0O6pnWnjJQujX/AyhqFDxj13tOnD9u/1kTg7cV6r' +
      'klMrZDtJCQ5PCl/D7QNPsgVsMu1J2Q8gpMpztNFLpPBz1bWXjDtaR7ZQBlZ3PFY12ZTSncorffcGmhOL',
  },
  'RFC 6605 §6.1 (§4), P-256': {
    owner: 'www.example.net.',
    type: 'A',
    values: ['192.0.2.1'],
    rrsig:
      'A 13 3 3600 20100909100439 20100812100439 55648 example.net. ' +
      'qx6wLYqmh+l9oCKTN6qIc+bw6ya+KJ8oMz0YP107epXAyGmt+3SNruPFKG7tZoLBLlUzGGus7ZwmwWep666VCw==',
    dnskey: p256Key,
  },
  'RFC 6605 §6.2 (§4), P-384': {
    owner: 'www.example.net.',
    type: 'A',
    values: ['192.0.2.1'],
    rrsig:
      'A 14 3 3600 20100909102025 20100812102025 10771 example.net. /L5hDKIvGDyI1fcARX3z65qrmPsVz73QD1Mr5CEqOiLP' +
      '95hxQouuroGCeZOvzFaxsT8Glr74hbavRKayJNuydCuzWTSSPdz7wnqXL5bdcJzusdnI0RSMROxxwGipWcJm',
    dnskey: p384Key,
  },
  'RFC 8080 §6.1 (§3, §4) with erratum 4935, Ed25519': {
    owner: 'example.com.',
    type: 'MX',
    values: ['10 mail.example.com.'],
    rrsig:
      'MX 15 2 3600 1440021600 1438207200 3613 example.com. ' +
      'oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==',
    dnskey: ed25519Keys[0],
  },
  'RFC 8080 §6.1 (§3, §4) with erratum 4935, Ed25519, second key': {
    owner: 'example.com.',
    type: 'MX',
    values: ['10 mail.example.com.'],
    rrsig:
      'MX 15 2 3600 1440021600 1438207200 35217 example.com. ' +
      'zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5poJ7gD7AQR0O7KuI5k2pcBg==',
    dnskey: ed25519Keys[1],
  },
  'RFC 8080 §6.2 (§3, §4) with erratum 4935, Ed448': {
    owner: 'example.com.',
    type: 'MX',
    values: ['10 mail.example.com.'],
    rrsig:
      'MX 16 2 3600 1440021600 1438207200 9713 example.com. 3cPAHkmlnxcDHMyg7vFC34l0blBhuG1qpwLmjInI8w1CMB29FkEA' +
      'IJUA0amxWndkmnBZ6SKiwZSAxGILn/NBtOXft0+Gj7FSvOKxE/07+4RQvE581N3Aj/JtIyaiYVdnYtyMWbSNyGEY2213WKsJlwEA',
    dnskey: ed448Key,
  },
};

function read({ owner, type, values, rrsig, dnskey }: Vector) {
  const code = typeCode(type)!;
  const rrset: RRset = {
    owner: Name.parse(owner),
    type: code,
    // A cache has counted it down: the original TTL of the RRSIG counts.
    ttl: 17,
    rdatas: values.map((value) => rdataFromText(code, value)),
  };
  const signature = fromWire(rrsigType, rdataFromText(Type.RRSIG, rrsig));
  const key = fromWire(dnskeyType, rdataFromText(Type.DNSKEY, dnskey));
  return { rrset, signature, key, now: signature.inception + 1 };
}

describe('signatures of the RFCs', () => {
  it.each(Object.entries(vectors))('%s', (_, vector) => {
    const { rrset, signature, key, now } = read(vector);
    expect(verifySignature(rrset, signature, key, now)).toBe('valid');
    const wrong = { ...signature, originalTtl: 3601 };
    expect(verifySignature(rrset, wrong, key, now)).toEqual({ reason: 'wrong-signature' });
  });

  const base = read(vectors['RFC 6605 §6.1 (§4), P-256']!);
  const refusals: [rule: string, reason: string, () => Verdict][] = [
    [
      'RFC 4035 §5.3.1: the time is not before the inception',
      'not-yet-valid',
      () => verifySignature(base.rrset, base.signature, base.key, base.signature.inception - 1),
    ],
    [
      'RFC 4035 §5.3.1: nor after the expiration',
      'expired',
      () => verifySignature(base.rrset, base.signature, base.key, base.signature.expiration + 1),
    ],
    [
      'RFC 4035 §5.3.1: the type is the one covered',
      'other-type',
      () => verifySignature({ ...base.rrset, type: 16 }, base.signature, base.key, base.now),
    ],
    [
      'RFC 4035 §5.3.1: the key has the tag',
      'other-key',
      () => verifySignature(base.rrset, { ...base.signature, keyTag: 1 }, base.key, base.now),
    ],
    [
      'RFC 4035 §5.3.1: the key has the algorithm',
      'other-key',
      () => verifySignature(base.rrset, { ...base.signature, algorithm: 8 }, base.key, base.now),
    ],
    [
      'RFC 4035 §5.3.1: the key is one of a zone',
      'not-a-zone-key',
      () => {
        const key = { ...base.key, flags: 1 };
        // The tag of the key without the flag: two octets of the checksum less.
        return verifySignature(base.rrset, { ...base.signature, keyTag: 55648 - 256 }, key, base.now);
      },
    ],
    [
      'RFC 4035 §5.3.1: the signer is the zone of the owner',
      'signer-not-above-owner',
      () =>
        verifySignature(
          { ...base.rrset, owner: Name.parse('www.example.org') },
          base.signature,
          base.key,
          base.now,
        ),
    ],
    [
      'RFC 4035 §5.3.1: the owner has so many labels at least',
      'too-many-labels',
      () => verifySignature(base.rrset, { ...base.signature, labels: 4 }, base.key, base.now),
    ],
  ];
  it.each(refusals)('%s, else %s', (_rule, reason, verdict) => {
    expect(verdict()).toEqual({ reason });
  });

  it.each([1, 3, 6, 12])('RFC 8624 §3.1: are refused of algorithm %i', (algorithm) => {
    const publicKey = Buffer.from(base.key.publicKey);
    const tag = keyTag(Buffer.concat([Uint8Array.of(1, 1, 3, algorithm), publicKey]));
    const signature = { ...base.signature, algorithm, keyTag: tag };
    expect(verifySignature(base.rrset, signature, { ...base.key, algorithm }, base.now)).toEqual({
      reason: 'unsupported-algorithm',
    });
  });

  it('are refused with a key that is no point of the curve', () => {
    const key = { ...base.key, publicKey: base.key.publicKey.map((octet) => octet ^ 1) };
    const tag = keyTag(Buffer.concat([Uint8Array.of(1, 1, 3, 13), key.publicKey]));
    const verdict = verifySignature(base.rrset, { ...base.signature, keyTag: tag }, key, base.now);
    expect(verdict).toEqual({ reason: 'unusable-key' });
  });
});

describe('key tags and DS of the RFCs', () => {
  const sha1 = '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118';
  const sha256 = '60485 5 2 D4B7D520E7BB5F0F67674A0CCEB1E3E0614B93C4F9E99B8383F6A1E4469DA50A';
  const cases: [rfc: string, owner: string, key: string, ds: string][] = [
    ['4034 §5.4 (§5.1.4, §B)', 'dskey.example.com', rfc4034Key, sha1],
    ['4509 §2.3 (§2, §3)', 'dskey.example.com', rfc4034Key, sha256],
    [
      '6605 §6.1',
      'example.net',
      p256Key,
      '55648 13 2 B4C8C1FE2E7477127B27115656AD6256F424625BF5C1E2770CE6D6E37DF61D17',
    ],
    [
      '6605 §6.2 (§2)',
      'example.net',
      p384Key,
      '10771 14 4 72D7B62976CE06438E9C0BF319013CF801F09ECC84B8D7E9495F27E305C6A9B0563A9B5F4D288405C3008A946DF983D6',
    ],
    [
      '8080 §6.1',
      'example.com',
      ed25519Keys[0],
      '3613 15 2 3AA5AB37EFCE57F737FC1627013FEE07BDF241BD10F3B1964AB55C78E79A304B',
    ],
    [
      '8080 §6.1',
      'example.com',
      ed25519Keys[1],
      '35217 15 2 401781B934E392DE492EC77AE2E15D70F6575A1C0BC59C5275C04EBE80C6614C',
    ],
  ];
  it.each(cases)('RFC %s', (_, owner, key, expected) => {
    const rdata = rdataFromText(Type.DNSKEY, key);
    const wanted = rdataFromText(Type.DS, expected);
    const digestType = fromWire(ds, wanted).digestType as DigestType;
    const made = dsFromDnskey(Name.parse(owner.toUpperCase()), rdata, digestType);
    expect(ds.print(made)).toBe(expected);
    expect(Buffer.from(dsRdata(made))).toEqual(Buffer.from(wanted));
  });

  it('RFC 4035 App. A', () => {
    expect(keyTag(rdataFromText(Type.DNSKEY, rfc4035Key))).toBe(38519);
  });
});

describe('NSEC3 hashes of RFC 5155 App. A', () => {
  const params = { iterations: 12, salt: Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd) };
  it.each([
    ['example', '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom'],
    ['a.example', '35mthgpgcu1qg68fab165klnsnk3dpvl'],
    ['ai.example', 'gjeqe526plbf1g8mklp59enfd789njgi'],
    ['ns1.example', '2t7b4g4vsa5smi47k61mv5bv1a22bojr'],
    ['ns2.example', 'q04jkcevqvmu85r014c7dkba38o0ji5r'],
    ['w.example', 'k8udemvp1j2f7eg6jebps17vp3n8i58h'],
    ['*.w.example', 'r53bq7cc2uvmubfu5ocmm6pers9tk9en'],
    ['X.w.Example', 'b4um86eghhds6nea196smvmlo4ors995'],
    ['y.w.example', 'ji6neoaepv8b5o6k4ev33abha8ht9fgc'],
    ['x.y.w.example', '2vptu5timamqttgl4luu9kg21e0aor3s'],
    ['xx.example', 't644ebqk9bibcna874givr6joj62mlhv'],
  ])('%s', (name, hash) => {
    expect(printBase32Hex(nsec3Hash(Name.parse(name), params)).toLowerCase()).toBe(hash);
  });
});

describe('canonical order of RFC 4034 §6.1', () => {
  it('sorts the example as it stands there', () => {
    const names = [
      'example',
      'a.example',
      'yljkjljk.a.example',
      'Z.a.example',
      'zABC.a.EXAMPLE',
      'z.example',
      '\\001.z.example',
      '*.z.example',
      '\\200.z.example',
    ].map((text) => Name.parse(text));
    const sorted = names.toReversed().sort((a, b) => a.compare(b));
    expect(sorted.map(String)).toEqual(names.map(String));
  });
});
