import { describe, expect, test } from 'vitest';
import { checkRdata } from '../../../test/kit/rdata-cases.ts';
import { Name } from '../wire/name.ts';
import { cname } from './cname.ts';
import { dname } from './dname.ts';
import { mx } from './mx.ts';
import { naptr } from './naptr.ts';
import { ns } from './ns.ts';
import { ptr } from './ptr.ts';
import { printRdata, rdataFromText } from './registry.ts';
import { rp } from './rp.ts';
import { soa } from './soa.ts';
import { srv } from './srv.ts';

checkRdata(ns, 'RFC 1035 §3.3.11', {
  good: [['NS1.example.com.', '034e5331076578616d706c6503636f6d00']],
  bad: [
    ['', 'nameserver is missing'],
    ['a..b.', 'a label is empty'],
    ['a. b.', 'nothing more is expected'],
  ],
  malformed: [
    ['', 'past the end'],
    ['c000', 'must not be compressed here'],
    ['0361', 'past the end'],
  ],
  canonical: [['NS1.Example.COM.', 'ns1.example.com.']],
});

checkRdata(cname, 'RFC 1035 §3.3.1', {
  good: [['www.example.com.', '03777777076578616d706c6503636f6d00']],
  bad: [['"', 'left open']],
  canonical: [['WWW.example.com.', 'www.example.com.']],
});

checkRdata(ptr, 'RFC 1035 §3.3.12', {
  good: [['host.example.com.', '04686f7374076578616d706c6503636f6d00']],
  canonical: [['Host.example.com.', 'host.example.com.']],
});

checkRdata(dname, 'RFC 6672 §2.1, §2.5', {
  good: [['Example.net.', '074578616d706c65036e657400']],
  bad: [
    ['', 'target is missing'],
    ['a. b.', 'nothing more is expected'],
  ],
  malformed: [
    ['', 'past the end'],
    ['c000', 'must not be compressed here'],
  ],
  canonical: [['Example.net.', 'example.net.']],
});

checkRdata(soa, 'RFC 1035 §3.3.13', {
  good: [
    [
      'ns1.example.com. hostmaster.example.com. 2026010100 2h 1h 2w 300',
      '036e7331076578616d706c6503636f6d000a686f73746d6173746572076578616d706c6503636f6d0078c275f400001c2000000e10001275000000012c',
      'ns1.example.com. hostmaster.example.com. 2026010100 7200 3600 1209600 300',
    ],
  ],
  bad: [
    ['a. b. 1 2 3 4', 'minimum is missing'],
    ['a. b. 4294967296 2 3 4 5', 'serial must be a number from 0 to 4294967295'],
    ['a. b. 1 2x 3 4 5', 'refresh must be a number of seconds'],
    ['a. b. 1h 2 3 4 5', 'serial must be a number'],
  ],
  malformed: [['0161000162000000000100000002000000030000000400', 'past the end']],
  canonical: [['NS1.Example. HOST.example. 1 2 3 4 5', 'ns1.example. host.example. 1 2 3 4 5']],
});

checkRdata(mx, 'RFC 1035 §3.3.9', {
  good: [
    ['10 mail.example.com.', '000a046d61696c076578616d706c6503636f6d00'],
    ['0 .', '000000'],
  ],
  bad: [
    ['mail.example.com.', 'preference must be a number'],
    ['65536 mail.example.com.', 'preference must be a number from 0 to 65535'],
    ['10 a..b.', 'exchange: a label is empty'],
    ['10', 'exchange is missing'],
  ],
  malformed: [
    ['000a', 'past the end'],
    ['000ac000', 'must not be compressed here'],
  ],
  canonical: [['10 Mail.example.com.', '10 mail.example.com.']],
});

// RFC 2782 has no numbers of sections: the names of its fields stand for them.
checkRdata(srv, 'RFC 2782 §Priority, §Weight, §Port, §Target', {
  good: [
    ['0 5 993 mail.example.com.', '0000000503e1046d61696c076578616d706c6503636f6d00'],
    ['65535 65535 65535 .', 'ffffffffffff00'],
  ],
  bad: [
    ['65536 0 1 a.', 'priority must be a number from 0 to 65535'],
    ['0 65536 1 a.', 'weight must be a number from 0 to 65535'],
    ['0 0 70000 a.', 'port must be a number from 0 to 65535'],
    ['0 0 1', 'target is missing'],
  ],
  canonical: [['0 5 993 Mail.example.com.', '0 5 993 mail.example.com.']],
});

checkRdata(rp, 'RFC 1183 §2.2', {
  good: [
    [
      'louie.trantor.umd.edu. LAM1.people.umd.edu.',
      '056c6f756965077472616e746f7203756d640365647500044c414d310670656f706c6503756d640365647500',
    ],
    ['. .', '0000'],
  ],
  bad: [['louie.trantor.umd.edu.', 'text name is missing']],
  canonical: [['A.example. B.example.', 'a.example. b.example.']],
});

checkRdata(naptr, 'RFC 3403 §4.1, §4.3, §7', {
  good: [
    [
      '100 50 "s" "z3950+I2L+I2C" "" _z3950._tcp.gatech.edu.',
      '0064003201730d7a333935302b49324c2b49324300065f7a33393530045f746370066761746563680365647500',
    ],
    [
      '100 10 "u" "E2U+sip" "!^.*$!sip:info@example.com!" .',
      '0064000a0175074532552b7369701b215e2e2a24217369703a696e666f406578616d706c652e636f6d2100',
    ],
    // A backslash is written twice.
    [
      '100 10 "" "" "!^urn:cid:.+@([^\\\\.]+\\\\.)(.*)$!\\\\2!i" .',
      '0064000a000021215e75726e3a6369643a2e2b40285b5e5c2e5d2b5c2e29282e2a2924215c32216900',
    ],
  ],
  bad: [
    ['65536 1 "" "" "" .', 'order must be a number from 0 to 65535'],
    ['1 65536 "" "" "" .', 'preference must be a number from 0 to 65535'],
    ['1 1 "-" "" "" .', 'flags must be letters and digits'],
    ['1 1 "u" "" "!a!b" .', 'regexp must be empty or such as'],
    ['1 1 "u" "" "!a!b!x" .', 'regexp must be empty or such as'],
    ['1 1 "u" "" "!a!b!" foo.', 'but not both'],
  ],
  malformed: [['000100010173', 'past the end']],
  canonical: [['1 2 "S" "X" "" Foo.Example.', '1 2 "S" "X" "" foo.example.']],
});

describe('relative names', () => {
  test.each([
    [ns, 'ns1', 'ns1.example.com.'],
    [mx, '10 @', '10 example.com.'],
    [srv, '0 0 1 a\\.b', '0 0 1 a\\.b.example.com.'],
  ])('get the origin', (entry, text, printed) => {
    const rdata = rdataFromText(entry.type, text, Name.parse('example.com.'));
    expect(printRdata(entry.type, rdata)).toBe(printed);
  });
});
