import { expect, test } from 'vitest';
import { checkRdata } from '../../../test/kit/rdata-cases.ts';
import { cert } from './cert.ts';
import { dlv } from './dlv.ts';
import { hip } from './hip.ts';
import { ipseckey } from './ipseckey.ts';
import { key } from './key.ts';
import { nxt } from './nxt.ts';
import { printRdata, rdataFromText } from './registry.ts';
import { rkey } from './rkey.ts';
import { sig } from './sig.ts';
import { ta } from './ta.ts';

checkRdata(key, 'RFC 2535 §3.1, §3.1.2, §7.1', {
  good: [
    ['512 3 8 AAAA', '02000308000000'],
    ['0x200 3 1 AAAA', '02000301000000', '512 3 1 AAAA'],
    ['zone|KSK DNSSEC RSASHA256 AAAA', '01010308000000', '257 3 8 AAAA'],
    ['NTYP3|SIG15|EXTEND IPSEC 5 AAAA', '130f0405000000', '4879 4 5 AAAA'],
    ['49152 3 8', 'c0000308'],
    ['NOKEY TLS DH', 'c0000102', '49152 1 2'],
    ['512 3 253 A2ZvbwAB', '020003fd03666f6f0001'],
    ['512 3 254 wAAB', '020003fec00001'],
  ],
  bad: [
    ['0 3 8', 'public key is missing'],
    ['49152 3 8 AAAA', 'nothing more is expected'],
    ['65536 3 8 AAAA', 'flags must be a number from 0 to 65535'],
    ['0x10000 3 8 AAAA', 'flags must be a number or words such as ZONE|KSK'],
    ['ZONE|ENTITY 3 8 AAAA', 'flags must be a number or words such as ZONE|KSK'],
    ['constructor 3 8 AAAA', 'flags must be a number or words'],
    ['256 FOO 8 AAAA', 'protocol must be a number'],
    ['', 'flags is missing'],
    ['512 3 253 A2Zv', 'algorithm 253 must start with a name: label runs past the end'],
  ],
  malformed: [
    ['020003fdc00001', 'algorithm 253 must start with a name: name must not be compressed'],
    ['00000308', 'public key is empty'],
    ['c000030801', 'longer than its content'],
    ['000003', 'past the end'],
  ],
});

checkRdata(rkey, 'draft-reid-dnsext-rkey', {
  good: [['0 255 1 AAAA', '0000ff01000000']],
  bad: [
    ['1 255 1 AAAA', 'flags must be 0'],
    ['0 255 1', 'public key is missing'],
    ['0 255 253 A2Zv', 'algorithm 253 must start with a name'],
  ],
  malformed: [
    ['0001ff0101', 'flags are not 0'],
    ['0000ff01', 'public key is empty'],
  ],
});

test('DNSKEY takes flags and protocol by mnemonic, as BIND does', () => {
  expect(printRdata(48, rdataFromText(48, 'ZONE|KSK DNSSEC ECDSAP256SHA256 AAAA'))).toBe('257 3 13 AAAA');
});

checkRdata(sig, 'RFC 2535 §4.1, §7.2', {
  good: [
    [
      'NXT 1 3 3600 20000102030405 19961211100908 2143 Foo.nil. MxFc',
      '001e010300000e10386ec02532ae8844085f03466f6f036e696c0033115c',
    ],
    [
      '0 8 0 0 20000102030405 19961211100908 2143 foo. MxFc',
      '0000080000000000386ec02532ae8844085f03666f6f0033115c',
      'TYPE0 8 0 0 20000102030405 19961211100908 2143 foo. MxFc',
    ],
    [
      'A 8 0 0 19691231235959 19011213204552 2143 foo. MxFc',
      '0001080000000000ffffffff80000000085f03666f6f0033115c',
      'A 8 0 0 21060207062815 20380119031408 2143 foo. MxFc',
    ],
  ],
  bad: [
    ['A 8 0 0 19011213204551 20000102030405 2143 foo. MxFc', 'expiration must be a time'],
    ['65536 8 0 0 20000102030405 19961211100908 2143 foo. MxFc', 'type covered must be a number'],
    ['A 8 0 0 20000102030405 19961211100908 2143 foo.', 'signature is missing'],
  ],
  malformed: [['0000080000000000386ec02532ae8844085f03666f6f00', 'signature is empty']],
  canonical: [
    [
      'A 8 0 0 20000102030405 19961211100908 2143 Foo.Nil. MxFc',
      'A 8 0 0 20000102030405 19961211100908 2143 foo.nil. MxFc',
    ],
  ],
});

checkRdata(nxt, 'RFC 2535 §5.2, §7.3', {
  good: [
    ['a.Secure.nil. NS SOA TXT LOC', '016106536563757265036e696c0022008004'],
    ['a. 1 2 TYPE127', '01610060000000000000000000000000000001', 'a. A NS TYPE127'],
    ['a. SPF MX A', '01610040010000000000000000000010', 'a. A MX SPF'],
    ['a.', '016100'],
  ],
  bad: [
    ['a. 0', 'type must be one from 1 to 127'],
    ['a. 128', 'type must be one from 1 to 127'],
    ['a. CAA', 'type must be one from 1 to 127'],
    ['a. FOO', 'type must be a type'],
  ],
  malformed: [
    ['000000', 'ends in a zero octet'],
    ['004000', 'ends in a zero octet'],
    ['0080ff', 'for other types than 1 to 127'],
    [`00${'01'.repeat(17)}`, 'for other types than 1 to 127'],
  ],
  canonical: [['A.Secure.nil. NS', 'a.secure.nil. NS']],
});

checkRdata(cert, 'RFC 4398 §2, §2.1, §2.2', {
  good: [
    ['1 1 8 AA AA', '0001000108000000', 'PKIX 1 8 AAAA'],
    ['PKIX 1 8 AAAA', '0001000108000000'],
    ['pgp 0 RSASHA1 AA AA', '0003000005000000', 'PGP 0 5 AAAA'],
    ['254 0 0 AAAA', '00fe000000000000', 'OID 0 0 AAAA'],
    ['65534 65535 PRIVATEOID AAAA', 'fffefffffe000000', '65534 65535 254 AAAA'],
  ],
  bad: [
    ['FOO 1 8 AAAA', 'certificate type must be a number from 0 to 65535'],
    ['PKIX foo 8 AAAA', 'key tag must be a number'],
    ['PKIX 1 8', 'certificate is missing'],
    ['PKIX 1 8 A*', 'certificate must be base64'],
  ],
  malformed: [['0001000108', 'certificate is empty']],
});

const digest = '310D27F4D82C1FC2400704EA9939FE6E1CEAA3B9';
for (const type of [ta, dlv]) {
  checkRdata(type, 'RFC 4431 §2', {
    good: [[`30795 1 1 ${digest}`, `784b0101${digest.toLowerCase()}`]],
    bad: [['1 1 1 00', 'a digest of type 1 must be 20 octets long, not 1']],
    malformed: [['00010105', 'digest is empty']],
  });
}

checkRdata(ipseckey, 'RFC 4025 §2.1, §2.3, §3.1', {
  good: [
    ['10 0 2 . AQNR', '0a0002010351'],
    ['10 1 2 192.0.2.38 AQNR', '0a0102c0000226010351'],
    ['10 2 2 2001:0DB8::1 AQNR', '0a020220010db8000000000000000000000001010351', '10 2 2 2001:db8::1 AQNR'],
    [
      '10 3 2 MyGateway.example. AQ NR',
      '0a0302094d7947617465776179076578616d706c6500010351',
      '10 3 2 MyGateway.example. AQNR',
    ],
  ],
  bad: [
    ['10 0 2 foo. AQNR', 'gateway must be "." for none'],
    ['10 1 RSA 192.0.2.38 AQNR', 'algorithm must be a number'],
    ['10 4 2 foo. AQNR', 'gateway type must be a number from 0 to 3'],
    ['10 1 2 ::1 AQNR', 'gateway must be an IPv4 address'],
    ['10 0 0 .', 'public key is missing'],
  ],
  malformed: [
    ['0a040201', 'not assigned'],
    ['0a0002', 'public key is empty'],
    ['0a0302c00001', 'must not be compressed'],
  ],
  // RFC 4034 §6.2 has no IPSECKEY.
  canonical: [['10 3 2 Gw.example. AQNR', '10 3 2 Gw.example. AQNR']],
});

checkRdata(hip, 'RFC 8005 §5, §5.6, §6', {
  good: [
    ['2 200100 AwEA', '03020003200100030100'],
    ['2 2001 AwEA Rvs.example. b.', '02020003200103010003527673076578616d706c6500016200'],
  ],
  bad: [
    ['2 200 AwEA', 'host identity tag must be hexadecimal digits in pairs'],
    ['2 - AwEA', 'host identity tag must be hexadecimal'],
    [`2 ${'ab'.repeat(256)} AwEA`, '1 to 255 octets long'],
    ['2 "" AwEA', '1 to 255 octets long'],
    ['2 2001', 'public key is missing'],
    ['2 2001 ""', '1 to 65535 octets long'],
    ['2 2001 AwEA a..b.', 'rendezvous server: a label is empty'],
  ],
  malformed: [
    ['00020001ff', 'is empty'],
    ['01020000ff', 'is empty'],
    ['0102000101', 'past the end'],
    ['010200010101c000', 'must not be compressed'],
  ],
  // RFC 4034 §6.2 has no HIP.
  canonical: [['2 2001 AwEA Rvs.example.', '2 2001 AwEA Rvs.example.']],
});
