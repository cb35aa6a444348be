import { checkRdata } from '../../../test/kit/rdata-cases.ts';
import { a6 } from './a6.ts';
import { amtrelay } from './amtrelay.ts';
import { apl } from './apl.ts';
import { atma } from './atma.ts';
import { eui48, eui64 } from './eui.ts';
import { gpos } from './gpos.ts';
import { l32, l64, lp, nid } from './ilnp.ts';
import { isdn } from './isdn.ts';
import { nsap } from './nsap.ts';
import { nsapPtr } from './nsap-ptr.ts';
import { wks } from './wks.ts';
import { x25 } from './x25.ts';

checkRdata(wks, 'RFC 1035 §3.4.2', {
  good: [
    ['10.0.0.1 6 25 80', '0a000001060000004000000000000080'],
    ['10.0.0.1 TCP smtp Domain', '0a0000010600000040000004', '10.0.0.1 6 25 53'],
    ['10.0.0.1 17 0', '0a0000011180'],
    ['10.0.0.1 udp', '0a00000111', '10.0.0.1 17'],
  ],
  bad: [
    ['10.0.0 6 25', 'address must be an IPv4 address'],
    ['10.0.0.1 256 25', 'protocol must be a number from 0 to 255'],
    ['10.0.0.1 6 65536', 'service must be a number from 0 to 65535'],
    ['10.0.0.1 6 nothing', 'service must be a number'],
    ['10.0.0.1', 'protocol is missing'],
  ],
  malformed: [
    ['0a000001', 'past the end'],
    ['0a0000010600', 'ends in a zero octet'],
    [`0a00000106${'01'.repeat(8193)}`, 'more bits than there are ports'],
  ],
});

checkRdata(x25, 'RFC 1183 §3.1', {
  good: [['311061700956', '0c333131303631373030393536', '"311061700956"']],
  bad: [
    ['123', '4 or more digits'],
    ['12a4', '4 or more digits'],
    ['', 'address is missing'],
  ],
  malformed: [
    ['03313233', '4 or more digits'],
    ['0461626364', '4 or more digits'],
  ],
});

checkRdata(isdn, 'RFC 1183 §3.2', {
  good: [
    ['"150862028003217" "004"', '0f31353038363230323830303332313703303034'],
    ['150862028003217', '0f313530383632303238303033323137', '"150862028003217"'],
    ['"" ""', '0000'],
    ['""', '00'],
  ],
  bad: [
    ['', 'address is missing'],
    ['1 2 3', 'nothing more is expected'],
  ],
  malformed: [
    ['0131023233ff', 'longer than its content'],
    ['', 'past the end'],
  ],
});

checkRdata(nsap, 'RFC 1706 §5, §7', {
  good: [
    [
      '0x47.0005.80.005a00.0000.0001.e133.ffffff000161.00',
      '47000580005a0000000001e133ffffff00016100',
      '0x47000580005a0000000001e133ffffff00016100',
    ],
    ['0X4.7', '47', '0x47'],
  ],
  bad: [
    ['47.0005', 'address must be 0x'],
    ['0x', 'address must be 0x'],
    ['0x4', 'digits in pairs'],
    ['0x4g', 'hexadecimal digits'],
  ],
  malformed: [['', 'address is empty']],
});

checkRdata(nsapPtr, 'RFC 1706 §6', {
  good: [['Foo.example.', '03466f6f076578616d706c6500']],
  bad: [['', 'name is missing']],
  malformed: [['c000', 'must not be compressed']],
  // RFC 4034 §6.2 has no NSAP-PTR.
  canonical: [['Foo.example.', 'Foo.example.']],
});

checkRdata(gpos, 'RFC 1712 §3, §4', {
  good: [
    [
      '-32.6882 116.8652 10.0',
      '082d33322e36383832083131362e383635320431302e30',
      '"-32.6882" "116.8652" "10.0"',
    ],
    ['"" "" ""', '000000'],
  ],
  bad: [['-32.6882 116.8652', 'altitude is missing']],
  malformed: [['0000', 'past the end']],
});

checkRdata(atma, 'ATM Name System 2.0 §5.3', {
  good: [
    ['39246f00012340', '0039246f00012340'],
    ['39.24.6F', '0039246f', '39246f'],
    ['3.924', '003924', '3924'],
    ['+61.2.00000000', '013631323030303030303030', '+61200000000'],
    ['\\# 3 020102', '020102'],
  ],
  bad: [
    ['39..24', 'digits before and after each dot'],
    ['39.', 'digits before and after each dot'],
    ['.39', 'digits before and after each dot'],
    ['392', 'hexadecimal digits in pairs'],
    ['3g', 'hexadecimal digits in pairs'],
    ['+', 'digits before and after each dot'],
    ['+6a', '"+" and digits'],
    ['', 'address is missing'],
  ],
  malformed: [
    ['00', 'address is empty'],
    ['0161', 'not made of digits'],
  ],
});

checkRdata(a6, 'RFC 2874 §3.1.1, §3.1.3', {
  good: [
    ['0 ::1', '0000000000000000000000000000000001'],
    ['127 ::1 foo.', '7f0103666f6f00'],
    ['128 foo.', '8003666f6f00'],
    [
      '64 ::1234:5678:1:2:3 Subnet.example.',
      '405678000100020003065375626e6574076578616d706c6500',
      '64 ::5678:1:2:3 Subnet.example.',
    ],
    ['3 ffff:: foo.', '031fff000000000000000000000000000003666f6f00', '3 1fff:: foo.'],
  ],
  bad: [
    ['129 ::1 foo.', 'prefix length must be a number from 0 to 128'],
    ['0 ::1 foo.', 'nothing more is expected'],
    ['64 1.2.3.4 foo.', 'address suffix must be an IPv6 address'],
    ['64 ::1', 'prefix name is missing'],
    ['128', 'prefix name is missing'],
  ],
  malformed: [
    ['81', 'longer than 128 bits'],
    ['0801', 'past the end'],
    ['03ff00000000000000000000000000000000', 'pad bits are not zero'],
    ['80c000', 'must not be compressed'],
  ],
  canonical: [['64 ::1 Subnet.Example.', '64 ::1 subnet.example.']],
});

checkRdata(apl, 'RFC 3123 §4, §4.1, §4.2, §5, §6', {
  good: [
    ['1:192.168.32.0/21 !1:192.168.38.0/28', '00011503c0a82000011c83c0a826'],
    ['2:FF00:0:0:0:0:0:0:0/8', '00020801ff', '2:ff00::/8'],
    ['1:0.0.0.0/0 2:::/0', '0001000000020000'],
    // Items are neither merged nor put in another order.
    ['1:10.0.0.0/8 1:9.0.0.0/8 1:10.0.0.0/8', '000108010a0001080109000108010a'],
    ['1:1.2.3.4/8', '0001080401020304'],
    ['2:::ffff:1.2.3.4/128', '0002801000000000000000000000ffff01020304'],
    ['', '', '\\# 0'],
    ['\\# 5 0003080101', '0003080101'],
  ],
  bad: [
    ['3:aa/8', 'prefix must be such as 1:192.0.2.0/24'],
    ['1:1.2.3.4/33', 'prefix must be such as 1:192.0.2.0/24'],
    ['1:1.2.3/8', 'prefix must be such as 1:192.0.2.0/24'],
    ['1:1.2.3.4', 'prefix must be such as 1:192.0.2.0/24'],
    ['!!1:1.2.3.4/8', 'prefix must be such as 1:192.0.2.0/24'],
    ['2:2001:db8::/129', 'prefix must be such as 2:2001:db8::/32'],
  ],
  malformed: [
    ['000108', 'past the end'],
    ['0001080201', 'past the end'],
    ['0001080100', 'ends in a zero octet'],
    ['0001080501020304ff', 'longer than an address'],
    ['00012100', 'longer than an address'],
  ],
});

checkRdata(amtrelay, 'RFC 8777 §4.2, §4.2.3, §4.3.1', {
  good: [
    ['0 0 0 .', '0000'],
    ['0 1 1 203.0.113.15', '0081cb00710f'],
    ['10 0 2 2001:db8::15', '0a0220010db8000000000000000000000015'],
    ['128 1 3 AmtRelays.example.com.', '808309416d7452656c617973076578616d706c6503636f6d00'],
    ['\\# 3 000401', '000401'],
  ],
  bad: [
    ['10 2 3 foo.', 'discovery optional must be a number from 0 to 1'],
    ['10 0 4 foo.', 'relay type must be a number from 0 to 3'],
    ['10 0 0', 'relay is missing'],
    ['10 0 0 foo.', 'relay must be "." for none'],
    ['10 0 1 ::1', 'relay must be an IPv4 address'],
    ['10 0 2 1.2.3.4', 'relay must be an IPv6 address'],
  ],
  malformed: [
    ['000001', 'longer than its content'],
    ['0001', 'past the end'],
    ['0003c000', 'must not be compressed'],
  ],
  // RFC 4034 §6.2 has no AMTRELAY.
  canonical: [['10 0 3 Relay.example.', '10 0 3 Relay.example.']],
});

checkRdata(nid, 'RFC 6742 §2.1.1, §2.1.2', {
  good: [
    ['10 0014:4fff:ff20:ee64', '000a00144fffff20ee64'],
    ['10 14:4FFF:ff20:0', '000a00144fffff200000', '10 0014:4fff:ff20:0000'],
  ],
  bad: [
    ['10 ::1', 'four groups of hexadecimal digits'],
    ['10 00014:4fff:ff20:ee64', 'four groups of hexadecimal digits'],
    ['10 14:4fff:ff20', 'four groups of hexadecimal digits'],
    ['65536 14:4fff:ff20:1', 'preference must be a number'],
  ],
  malformed: [
    ['000a00144fffff20ee', 'past the end'],
    ['000a00144fffff20ee6400', 'longer than its content'],
  ],
});

checkRdata(l64, 'RFC 6742 §2.3.1, §2.3.2', {
  good: [['10 2001:0db8:1140:1000', '000a20010db811401000']],
  bad: [['10 2001:db8::', 'four groups of hexadecimal digits']],
});

checkRdata(l32, 'RFC 6742 §2.2.1, §2.2.2', {
  good: [['10 10.1.2.0', '000a0a010200']],
  bad: [['10 10.1.2', 'locator must be an IPv4 address']],
  malformed: [['000a0a0102', 'past the end']],
});

checkRdata(lp, 'RFC 6742 §2.4.1, §2.4.1.2, §2.4.2', {
  good: [['10 l64-subnet1.Example.com.', '000a0b6c36342d7375626e657431074578616d706c6503636f6d00']],
  bad: [['10', 'target is missing']],
  malformed: [['000ac000', 'must not be compressed']],
  // RFC 4034 §6.2 has no LP.
  canonical: [['10 Subnet.example.', '10 Subnet.example.']],
});

checkRdata(eui48, 'RFC 7043 §3.1, §3.2', {
  good: [
    ['00-00-5e-00-53-2a', '00005e00532a'],
    ['0-0-5E-0-53-2A', '00005e00532a', '00-00-5e-00-53-2a'],
  ],
  bad: [
    ['00:00:5e:00:53:2a', 'address must be such as 00-00-5e-00-53-2a'],
    ['00-00-5e-00-53', 'address must be such as'],
    ['00-00-5e-00-53-2g', 'address must be such as'],
  ],
  malformed: [
    ['00005e0053', 'past the end'],
    ['00005e00532a00', 'longer than its content'],
  ],
});

checkRdata(eui64, 'RFC 7043 §4.1, §4.2', {
  good: [['00-00-5e-ef-10-00-00-2a', '00005eef1000002a']],
  bad: [['00-00-5e-00-53-2a', 'address must be such as 00-00-5e-ef-10-00-00-2a']],
  malformed: [['00005eef100000', 'past the end']],
});
