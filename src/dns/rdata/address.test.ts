import { describe, expect, test } from 'vitest';
import { checkRdata } from '../../../test/kit/rdata-cases.ts';
import { a } from './a.ts';
import { aaaa } from './aaaa.ts';
import { parseIpv6, printIpv6 } from './ipv6.ts';

checkRdata(a, 'RFC 1035 §3.4.1', {
  good: [['192.0.2.1', 'c0000201']],
  bad: [
    ['192.0.2', 'must be an IPv4 address'],
    ['192.0.2.256', 'not "192.0.2.256"'],
    ['192.0.02.1', 'must be an IPv4 address'],
    ['192.0.2.1 x', 'nothing more is expected'],
    ['', 'address is missing'],
  ],
  malformed: [
    ['c00002', 'past the end'],
    ['c000020100', 'longer than its content'],
  ],
});

checkRdata(aaaa, 'RFC 3596 §2.2', {
  good: [
    ['2001:db8::1', '20010db8000000000000000000000001'],
    ['::ffff:192.0.2.1', '00000000000000000000ffffc0000201'],
    ['2001:db8:0:1:1:1:1:1', '20010db8000000010001000100010001'],
    ['2001:0:0:1::1', '20010000000000010000000000000001'],
    ['::1.2.3.4', '00000000000000000000000001020304', '::102:304'],
  ],
  bad: [
    ['2001:db8::1::2', 'must be an IPv6 address'],
    ['2001:db8', 'must be an IPv6 address'],
    ['1:2:3:4:5:6:7:8::', 'must be an IPv6 address'],
    ['fe80::1%eth0', 'must be an IPv6 address'],
    [':1:2:3:4:5:6:7', 'must be an IPv6 address'],
    ['12345::', 'must be an IPv6 address'],
    ['::192.0.2', 'must be an IPv6 address'],
    ['192.0.2.1::', 'must be an IPv6 address'],
  ],
  malformed: [['20010db8', 'past the end']],
});

describe('IPv6 text (RFC 5952 §4)', () => {
  test.each([
    ['2001:0db8::0001', '2001:db8::1'],
    ['2001:DB8:0:0:0:0:2:1', '2001:db8::2:1'],
    ['2001:db8:0:1:1:1:1:1', '2001:db8:0:1:1:1:1:1'],
    ['2001:0:0:1:0:0:0:1', '2001:0:0:1::1'],
    ['2001:db8:0:0:1:0:0:1', '2001:db8::1:0:0:1'],
    ['0:0:0:0:0:0:0:0', '::'],
    ['1:0:0:0:0:0:0:0', '1::'],
    ['1:2:3:4:5:6:7::', '1:2:3:4:5:6:7:0'],
    ['::ffff:192.0.2.1', '::ffff:192.0.2.1'],
    ['64:ff9b::192.0.2.33', '64:ff9b::c000:221'],
  ])('%s is printed as %s', (text, printed) => {
    expect(printIpv6(parseIpv6(text)!)).toBe(printed);
  });
});
