import { checkRdata, type RdataCases } from '../../../test/kit/rdata-cases.ts';
import { doa } from './doa.ts';
import { dsync } from './dsync.ts';
import { genericOnlyTypes } from './generic-only.ts';
import { octetsOnlyTypes } from './octets-only.ts';
import { sink } from './sink.ts';
import { talink } from './talink.ts';
import { textOnlyTypes } from './text-only.ts';

const sources: Record<string, string> = {
  NINFO: 'draft-reid-dnsext-zs',
  SPF: 'RFC 7208 §14.1',
  RESINFO: 'RFC 9606 §4',
  DHCID: 'RFC 4701 §3.1, §3.2',
  HHIT: 'RFC 9886 §5',
  BRID: 'RFC 9886 §5',
  NULL: 'RFC 1035 §3.3.10',
};
const examples: Record<string, RdataCases['good']> = {
  // RFC 4701 §3.6.1.
  DHCID: [
    [
      'AAIBY2/AuCccgoJbsaxcQc9TUapptP69l OjxfNuVAA2kjEA=',
      '000201636fc0b8271c82825bb1ac5c41cf5351aa69b4febd94e8f17cdb95000da48c40',
      'AAIBY2/AuCccgoJbsaxcQc9TUapptP69lOjxfNuVAA2kjEA=',
    ],
  ],
};
/** What no document describes has a template, or a number, with IANA. */
const sourceOf = (name: string): string => sources[name] ?? 'IANA';

for (const type of textOnlyTypes) {
  checkRdata(type, sourceOf(type.name), {
    good: [['"a b" c', '036120620163', '"a b" "c"']],
    bad: [['', 'text is missing']],
    malformed: [
      ['', `${type.name} rdata is empty`],
      ['0361', 'past the end'],
    ],
  });
}

for (const type of octetsOnlyTypes) {
  const hex = type.name === 'EID' || type.name === 'NIMLOC';
  checkRdata(type, sourceOf(type.name), {
    good: [
      hex ? ['12 34aB', '1234ab', '1234AB'] : ['l4 ik', '9788a4', 'l4ik'],
      ...(examples[type.name] ?? []),
    ],
    bad: [['', 'is missing'], hex ? ['123', 'hexadecimal digits in pairs'] : ['l4ik*', 'must be base64']],
    malformed: [['', 'is empty']],
  });
}

for (const type of genericOnlyTypes) {
  checkRdata(type, sourceOf(type.name), {
    good: [
      ['\\# 3 010203', '010203'],
      ['\\# 0', ''],
    ],
    bad: [
      ['010203', `${type.name} has no text form of its own`],
      ['', `${type.name} has no text form of its own`],
    ],
  });
}

checkRdata(sink, 'draft-eastlake-kitchen-sink', {
  good: [
    ['1 0 0', '010000'],
    ['8 0 2 l4 ik', '0800029788a4', '8 0 2 l4ik'],
  ],
  bad: [
    ['1 0', 'subcoding is missing'],
    ['256 0 0', 'meaning must be a number from 0 to 255'],
  ],
  malformed: [['0100', 'past the end']],
});

checkRdata(talink, 'draft-wijngaards-dnsop-trust-history', {
  good: [['. Wrzqi.example.', '000557727a7169076578616d706c6500']],
  bad: [['.', 'next name is missing']],
  malformed: [['00c000', 'must not be compressed']],
  // RFC 4034 §6.2 has no TALINK.
  canonical: [['A. B.', 'A. B.']],
});

checkRdata(dsync, 'RFC 9859 §2.1, §2.2', {
  good: [
    ['CDS NOTIFY 5359 Foo.example.', '003b0114ef03466f6f076578616d706c6500'],
    ['62 1 5359 a.', '003e0114ef016100', 'CSYNC NOTIFY 5359 a.'],
    ['TYPE65280 128 0 .', 'ff0080000000'],
  ],
  bad: [
    ['65536 1 1 a.', 'type must be a number from 0 to 65535'],
    ['CDS FOO 1 a.', 'scheme must be a number from 0 to 255'],
    ['CDS NOTIFY 65536 a.', 'port must be a number'],
    ['CDS NOTIFY 1', 'target is missing'],
  ],
  malformed: [
    ['003b010001', 'past the end'],
    ['003b010001c000', 'must not be compressed'],
  ],
  // RFC 4034 §6.2 has no DSYNC.
  canonical: [['CDS NOTIFY 1 Foo.', 'CDS NOTIFY 1 Foo.']],
});

checkRdata(doa, 'draft-durand-doa-over-dns', {
  good: [
    ['1234567890 4294967295 1 "image/gif" -', '499602d2ffffffff0109696d6167652f676966'],
    ['0 1 2 "" aHR0 cHM6', '0000000000000001020068747470733a', '0 1 2 "" aHR0cHM6'],
  ],
  bad: [
    ['4294967296 0 0 "" -', 'enterprise must be a number'],
    ['0 0 256 "" -', 'location must be a number'],
    ['0 1 2 foo', 'data is missing'],
    ['0 1 2 foo - -', 'nothing more is expected'],
    ['0 1 2 foo *', 'data must be base64'],
  ],
  malformed: [
    ['000000000000000000', 'past the end'],
    ['0000000000000000000261', 'past the end'],
  ],
});
