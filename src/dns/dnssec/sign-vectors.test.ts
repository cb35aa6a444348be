import { createPrivateKey, type KeyObject } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { printRdata, rdataFromText } from '../rdata/registry.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { signingKey } from './keys.ts';
import { signRRset } from './sign.ts';

/** Base64 of a key file as JWK has it. */
const url = (base64: string): string => base64.replaceAll('+', '-').replaceAll('/', '_').replace(/=+$/, '');

function ed25519(dnskey: string, privateKey: string): KeyObject {
  const jwk = { kty: 'OKP', crv: 'Ed25519', x: url(dnskey.split(' ')[3]!), d: url(privateKey) };
  return createPrivateKey({ key: jwk, format: 'jwk' });
}

const rsa = createPrivateKey({
  key: {
    kty: 'RSA',
    e: 'AQAB',
    n: url('wVwaxrHF2CK64aYKRUibLiH30KpPuPBjel7E8ZydQW1HYWHfoGmidzC2RnhwCC293hCzw+TFR2nqn8OVSY5t2Q=='),
    d: url('UR44xX6zB3eaeyvTRzmskHADrPCmPWnr8dxsNwiDGHzrMKLN+i/HAm+97HxIKVWNDH2ba9Mf1SA8xu9dcHZAQ=='),
    p: url('4c8IvFu1AVXGWeFLLFh5vs7fbdzdC6U82fduE6KkSWk='),
    q: url('2zZpBE8ZXVnL74QjG4zINlDfH+EOEtjJJ3RtaYDugvE='),
    dp: url('G2xAPFfK0KGxGANDVNxd1K1c9wOmmJ51mGbzKFFNMFk='),
    dq: url('GYxP1Pa7CAwtHm8SAGX594qZVofOMhgd6YFCNyeVpKE='),
    qi: url('icQdNRjlZGPmuJm2TIadubcO8X7V4y07aVhX464tx8Q='),
  },
  format: 'jwk',
});

const mx = { owner: 'example.com', type: Type.MX, value: '10 mail.example.com.', zone: 'example.com' };
const dates = { inception: 1438207200, expiration: 1440021600 };
const first = '257 3 15 l02Woi0iS8Aa25FQkUd9RMzZHJpBoRQwAQEX1SxZJA4=';
const second = '257 3 15 zPnZ/QwEe7S8C5SPz2OfS5RR40ATk2/rYnE9xHIEijs=';

/** Those whose algorithm makes the same signature each time; erratum 4935 has those of RFC 8080. */
const vectors = [
  {
    title: 'RFC 5702 §3.1: RSA/SHA-256 (§6.1)',
    key: rsa,
    dnskey:
      '256 3 8 AwEAAcFcGsaxxdgiuuGmCkVImy4h99CqT7jwY3pexPGcnUFtR2Fh36BponcwtkZ4cAgtvd4Qs8PkxUdp6p/DlUmObdk=',
    rrset: { owner: 'www.example.net', type: Type.A, value: '192.0.2.91', zone: 'example.net' },
    period: { inception: Date.UTC(2000, 0, 1) / 1000, expiration: Date.UTC(2030, 0, 1) / 1000 },
    rrsig:
      'A 8 3 3600 20300101000000 20000101000000 9033 example.net. ' +
      'kRCOH6u7l0QGy9qpC9l1sLncJcOKFLJ7GhiUOibu4teYp5VE9RncriShZNz85mwlMgNEacFYK/lPtPiVYP4bwg==',
  },
  {
    title: 'RFC 8080 §4: Ed25519 (§6.1)',
    key: ed25519(first, 'ODIyNjAzODQ2MjgwODAxMjI2NDUxOTAyMDQxNDIyNjI='),
    dnskey: first,
    rrset: mx,
    period: dates,
    rrsig:
      'MX 15 2 3600 20150819220000 20150729220000 3613 example.com. ' +
      'oL9krJun7xfBOIWcGHi7mag5/hdZrKWw15jPGrHpjQeRAvTdszaPD+QLs3fx8A4M3e23mRZ9VrbpMngwcrqNAg==',
  },
  {
    title: 'RFC 8080 §4: Ed25519, second key (§6.1)',
    key: ed25519(second, 'DSSF3o0s0f+ElWzj9E/Osxw8hLpk55chkmx0LYN5WiY='),
    dnskey: second,
    rrset: mx,
    period: dates,
    rrsig:
      'MX 15 2 3600 20150819220000 20150729220000 35217 example.com. ' +
      'zXQ0bkYgQTEFyfLyi9QoiY6D8ZdYo4wyUhVioYZXFdT410QPRITQSqJSnzQoSm5poJ7gD7AQR0O7KuI5k2pcBg==',
  },
];

describe('signatures that RFCs print are made octet for octet', () => {
  it.each(vectors)('$title', ({ key: privateKey, dnskey, rrset, period, rrsig }) => {
    const [flags, , algorithm] = dnskey.split(' ').map(Number);
    const key = signingKey(privateKey, { algorithm: algorithm!, flags: flags! });
    expect(printRdata(Type.DNSKEY, key.dnskey)).toBe(dnskey);
    const { owner, type, value, zone } = rrset;
    const rdatas = [rdataFromText(type, value)];
    const made = signRRset(
      { owner: Name.parse(owner), type, ttl: 3600, rdatas },
      key,
      Name.parse(zone),
      period,
    );
    expect(printRdata(Type.RRSIG, made)).toBe(rrsig);
  });
});
