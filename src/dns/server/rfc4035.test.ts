import { describeAppendix } from '../../../test/kit/appendix-case.ts';
import { describeCases } from '../../../test/kit/case-table.ts';

const leftOut = {
  rrsets: ['example. NS', 'ns1.example. A', 'ns2.example. A'],
  why: 'RFC 1034 §4.3.2 wants NS in referrals only',
};

describeAppendix('RFC 4035 appendix B', 'rfc4035-a.zone', [
  {
    title: 'B.1 answer',
    qname: 'x.w.example.',
    qtype: 'MX',
    answer: ['x.w.example. MX'],
    authority: ['example. NS'],
    additional: ['xx.example. A', 'xx.example. AAAA', 'ns1.example. A', 'ns2.example. A'],
    leftOut,
  },
  {
    title: 'B.2 name error',
    qname: 'ml.example.',
    qtype: 'A',
    rcode: 'NXDOMAIN',
    authority: ['example. SOA', 'b.example. NSEC', 'example. NSEC'],
  },
  {
    title: 'B.3 no data',
    qname: 'ns1.example.',
    qtype: 'MX',
    authority: ['example. SOA', 'ns1.example. NSEC'],
  },
  {
    title: 'B.4 referral to a signed zone',
    qname: 'mc.a.example.',
    qtype: 'MX',
    aa: false,
    authority: ['a.example. NS', 'a.example. DS'],
    additional: ['ns1.a.example. A', 'ns2.a.example. A'],
  },
  {
    title: 'B.5 referral to an unsigned zone',
    qname: 'mc.b.example.',
    qtype: 'MX',
    aa: false,
    authority: ['b.example. NS', 'b.example. NSEC'],
    additional: ['ns1.b.example. A', 'ns2.b.example. A'],
  },
  {
    title: 'B.6 wildcard expansion',
    qname: 'a.z.w.example.',
    qtype: 'MX',
    answer: ['a.z.w.example. MX from *.w.example.'],
    authority: ['example. NS', 'x.y.w.example. NSEC'],
    additional: ['ai.example. A', 'ai.example. AAAA'],
    leftOut: { ...leftOut, rrsets: ['example. NS'] },
  },
  {
    title: 'B.7 wildcard no data',
    qname: 'a.z.w.example.',
    qtype: 'AAAA',
    authority: ['example. SOA', 'x.y.w.example. NSEC', '*.w.example. NSEC'],
  },
  {
    title: 'B.8 DS of the apex',
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
  'RFC 4035 §3.1, beyond appendix B',
  'nsec',
  [zone],
  [
    {
      why: 'an empty non-terminal',
      qname: 'y.w.example.',
      qtype: 'A',
      do: true,
      authority: [...soa, ...nsec.xw],
    },
    {
      why: '§3.1.4.1 no DS at a cut',
      qname: 'b.example.',
      qtype: 'DS',
      do: true,
      authority: [...soa, ...nsec.b],
    },
    {
      why: '§3.1 nothing of DNSSEC without DO',
      qname: 'ml.example.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: soa.slice(0, 1),
    },
    { why: '§3.1 but for what is asked for', qname: 'b.example.', qtype: 'DS', authority: soa.slice(0, 1) },
    { why: 'NSEC asked for', qname: 'ns1.example.', qtype: 'NSEC', answer: nsec.ns1.slice(0, 1) },
    {
      why: 'RFC 8482: RRSIG gets those of one RRset',
      qname: 'x.w.example.',
      qtype: 'RRSIG',
      answer: ['x.w.example. 3600 RRSIG MX'],
    },
  ],
);

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
