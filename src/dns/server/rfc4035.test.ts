import { beforeAll, describe, expect, test } from 'vitest';
import { describeAppendix } from '../../../test/kit/appendix-case.ts';
import { describeCases } from '../../../test/kit/case-table.ts';
import { type DnsCase, questionOf, respond, testZones, type TestZones } from '../../../test/kit/dns-case.ts';
import { decodeMessage, type Message } from '../message/message.ts';

const leftOut = {
  rrsets: ['example. NS', 'ns1.example. A', 'ns2.example. A'],
  why: 'RFC 1034 §4.3.2 wants NS in referrals only',
};

// RFC 4034 §3.1.7 and §4.1.1: to the octet, so no name in RRSIG and NSEC is compressed.
describeAppendix('the answers of appendix B', 'rfc4035-a.zone', [
  {
    title: 'RFC 4035 §3.1.1, B.1: answer',
    qname: 'x.w.example.',
    qtype: 'MX',
    answer: ['x.w.example. MX'],
    authority: ['example. NS'],
    additional: ['xx.example. A', 'xx.example. AAAA', 'ns1.example. A', 'ns2.example. A'],
    leftOut,
  },
  {
    title: 'RFC 4035 §3.1.3.2, B.2: name error',
    qname: 'ml.example.',
    qtype: 'A',
    rcode: 'NXDOMAIN',
    authority: ['example. SOA', 'b.example. NSEC', 'example. NSEC'],
  },
  {
    title: 'RFC 4035 §3.1.3.1, B.3: no data',
    qname: 'ns1.example.',
    qtype: 'MX',
    authority: ['example. SOA', 'ns1.example. NSEC'],
  },
  {
    title: 'RFC 4035 §3.1.4, B.4: referral to a signed zone',
    qname: 'mc.a.example.',
    qtype: 'MX',
    aa: false,
    authority: ['a.example. NS', 'a.example. DS'],
    additional: ['ns1.a.example. A', 'ns2.a.example. A'],
  },
  {
    title: 'RFC 4035 §3.1.4, B.5: referral to an unsigned zone',
    qname: 'mc.b.example.',
    qtype: 'MX',
    aa: false,
    authority: ['b.example. NS', 'b.example. NSEC'],
    additional: ['ns1.b.example. A', 'ns2.b.example. A'],
  },
  {
    title: 'RFC 4035 §3.1.3.3, B.6: wildcard expansion',
    qname: 'a.z.w.example.',
    qtype: 'MX',
    answer: ['a.z.w.example. MX from *.w.example.'],
    authority: ['example. NS', 'x.y.w.example. NSEC'],
    additional: ['ai.example. A', 'ai.example. AAAA'],
    leftOut: { ...leftOut, rrsets: ['example. NS'] },
  },
  {
    title: 'RFC 4035 §3.1.3.4, B.7: wildcard no data',
    qname: 'a.z.w.example.',
    qtype: 'AAAA',
    authority: ['example. SOA', 'x.y.w.example. NSEC', '*.w.example. NSEC'],
  },
  {
    title: 'RFC 4035 §3.1.4.1, B.8: DS of the apex',
    qname: 'example.',
    qtype: 'DS',
    authority: ['example. SOA', 'example. NSEC'],
  },
]);

const zone = `$ORIGIN example.
$TTL 3600
@        SOA   ns1 bugs.x.w 1 3600 300 3600000 3600
@        NS    ns1
b        NS    ns1.b
ns1      A     192.0.2.1
ns1.b    A     192.0.2.7
x.w      MX    1 ai
x.y.w    MX    1 ai
`;
const soa = [
  'example. 3600 SOA ns1.example. bugs.x.w.example. 1 3600 300 3600000 3600',
  'example. 3600 RRSIG SOA',
];
const nsec = {
  b: ['b.example. 3600 NSEC ns1.example. NS RRSIG NSEC', 'b.example. 3600 RRSIG NSEC'],
  ns1: ['ns1.example. 3600 NSEC x.w.example. A RRSIG NSEC', 'ns1.example. 3600 RRSIG NSEC'],
  xw: ['x.w.example. 3600 NSEC x.y.w.example. MX RRSIG NSEC', 'x.w.example. 3600 RRSIG NSEC'],
};

describeCases(
  'answers beyond those of appendix B',
  'nsec',
  [zone],
  [
    {
      why: 'RFC 4035 §3.1.3.2: an empty non-terminal',
      qname: 'y.w.example.',
      qtype: 'A',
      do: true,
      authority: [...soa, ...nsec.xw],
    },
    {
      why: 'RFC 4035 §3.1.4.1: no DS at a cut',
      qname: 'b.example.',
      qtype: 'DS',
      do: true,
      authority: [...soa, ...nsec.b],
    },
    {
      why: 'RFC 4035 §3: nothing of DNSSEC without DO',
      qname: 'ml.example.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: soa.slice(0, 1),
    },
    { why: 'RFC 4035 §3: DS without DO', qname: 'b.example.', qtype: 'DS', authority: soa.slice(0, 1) },
    {
      why: 'RFC 4035 §3: NSEC without DO',
      qname: 'ns1.example.',
      qtype: 'NSEC',
      answer: nsec.ns1.slice(0, 1),
    },
    {
      why: 'RFC 8482: RRSIG gets those of one RRset',
      qname: 'x.w.example.',
      qtype: 'RRSIG',
      answer: ['x.w.example. 3600 RRSIG MX'],
    },
  ],
);

/** Negative answers have a TTL that is less than that of the SOA. */
const lesser = `$ORIGIN example.
$TTL 3600
@        SOA   ns1 bugs 1 3600 300 3600000 600
@        NS    ns.example.net.
d        DNAME target
plain    NS    ns.example.net.
signed   NS    ns.example.net.
signed   DS    1 13 2 ${'AB'.repeat(32)}
x.target 60 A  192.0.2.1
*.w      A     192.0.2.2
z        A     192.0.2.3
`;
const signedSoa = [
  'example. 600 SOA ns1.example. bugs.example. 1 3600 300 3600000 600',
  'example. 600 RRSIG SOA',
];

describeCases(
  'what is added to answers from a signed zone',
  'nsec',
  [lesser],
  [
    {
      why: 'RFC 4035 §3.1.3.2: an NSEC that proves both that there is no name and no wildcard comes once',
      qname: 'a.example.',
      qtype: 'A',
      do: true,
      rcode: 'NXDOMAIN',
      authority: [
        ...signedSoa,
        'example. 600 NSEC d.example. NS SOA RRSIG NSEC DNSKEY',
        'example. 600 RRSIG NSEC',
      ],
    },
    {
      why: 'RFC 4035 §3.1.3.4: an NSEC that proves both that nothing is closer and that the wildcard lacks the type comes once',
      qname: 'q.w.example.',
      qtype: 'TXT',
      do: true,
      authority: [
        ...signedSoa,
        '*.w.example. 600 NSEC z.example. A RRSIG NSEC',
        '*.w.example. 600 RRSIG NSEC',
      ],
    },
    {
      why: 'RFC 4034 §3: an RRSIG has the TTL of what it covers, of the SOA of a negative answer too',
      qname: 'z.example.',
      qtype: 'TXT',
      do: true,
      authority: [...signedSoa, 'z.example. 600 NSEC example. A RRSIG NSEC', 'z.example. 600 RRSIG NSEC'],
    },
    {
      why: 'RFC 4035 §3.1.4: the DS comes with NS, and is signed',
      qname: 'www.signed.example.',
      qtype: 'A',
      do: true,
      flags: '',
      authority: [
        'signed.example. 3600 NS ns.example.net.',
        `signed.example. 3600 DS 1 13 2 ${'AB'.repeat(32)}`,
        'signed.example. 3600 RRSIG DS',
      ],
    },
    {
      why: 'RFC 4035 §3.1.4: where there is none, the NSEC that says so comes behind NS',
      qname: 'www.plain.example.',
      qtype: 'A',
      do: true,
      flags: '',
      authority: [
        'plain.example. 3600 NS ns.example.net.',
        'plain.example. 600 NSEC signed.example. NS RRSIG NSEC',
        'plain.example. 600 RRSIG NSEC',
      ],
    },
    {
      why: 'RFC 4035 §3: neither comes without DO',
      qname: 'www.signed.example.',
      qtype: 'A',
      udpSize: 1232,
      flags: '',
      authority: ['signed.example. 3600 NS ns.example.net.'],
    },
    {
      why: 'RFC 4035 §3: a CNAME that is made of a DNAME is not signed',
      qname: 'x.d.example.',
      qtype: 'A',
      do: true,
      answer: [
        'd.example. 3600 DNAME target.example.',
        'd.example. 3600 RRSIG DNAME',
        'x.d.example. 3600 CNAME x.target.example.',
        'x.target.example. 60 A 192.0.2.1',
        'x.target.example. 60 RRSIG A',
      ],
    },
  ],
);

describe('the header of an answer from a signed zone', () => {
  let zones: TestZones;
  beforeAll(async () => {
    zones = await testZones([lesser], 'nsec');
  });
  const asked = (third: number, spec: DnsCase): Message =>
    decodeMessage(respond(zones.zones, questionOf(spec).with(3, third))!);
  const [CD, AD] = [0x10, 0x20];

  test.each([
    ['RFC 4035 §3: CD comes back', CD, { cd: true, ad: false }],
    ['RFC 4035 §3: AD of a query is ignored, and §3.1.6: no answer has it', AD, { cd: false, ad: false }],
  ])('%s', (_title, third, flags) => {
    const spec = { qname: 'z.example.', qtype: 'A', do: true };
    const message = asked(third, spec);
    expect(message.flags).toMatchObject(flags);
    expect(message.answers).toEqual(asked(0, spec).answers);
  });

  test.each([true, false])('RFC 6840 §5.6: DO comes back as it was asked: %s', (dnssecOk) => {
    const spec = { qname: 'z.example.', qtype: 'A', do: dnssecOk, udpSize: 1232 };
    expect(asked(0, spec).edns).toMatchObject({ do: dnssecOk });
  });
});

const parent = `$ORIGIN example.com.
$TTL 3600
@     SOA   ns1 hostmaster 1 7200 3600 1209600 600
@     NS    ns1.example.net.
alias CNAME child
child NS    ns1.example.net.
child DS    57855 13 2 3C5C3A3F8E5D5C7B8E1B0A4B3C2D1E0F9A8B7C6D5E4F30213243546576879800
`;
const child = `$ORIGIN child.example.com.
$TTL 3600
@     SOA   ns1 hostmaster 1 7200 3600 1209600 600
@     NS    ns1.example.net.
`;
const ds =
  'child.example.com. 3600 DS 57855 13 2 3C5C3A3F8E5D5C7B8E1B0A4B3C2D1E0F9A8B7C6D5E4F30213243546576879800';

describeCases(
  'RFC 4035 §3.1.4.1: a server of both sides of a cut',
  'unsigned',
  [parent, child],
  [
    { why: 'has the DS in the parent', qname: 'child.example.com.', qtype: 'DS', answer: [ds] },
    {
      why: 'at the end of an alias too',
      qname: 'alias.example.com.',
      qtype: 'DS',
      answer: ['alias.example.com. 3600 CNAME child.example.com.', ds],
    },
  ],
);

const grandchild = `$ORIGIN own.other.example.com.
$TTL 3600
@     SOA   ns1 hostmaster 1 7200 3600 1209600 600
@     NS    ns1.example.net.
`;
const noDs = [
  'own.other.example.com. 600 SOA ns1.own.other.example.com. hostmaster.own.other.example.com. 1 7200 3600 1209600 600',
  'own.other.example.com. 600 RRSIG SOA',
  'own.other.example.com. 600 NSEC own.other.example.com. NS SOA RRSIG NSEC DNSKEY',
  'own.other.example.com. 600 RRSIG NSEC',
];

describeCases(
  'a server of a zone, and of one above that delegates its parent to somebody else',
  'nsec',
  [`${parent}other NS ns1.example.org.\nto CNAME own.other\n`, grandchild],
  [
    {
      why: 'RFC 4035 §3.1.4.1: has no DS, and says so with the apex of the child',
      qname: 'own.other.example.com.',
      qtype: 'DS',
      do: true,
      authority: noDs,
    },
    {
      why: 'RFC 4035 §3.1.4.1: at the end of an alias too',
      qname: 'to.example.com.',
      qtype: 'DS',
      answer: ['to.example.com. 3600 CNAME own.other.example.com.'],
      authority: noDs.slice(0, 1),
    },
    {
      why: 'and leads to the parent for a name below it that is no zone here',
      qname: 'x.other.example.com.',
      qtype: 'DS',
      flags: '',
      authority: ['other.example.com. 3600 NS ns1.example.org.'],
    },
  ],
);

describeCases(
  'a server of both sides of a cut that signs both',
  'nsec',
  [parent, child],
  [
    {
      why: 'RFC 4035 §3: has the NSEC of the child always',
      qname: 'child.example.com.',
      qtype: 'NSEC',
      answer: ['child.example.com. 600 NSEC child.example.com. NS SOA RRSIG NSEC DNSKEY'],
    },
    {
      why: 'RFC 4035 §3.1.4.1: has the signature of the DS with it',
      qname: 'child.example.com.',
      qtype: 'DS',
      do: true,
      answer: [ds, 'child.example.com. 3600 RRSIG DS'],
    },
  ],
);
