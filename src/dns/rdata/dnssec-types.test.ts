import { expect, test } from 'vitest';
import { checkRdata } from '../../../test/kit/rdata-cases.ts';
import { cdnskey } from './cdnskey.ts';
import { cds } from './cds.ts';
import { csync } from './csync.ts';
import { dnskey } from './dnskey.ts';
import { ds } from './ds.ts';
import { nsec } from './nsec.ts';
import { nsec3 } from './nsec3.ts';
import { nsec3param } from './nsec3param.ts';
import { printRdata, rdataFromText } from './registry.ts';
import { rrsig } from './rrsig.ts';
import { zonemd } from './zonemd.ts';

checkRdata(ds, 'RFC 4034 §5.1', {
  good: [
    [
      '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118',
      'ec4505012bb183af5f22588179a53b0a98631fad1a292118',
    ],
    // RFC 4034 §5.3: the algorithm may be a mnemonic, digits of either case, with spaces between.
    [
      '60485 RSASHA1 1 2bb183af5f22588179a5 3B0A98631FAD1A292118',
      'ec4505012bb183af5f22588179a53b0a98631fad1a292118',
      '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118',
    ],
  ],
  bad: [
    // RFC 4509 §2, RFC 6605 §2: the whole digest, of 32 and 48 octets.
    ['1 13 2 AABB', 'a digest of type 2 must be 32 octets long, not 2'],
    ['1 13 4 AABB', 'a digest of type 4 must be 48 octets long, not 2'],
    ['1 FOO 2 AABB', 'algorithm must be a number'],
    ['65536 13 2 AABB', 'key tag must be a number from 0 to 65535'],
  ],
  malformed: [
    ['ec45', 'past the end'],
    ['ec450d02', 'digest is empty'],
  ],
});

checkRdata(cds, 'RFC 7344 §3.1, RFC 8078 §4', {
  good: [
    ['0 0 0 00', '0000000000'],
    [
      '60485 5 1 2BB183AF5F22588179A53B0A98631FAD1A292118',
      'ec4505012bb183af5f22588179a53b0a98631fad1a292118',
    ],
  ],
  bad: [['1 13 2 AABB', 'a digest of type 2 must be 32 octets long, not 2']],
});

checkRdata(dnskey, 'RFC 4034 §2.1', {
  good: [
    // RFC 4034 §2.2: the algorithm may be a mnemonic, the key in Base64 with spaces between.
    ['256 3 RSASHA1 AQ PS KQ==', '010003050103d229', '256 3 5 AQPSKQ=='],
    [
      '257 3 13 mdsswUyr3DPW132mOi8V9xESWE8jTo0dxCjjnopKl+GqJxpVXckHAeF+KkxLbxILfDLUT0rAK9iUzy1L53eKGQ==',
      '0101030d99db2cc14cabdc33d6d77da63a2f15f71112584f234e8d1dc428e39e8a4a97e1aa271a555dc90701e17e2a4c4b6f120b7c32d44f4ac02bd894cf2d4be7778a19',
    ],
  ],
  bad: [
    ['65536 3 13 AAAA', 'flags must be a number from 0 to 65535'],
    // RFC 4034 §2.1.2.
    ['257 2 13 AAAA', 'protocol must be 3, not 2'],
    ['257 3 13 A*', 'public key must be base64'],
    ['257 3 13', 'public key is missing'],
  ],
  malformed: [['0101', 'past the end']],
});

checkRdata(cdnskey, 'RFC 7344 §3.2, RFC 8078 §4', {
  good: [
    ['0 3 0 AA==', '0000030000'],
    ['257 3 15 AAECAw==', '0101030f00010203'],
  ],
  bad: [['257 2 13 AAAA', 'protocol must be 3, not 2']],
});

checkRdata(rrsig, 'RFC 4034 §3.1', {
  good: [
    [
      'A 5 3 86400 20030322173103 20030220173103 2642 example.com. oJB1W6WNGv+ldvQ3WDG0MQkg5IEhjRip8WTrPYGv07h108dUKGMeDPKijVCHX3DDKdfb+v6oB9wfuh3DTJXUAfI/M0zmO/zz8bW0Rznl8O3tGNazPwQKkRN20XPXV6nwwfoXmJQbsLNrLfkGJ5D6fwFm8nN+6pBzeDQfsS3Ap3o=',
      '00010503000151803e7c9dd73e5510d70a52076578616d706c6503636f6d00a090755ba58d1affa576f4375831b4310920e481218d18a9f164eb3d81afd3b875d3c75428631e0cf2a28d50875f70c329d7dbfafea807dc1fba1dc34c95d401f23f334ce63bfcf3f1b5b44739e5f0eded18d6b33f040a911376d173d757a9f0c1fa1798941bb0b36b2df9062790fa7f0166f2737eea907378341fb12dc0a77a',
    ],
  ],
  bad: [
    // RFC 4034 §3.2: times are numbers of seconds, or YYYYMMDDHHmmSS of days that there are.
    ['FOO 5 3 86400 20030322173103 20030220173103 2642 a. AAAA', 'type covered must be a type'],
    ['A 5 3 86400 20031322173103 20030220173103 2642 a. AAAA', 'expiration must be a time as YYYYMMDDHHmmSS'],
    ['A 5 3 86400 20030231173103 20030220173103 2642 a. AAAA', 'expiration must be a time as YYYYMMDDHHmmSS'],
    ['A 5 3 86400 21060207062816 20030220173103 2642 a. AAAA', 'from 1970 to 2106'],
  ],
  // RFC 4034 §3.1.7.
  malformed: [['000105030001518000000000000000000a52c000', 'must not be compressed']],
  canonical: [
    [
      'A 5 3 86400 20030322173103 20030220173103 2642 Example.com. AAAA',
      'A 5 3 86400 20030322173103 20030220173103 2642 example.com. AAAA',
    ],
  ],
});

test('RFC 4034 §3.2: RRSIG takes times in seconds, algorithms by mnemonic, and types without one as TYPEnnn', () => {
  const rdata = rdataFromText(46, 'TYPE1234 ECDSAP256SHA256 2 300 4294967295 0 1 a. AAAA');
  expect(printRdata(46, rdata)).toBe('TYPE1234 13 2 300 21060207062815 19700101000000 1 a. AAAA');
});

checkRdata(nsec, 'RFC 4034 §4.1', {
  good: [
    // RFC 4034 §4.2: types without a mnemonic are TYPEnnn; §4.1.2: no block without types, no zero octets at the end of one.
    [
      'host.example.com. A MX RRSIG NSEC TYPE1234',
      '04686f7374076578616d706c6503636f6d000006400100000003041b000000000000000000000000000000000000000000000000000020',
    ],
  ],
  bad: [['host.example.com. A FOO', 'type must be a type such as MX']],
  malformed: [
    ['000000', 'wrong length'],
    ['00002100', 'wrong length'],
    ['00000200', 'past the end'],
    ['0000024000', 'zero octet'],
    ['000001400001400001', 'not in ascending order'],
    // RFC 4034 §4.1.1.
    ['c000', 'must not be compressed'],
  ],
  // RFC 6840 §5.1: unlike RFC 4034 §6.2 said, the case of the next name stays.
  canonical: [['Host.example.com. A', 'Host.example.com. A']],
});

checkRdata(nsec3, 'RFC 5155 §3.1, §3.2, §3.2.1, §3.3', {
  good: [
    [
      '1 1 12 aabbccdd 2t7b4g4vsa5smi47k61mv5bv1a22bojr MX DNSKEY NS SOA NSEC3PARAM RRSIG',
      '0101000c04aabbccdd14174eb2409fe28bcb4887a1836f957f0a8425e27b000722010000000290',
      '1 1 12 AABBCCDD 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR NS SOA MX RRSIG DNSKEY NSEC3PARAM',
    ],
    // No salt, a type without a name, and a block of types that are not there left out.
    [
      '1 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR A TYPE1234',
      '010000000014174eb2409fe28bcb4887a1836f957f0a8425e27b000140041b000000000000000000000000000000000000000000000000000020',
    ],
    ['1 0 0 - 2T7B4G4VSA5SMI47K61MV5BV1A22BOJR', '010000000014174eb2409fe28bcb4887a1836f957f0a8425e27b'],
  ],
  bad: [
    ['1 1 12 aabbcc 2t7b4g', 'in base32hex without padding'],
    ['1 1 12 aabbc 2t7b4g4vsa5smi47k61mv5bv1a22bojr', 'salt must be "-" or'],
    ['1 1 12 - 2t7b4g4vsa5smi47k61mv5bv1a22bojz', 'in base32hex without padding'],
    ['1 1 12 - 2t7b4g4v', 'must be a SHA-1 hash of 20 octets, not 5'],
  ],
  malformed: [
    ['010100000000', 'next hashed owner is empty'],
    ['01000000000100000000', 'wrong length'],
    ['0100000000010000024000', 'zero octet'],
    ['01000000000100000140000140', 'not in ascending order'],
  ],
});

checkRdata(nsec3param, 'RFC 5155 §4.1, §4.2, §4.3', {
  good: [
    ['1 0 12 aabbccdd', '0100000c04aabbccdd', '1 0 12 AABBCCDD'],
    ['1 0 0 -', '0100000000'],
  ],
  bad: [
    ['1 0 0', 'salt is missing'],
    ['1 0 65536 -', 'iterations must be a number from 0 to 65535'],
    ['1 256 0 -', 'flags must be a number from 0 to 255'],
    ['1 0 0 aabbc', 'salt must be "-" or'],
  ],
});

checkRdata(zonemd, 'RFC 8976 §2.2, §2.2.3, §2.2.4, §2.3', {
  good: [
    [
      '2018031500 1 1 FEBE3D4CE2EC2FFA4BA99D46CD69D6D29711E55217057BEE7EB1A7B641A47BA7FED2DD5B97AE499FAFA4F22C6BD647DE',
      '7848b78c0101febe3d4ce2ec2ffa4ba99d46cd69d6d29711e55217057bee7eb1a7b641a47ba7fed2dd5b97ae499fafa4f22c6bd647de',
    ],
    [
      '1 241 240 AABBCC ddeeff001122334455',
      '00000001f1f0aabbccddeeff001122334455',
      '1 241 240 AABBCCDDEEFF001122334455',
    ],
  ],
  bad: [
    ['1 1 1 AABB', 'must be 48 octets long'],
    ['1 1 2 AABB', 'must be 64 octets long'],
    ['1 1 240 AABB', 'at least 12 octets long'],
  ],
  malformed: [['000000010101aabb', 'too short']],
});

checkRdata(csync, 'RFC 7477 §2.1, §2.1.1.2.1, §2.1.2, §2.1.3', {
  good: [
    ['66 3 A NS AAAA', '000000420003000460000008'],
    ['0 1 NS TYPE1234', '000000000001000120041b000000000000000000000000000000000000000000000000000020'],
  ],
  bad: [
    ['66 3 FOO', 'type must be a type'],
    ['66 65536 NS', 'flags must be a number from 0 to 65535'],
  ],
  malformed: [
    ['0000004200030000', 'wrong length'],
    ['00000042000300046000', 'past the end'],
    ['00000042000300026000', 'zero octet'],
  ],
});
