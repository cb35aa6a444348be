import { beforeAll, describe, expect, test } from 'vitest';
import { describeCases } from '../../../test/kit/case-table.ts';
import { questionOf, respond } from '../../../test/kit/dns-case.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { decodeMessage } from '../message/message.ts';
import { Type } from '../type-codes.ts';
import type { ZoneSet } from './zone-set.ts';

const zone = `$ORIGIN example.com.
$TTL 3600
@     SOA   host hostmaster 1 7200 3600 1209600 600
@     NS    host
host  A     192.0.2.1
cname CNAME host
hinfo HINFO PC UNIX
mb    MB    host
md    MD    host
mf    MF    host
mg    MG    host
minfo MINFO host host
mr    MR    host
mx    MX    10 host
null  NULL  \\# 1 00
ptr   PTR   host
txt   TXT   host
wks   WKS   192.0.2.1 6 25
`;
const host = 'host.example.com. 3600 A 192.0.2.1';
const of = (type: string, rdata: string): string =>
  `${type.toLowerCase()}.example.com. 3600 ${type} ${rdata}`;
const name = 'host.example.com.';

/** What a type brings along in the additional section: the addresses of what it names, or nothing. */
const additional: [section: string, type: string, rdata: string, ...additional: string[]][] = [
  ['RFC 1035 §3.3.1: nothing comes with a CNAME', 'CNAME', name],
  ['RFC 1035 §3.3.2: nothing comes with a HINFO', 'HINFO', '"PC" "UNIX"'],
  ['RFC 1035 §3.3.3: the address comes with a MB', 'MB', name, host],
  ['RFC 1035 §3.3.4: the address comes with a MD', 'MD', name, host],
  ['RFC 1035 §3.3.5: the address comes with a MF', 'MF', name, host],
  ['RFC 1035 §3.3.6: nothing comes with a MG', 'MG', name],
  ['RFC 1035 §3.3.7: nothing comes with a MINFO', 'MINFO', `${name} ${name}`],
  ['RFC 1035 §3.3.8: nothing comes with a MR', 'MR', name],
  ['RFC 1035 §3.3.9: the address comes with a MX', 'MX', `10 ${name}`, host],
  ['RFC 1035 §3.3.10: nothing comes with a NULL', 'NULL', '\\# 1 00'],
  ['RFC 1035 §3.3.12: nothing comes with a PTR', 'PTR', name],
  ['RFC 1035 §3.3.14: nothing comes with a TXT', 'TXT', '"host"'],
  ['RFC 1035 §3.4.2: nothing comes with a WKS', 'WKS', '192.0.2.1 6 25'],
];

describeCases(
  'RFC 1035 §3.3',
  'unsigned',
  [zone],
  [
    ...additional.map(([why, qtype, rdata, ...records]) => ({
      ...{ why, qname: `${qtype}.example.com.`.toLowerCase(), qtype },
      ...{ answer: [of(qtype, rdata)], additional: records },
    })),
    {
      why: 'RFC 1035 §3.3.11: the address comes with a NS',
      qname: 'example.com.',
      qtype: 'NS',
      answer: ['example.com. 3600 NS host.example.com.'],
      additional: [host],
    },
    {
      why: 'RFC 1035 §3.3.13: nothing comes with a SOA',
      qname: 'example.com.',
      qtype: 'SOA',
      answer: ['example.com. 3600 SOA host.example.com. hostmaster.example.com. 1 7200 3600 1209600 600'],
    },
    { why: 'RFC 1035 §3.4.1: nothing comes with an A', qname: name, qtype: 'A', answer: [host] },
  ],
);

describe('what does not fit', () => {
  let zones: ZoneSet;
  beforeAll(() => {
    const servers = Array.from(
      { length: 20 },
      (_, n) => `sub NS a-nameserver-with-a-long-name-${n}.example.`,
    );
    zones = zoneSet([
      imageOf(`$ORIGIN example.com.
$TTL 3600
@ SOA ns1.example. hostmaster 1 7200 3600 1209600 600
@ NS ns1.example.
alias CNAME x.sub
${servers.join('\n')}
`),
    ]);
  });

  test('RFC 1035 §6.2: is left out from the end on, so that the answer section is whole', () => {
    const { answers, authorities, flags } = decodeMessage(
      respond(zones, questionOf({ qname: 'alias.example.com.', qtype: 'A' }))!,
    );
    expect(answers.map(({ type }) => type)).toEqual([Type.CNAME]);
    expect(authorities).toEqual([]);
    expect(flags.tc).toBe(true);
  });
});

test('RFC 1035 §4.1.2: a name of an odd number of octets, and one of an even, are followed by type and class at once', () => {
  const zones = zoneSet([imageOf(zone)]);
  for (const qname of ['mx.example.com.', 'mf.example.com.', 'txt.example.com.', 'null.example.com.']) {
    const query = questionOf({ qname, qtype: 'SOA' });
    expect(query.length).toBe(12 + qname.length + 1 + 4);
    const response = respond(zones, query)!;
    expect(Buffer.from(response.subarray(12, query.length))).toEqual(Buffer.from(query.subarray(12)));
    expect(decodeMessage(response).authorities).toHaveLength(1);
  }
});

test.each([
  ['a query', 0],
  ['a status request', 2],
])(
  'RFC 1035 §4.1.1: to %s id, opcode and RD come back; QR is set, RA and Z are clear, whatever came',
  (_what, opcode) => {
    const query = questionOf({ qname: 'host.example.com.', qtype: 'A' });
    query.set([0x12, 0x34, (opcode << 3) | 0x07, 0xe0]);
    const response = respond(zoneSet([imageOf(zone)]), query)!;
    expect([...response.subarray(0, 2)]).toEqual([0x12, 0x34]);
    expect(response[2]! & 0xfb).toBe(0x80 | (opcode << 3) | 0x01);
    expect(response[3]! & 0xc0).toBe(0);
  },
);
