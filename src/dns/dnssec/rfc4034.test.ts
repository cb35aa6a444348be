import { describe, expect, it } from 'vitest';
import { dnskey as dnskeyType } from '../rdata/dnskey.ts';
import { canonicalRdata, fromWire, printRdata, rdataFromText, typeCode } from '../rdata/registry.ts';
import { rrsig as rrsigType } from '../rdata/rrsig.ts';
import type { RRset } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { generateKey, keyTag, type SigningKey, signingKey } from './keys.ts';
import { canonicalRdatas, rrsigFields, rrsigLabels, signedData, signRRset } from './sign.ts';
import { secondsUntil, verifySignature } from './verify.ts';

const zone = Name.parse('example.com');
const csk = generateKey({ algorithm: 15 });
const rrset: RRset = {
  owner: zone.child('www'),
  type: Type.A,
  ttl: 60,
  rdatas: [Uint8Array.of(192, 0, 2, 1)],
};

/** What a validator says of a signature with this key and these times. */
function verdict(key: SigningKey, period: { inception: number; expiration: number }, now: number) {
  const signature = fromWire(rrsigType, signRRset(rrset, key, zone, period));
  return verifySignature(rrset, signature, fromWire(dnskeyType, key.dnskey), now);
}

describe('keys', () => {
  const period = { inception: 1000, expiration: 2000 };

  it('RFC 4034 §2.1.1: are made as zone keys, with SEP or without, and no other flag; §2.1.2: with protocol 3', () => {
    const heads = [generateKey(), generateKey({ flags: 256 })].map(({ dnskey }) => [
      ...dnskey.subarray(0, 4),
    ]);
    expect(heads).toEqual([
      [1, 1, 3, 13],
      [1, 0, 3, 13],
    ]);
  });

  it.each([
    ['the SEP flag changes nothing for who verifies', 0x0100, 'valid'],
    ['nor do the reserved ones', 0x01f1, 'valid'],
    ['one without the flag of a zone key verifies nothing', 0x0000, { reason: 'not-a-zone-key' }],
    ['nor does one with SEP alone', 0x0001, { reason: 'not-a-zone-key' }],
  ])('RFC 4034 §2.1.1: %s', (_title, flags, expected) => {
    const key = signingKey(csk.privateKey, { algorithm: 15, flags, roles: csk.roles });
    expect(verdict(key, period, 1500)).toEqual(expected);
  });

  it('RFC 4034 §2.1.2: one of another protocol verifies nothing', () => {
    const dnskey = csk.dnskey.with(2, 2);
    const key = { ...csk, dnskey, keyTag: keyTag(dnskey) };
    expect(verdict(key, period, 1500)).toEqual({ reason: 'not-a-zone-key' });
  });

  it('RFC 6840 §5.5: the tag of one of algorithm 1 is the third to last and second to last octet', () => {
    // RFC 4034 §B.1 says so of its bits, and names other octets.
    expect(keyTag(Uint8Array.of(1, 1, 3, 1, 1, 3, 0x11, 0x22, 0x33, 0x44))).toBe(0x2233);
  });
});

describe('RRSIG', () => {
  it.each([
    ['www.example.com', 3],
    ['*.example.com', 2],
    ['a.*.example.com', 4],
    ['.', 0],
  ])('RFC 4034 §3.1.3: the labels of %s are %i', (owner, labels) => {
    expect(rrsigLabels(Name.parse(owner))).toBe(labels);
  });

  it.each([
    ['from the second of the inception', 1000, 2000, 1000, 'valid'],
    ['not before', 1000, 2000, 999, { reason: 'not-yet-valid' }],
    ['to the second of the expiration', 1000, 2000, 2000, 'valid'],
    ['not after', 1000, 2000, 2001, { reason: 'expired' }],
    ['over the end of the 32 bits in 2106', 0xffff_ff00, 0x100, 2 ** 32 + 5, 'valid'],
    ['which a number that is less does not end', 0xffff_ff00, 0x100, 0xffff_ffff, 'valid'],
    ['not after an expiration behind it', 0xffff_ff00, 0x100, 2 ** 32 + 0x101, { reason: 'expired' }],
  ])('RFC 4034 §3.1.5: is good %s', (_title, inception, expiration, now, expected) => {
    expect(verdict(csk, { inception, expiration }, now)).toEqual(expected);
  });

  it('RFC 4034 §3.1.5: what is left of it is told by serial number arithmetic', () => {
    expect(secondsUntil(0x10, 0xffff_fff0)).toBe(0x20);
    expect(secondsUntil(0xffff_fff0, 2 ** 32 + 0x10)).toBe(-0x20);
  });

  it('RFC 4034 §3.1.7: the signer is the zone, whole and in lower case', () => {
    const rdata = signRRset(rrset, csk, Name.parse('EXAMPLE.com'), { inception: 1, expiration: 2 });
    expect(Buffer.from(rdata.subarray(18, 31)).toString('latin1')).toBe('\x07example\x03com\0');
    expect(rdata).toHaveLength(18 + 13 + 64);
  });

  it('RFC 4034 §3.1.8.1: what is signed is the RRSIG and then each record, in canonical form and order', () => {
    const owner = Name.parse('*.WWW.example.com');
    const rdatas = ['20 B.Example.COM.', '10 a.example.com.'].map((text) => rdataFromText(Type.MX, text));
    const wild: RRset = { owner, type: Type.MX, ttl: 0x0e10, rdatas };
    const fields = rrsigFields(wild, csk, Name.parse('Example.COM'), { inception: 0x11, expiration: 0x2222 });
    const header = `000f0f0300000e100000222200000011${csk.keyTag.toString(16).padStart(4, '0')}`;
    const text = (name: string): string => Buffer.from(Name.parse(name).wire).toString('hex');
    const record = (preference: string, target: string): string =>
      `${text('*.www.example.com')}000f000100000e10${(2 + 15).toString(16).padStart(4, '0')}${preference}${text(target)}`;
    const expected =
      header + text('example.com') + record('000a', 'a.example.com') + record('0014', 'b.example.com');
    expect(Buffer.from(signedData(wild, fields)).toString('hex')).toBe(expected);
    // §6.2: a cache has counted the TTL down, and the owner is what a wildcard made of it.
    const received = { ...wild, owner: Name.parse('x.y.www.example.com'), ttl: 7 };
    expect(Buffer.from(signedData(received, fields, owner)).toString('hex')).toBe(expected);
  });
});

describe('the canonical form', () => {
  it.each([
    ['NS', 'A.B.'],
    ['MD', 'A.B.'],
    ['MF', 'A.B.'],
    ['CNAME', 'A.B.'],
    ['SOA', 'A.B. C.D. 1 2 3 4 5'],
    ['MB', 'A.B.'],
    ['MG', 'A.B.'],
    ['MR', 'A.B.'],
    ['PTR', 'A.B.'],
    ['MINFO', 'A.B. C.D.'],
    ['MX', '1 A.B.'],
    ['RP', 'A.B. C.D.'],
    ['AFSDB', '1 A.B.'],
    ['RT', '1 A.B.'],
    ['SIG', 'A 13 2 60 20300101000000 20200101000000 1 A.B. AAAA'],
    ['PX', '1 A.B. C.D.'],
    ['NXT', 'A.B. A'],
    ['NAPTR', '1 1 "S" "SIP+D2U" "" A.B.'],
    ['KX', '1 A.B.'],
    ['SRV', '1 1 1 A.B.'],
    ['DNAME', 'A.B.'],
    ['A6', '64 ::1 A.B.'],
    ['RRSIG', 'A 13 2 60 20300101000000 20200101000000 1 A.B. AAAA'],
  ])('RFC 4034 §6.2: has the names in the rdata of %s in lower case', (type, text) => {
    const code = typeCode(type)!;
    const lower = text.replace(/[A-D]\.[A-D]\./g, (name) => name.toLowerCase());
    expect(printRdata(code, canonicalRdata(code, rdataFromText(code, text)))).toBe(
      printRdata(code, rdataFromText(code, lower)),
    );
  });

  it.each([
    ['NSEC', 'A.B. A'],
    ['HINFO', '"A.B." "C.D."'],
    ['SVCB', '1 A.B.'],
    ['TXT', '"A.B."'],
  ])('RFC 6840 §5.1: leaves %s as it is', (type, text) => {
    const rdata = rdataFromText(typeCode(type)!, text);
    expect(canonicalRdata(typeCode(type)!, rdata)).toEqual(rdata);
  });

  it('RFC 4034 §6.3: sorts records by their octets, the shorter first, and has each once', () => {
    const rdatas = [[0x80], [0x7f, 0], [1, 2], [1], [0x7f], [1, 2]].map((octets) => Uint8Array.from(octets));
    expect(canonicalRdatas({ owner: zone, type: 65280, ttl: 60, rdatas }).map((rdata) => [...rdata])).toEqual(
      [[1], [1, 2], [0x7f], [0x7f, 0], [0x80]],
    );
    // Of names that differ in their case alone one is left.
    const names = ['A.example.', 'a.EXAMPLE.'].map((text) => rdataFromText(Type.NS, text));
    expect(canonicalRdatas({ owner: zone, type: Type.NS, ttl: 60, rdatas: names })).toHaveLength(1);
  });
});
