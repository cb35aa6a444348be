import { expect, test } from 'vitest';
import { checkRdata } from '../../../test/kit/rdata-cases.ts';
import { https } from './https.ts';
import { fromWire, printRdata } from './registry.ts';
import { svcb } from './svcb.ts';

// RFC 9460 Appendix D (test vectors, failures in D.3), and more.
checkRdata(svcb, 'RFC 9460 §2.1, §2.2, §2.4.3, §7.1.1, §7.2, §7.3, §8', {
  good: [
    ['0 foo.example.com.', '000003666f6f076578616d706c6503636f6d00'],
    [
      '16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"',
      '001003666f6f076578616d706c65036f7267000001000c08665c6f6f2c626172026832',
    ],
    [
      '1 foo.example.com. mandatory=ipv4hint,alpn alpn=h2,h3-19 ipv4hint=192.0.2.1 key667="hello\\210qoo" no-default-alpn dohpath=/dns-query{?dns}',
      '000103666f6f076578616d706c6503636f6d000000000400010004000100090268320568332d31390002000000040004c0000201000700102f646e732d71756572797b3f646e737d029b000968656c6c6fd2716f6f',
      '1 foo.example.com. mandatory=alpn,ipv4hint alpn="h2,h3-19" no-default-alpn ipv4hint=192.0.2.1 dohpath="/dns-query{?dns}" key667="hello\\210qoo"',
    ],
    ['1 .', '000100'],
    ['16 foo.example.com. port=53', '001003666f6f076578616d706c6503636f6d00000300020035'],
    [
      '1 foo.example.com. key667=hello',
      '000103666f6f076578616d706c6503636f6d00029b000568656c6c6f',
      '1 foo.example.com. key667="hello"',
    ],
    [
      '1 foo.example.com. key667="hello\\210qoo"',
      '000103666f6f076578616d706c6503636f6d00029b000968656c6c6fd2716f6f',
    ],
    [
      '1 foo.example.com. ipv6hint="2001:db8::1,2001:db8::53:1"',
      '000103666f6f076578616d706c6503636f6d000006002020010db800000000000000000000000120010db8000000000000000000530001',
      '1 foo.example.com. ipv6hint=2001:db8::1,2001:db8::53:1',
    ],
    [
      '1 example.com. ipv6hint="2001:db8:122:344::192.0.2.33"',
      '0001076578616d706c6503636f6d000006001020010db80122034400000000c0000221',
      '1 example.com. ipv6hint=2001:db8:122:344::c000:221',
    ],
    [
      '16 foo.example.org. alpn=h2,h3-19 mandatory=ipv4hint,alpn ipv4hint=192.0.2.1',
      '001003666f6f076578616d706c65036f7267000000000400010004000100090268320568332d313900040004c0000201',
      '16 foo.example.org. mandatory=alpn,ipv4hint alpn="h2,h3-19" ipv4hint=192.0.2.1',
    ],
    [
      '16 foo.example.org. alpn=f\\\\\\092oo\\092,bar,h2',
      '001003666f6f076578616d706c65036f7267000001000c08665c6f6f2c626172026832',
      '16 foo.example.org. alpn="f\\\\\\\\oo\\\\,bar,h2"',
    ],
  ],
  bad: [
    ['1 foo.example.com. key123=abc key123=def', 'parameter key123 is given twice'],
    ['1 foo.example.com. mandatory', 'parameter mandatory has an empty item'],
    ['1 foo.example.com. alpn', 'parameter alpn has an empty item'],
    ['1 foo.example.com. port', 'parameter port must be a number'],
    ['1 foo.example.com. ipv4hint', 'parameter ipv4hint has an empty item'],
    ['1 foo.example.com. ipv6hint', 'parameter ipv6hint has an empty item'],
    ['1 foo.example.com. alpn=h2 no-default-alpn=abc', 'parameter no-default-alpn takes no value'],
    ['1 foo.example.com. mandatory=key123', 'mandatory lists key123, which is not there'],
    ['1 foo.example.com. mandatory=mandatory', 'parameter mandatory must not list itself'],
    ['1 foo.example.com. mandatory=key123,key123 key123=abc', 'parameter mandatory lists a key twice'],
    ['0 foo.example.com. port=53', 'AliasMode'],
    ['1 . no-default-alpn', 'makes sense with alpn only'],
    ['1 . key65535=a', '"key65535" is no parameter'],
    ['1 . key01=a', '"key01" is no parameter'],
    ['1 . "port=53"', '"port" is no parameter'],
    ['1 . port=80\\0568', 'parameter port takes no escapes'],
    ['1 . ipv4hint=192.0.2.\\049', 'parameter ipv4hint takes no escapes'],
    ['1 . alpn=h2 mandatory=\\097lpn', 'parameter mandatory takes no escapes'],
    ['1 . port=65536', 'parameter port must be a number from 0 to 65535'],
    ['1 . ipv4hint=192.0.2', 'parameter ipv4hint does not take "192.0.2"'],
    ['1 . ech=A', 'parameter ech must be base64'],
    ['1 . alpn=h2,', 'parameter alpn has an empty item'],
    ['1 . alpn="a\\\\b"', 'backslash before no comma'],
    ['1 . key3=abc', 'port has a wrong length'],
    ['1 . dohpath=dns-query', 'relative URI template'],
  ],
  malformed: [
    ['0001c000', 'must not be compressed'],
    ['00010000030003003500', 'port has a wrong length'],
    ['00010000030002003500030002003500', 'ascending order'],
    ['000100000300020035000100030268', 'ascending order'],
    ['00010000010003046832', 'alpn has a wrong length'],
    ['00010000010000', 'alpn is empty'],
    ['00010000030002003500', 'past the end'],
    ['0001000003000135', 'port has a wrong length'],
    ['000100000400020102', 'ipv4hint has a wrong length'],
    ['0001000006000401020304', 'ipv6hint has a wrong length'],
    ['00010000000002000200', 'past the end'],
    ['000100000000020003', 'mandatory lists port'],
    ['00010000000000', 'mandatory has a wrong length'],
    ['000100000000040003000300030002003500', 'ascending order'],
    ['00010000020000', 'makes sense with alpn only'],
  ],
});

checkRdata(https, 'RFC 9460 §9', {
  good: [
    ['1 . ohttp', '00010000080000', '1 . key8'],
    [
      '1 . alpn=h2,h3 port=8443 ipv4hint=192.0.2.1,192.0.2.2 ipv6hint=2001:db8::1 ech=AEj+DQ==',
      '000100000100060268320268330003000220fb00040008c0000201c0000202000500040048fe0d0006001020010db8000000000000000000000001',
      '1 . alpn="h2,h3" port=8443 ipv4hint=192.0.2.1,192.0.2.2 ech=AEj+DQ== ipv6hint=2001:db8::1',
    ],
  ],
  bad: [['0 . port=443', 'AliasMode']],
});

test('RFC 9460 §2.4.2: parameters that come in AliasMode are kept, and mean nothing', () => {
  const rdata = Buffer.from('000000000300020035', 'hex');
  expect(fromWire(svcb, rdata).priority).toBe(0);
  expect(printRdata(svcb.type, rdata)).toBe('0 . port=53');
});
