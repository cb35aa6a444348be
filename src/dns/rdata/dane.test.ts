import { checkRdata } from '../../../test/kit/rdata-cases.ts';
import { openpgpkey } from './openpgpkey.ts';
import { smimea } from './smimea.ts';
import { sshfp } from './sshfp.ts';
import { tlsa } from './tlsa.ts';

checkRdata(tlsa, 'RFC 6698 §2.1, §2.2', {
  good: [
    [
      '3 1 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971',
      '030101d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971',
      '3 1 1 D2ABDE240D7CD3EE6B4B28C54DF034B97983A1D16E8A410E4561CB106618E971',
    ],
    [
      '0 0 1 d2abde240d7cd3ee6b4b28c54df034b9 7983a1d16e8a410e4561cb106618e971',
      '000001d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971',
      '0 0 1 D2ABDE240D7CD3EE6B4B28C54DF034B97983A1D16E8A410E4561CB106618E971',
    ],
    ['3 1 0 00ff', '03010000ff', '3 1 0 00FF'],
  ],
  bad: [
    ['3 1 1 aabb', 'data of matching type 1 must be 32 octets long, not 2'],
    ['3 1 2 aabb', 'data of matching type 2 must be 64 octets long, not 2'],
    ['256 1 1 aabb', 'certificate usage must be a number from 0 to 255'],
    ['3 256 1 aabb', 'selector must be a number from 0 to 255'],
    ['3 1 256 aabb', 'matching type must be a number from 0 to 255'],
    ['3 1 0 abc', 'must be hexadecimal digits in pairs'],
    ['3 1 0 xy', 'must be hexadecimal digits in pairs'],
    ['3 1 0', 'data is missing'],
    ['DANE-XX 1 0 00', 'certificate usage must be a number'],
  ],
  malformed: [
    ['0301', 'past the end'],
    ['030101', 'data is empty'],
  ],
});

checkRdata(smimea, 'RFC 8162 §2', {
  good: [
    ['3 0 0 aabb', '030000aabb', '3 0 0 AABB'],
    ['2 1 0 aa bb', '020100aabb', '2 1 0 AABB'],
  ],
  bad: [['3 0 2 aabb', 'must be 64 octets long']],
});

checkRdata(sshfp, 'RFC 4255 §3.1, §3.2', {
  good: [
    [
      '2 1 123456789abcdef67890123456789abcdef67890',
      '0201123456789abcdef67890123456789abcdef67890',
      '2 1 123456789ABCDEF67890123456789ABCDEF67890',
    ],
    [
      '4 2 123456789abcdef67890123456789abcdef67890123456789abcdef123456789',
      '0402123456789abcdef67890123456789abcdef67890123456789abcdef123456789',
      '4 2 123456789ABCDEF67890123456789ABCDEF67890123456789ABCDEF123456789',
    ],
  ],
  bad: [
    ['RSA 1 00', 'algorithm must be a number from 0 to 255'],
    ['1 SHA-1 00', 'fingerprint type must be a number from 0 to 255'],
    ['1 1 0102', 'a fingerprint of type 1 must be 20 octets long, not 2'],
    ['1 2 0102', 'a fingerprint of type 2 must be 32 octets long, not 2'],
  ],
  malformed: [['04', 'past the end']],
});

checkRdata(openpgpkey, 'RFC 7929 §2.2, §2.3', {
  good: [
    ['AQMFAAAA', '010305000000'],
    ['AQMF AAAA', '010305000000', 'AQMFAAAA'],
  ],
  bad: [
    ['AQMF*', 'must be base64'],
    ['', 'public key is missing'],
  ],
});
