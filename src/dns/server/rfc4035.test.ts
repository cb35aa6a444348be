import { describeCases } from '../../../test/kit/case-table.ts';

/** The shape of the zone in RFC 4035 appendix A and RFC 5155 appendix A: cuts with and without DS, a wildcard, ENTs. */
const zone = `$ORIGIN example.
$TTL 3600
@        SOA   ns1 bugs.x.w 1 3600 300 3600000 3600
@        NS    ns1
ns1      A     192.0.2.1
a        NS    ns1.a
a        DS    57855 5 1 B6DCD485719ADCA18E5F3D48A2331627FDD3636B
ns1.a    A     192.0.2.5
b        NS    ns1.b
ns1.b    A     192.0.2.7
*.w      MX    1 ai
x.w      MX    1 ai
x.y.w    MX    1 ai
ai       A     192.0.2.9
`;
const soa = [
  'example. 3600 SOA ns1.example. bugs.x.w.example. 1 3600 300 3600000 3600',
  'example. 3600 RRSIG SOA',
];
const nsec = {
  apex: ['example. 3600 NSEC a.example. NS SOA RRSIG NSEC DNSKEY', 'example. 3600 RRSIG NSEC'],
  b: ['b.example. 3600 NSEC ns1.example. NS RRSIG NSEC', 'b.example. 3600 RRSIG NSEC'],
  ns1: ['ns1.example. 3600 NSEC *.w.example. A RRSIG NSEC', 'ns1.example. 3600 RRSIG NSEC'],
  wildcard: ['*.w.example. 3600 NSEC x.w.example. MX RRSIG NSEC', '*.w.example. 3600 RRSIG NSEC'],
  xw: ['x.w.example. 3600 NSEC x.y.w.example. MX RRSIG NSEC', 'x.w.example. 3600 RRSIG NSEC'],
  xyw: ['x.y.w.example. 3600 NSEC example. MX RRSIG NSEC', 'x.y.w.example. 3600 RRSIG NSEC'],
};
const mx = ['3600 MX 1 ai.example.', '3600 RRSIG MX'];
const ai = ['ai.example. 3600 A 192.0.2.9', 'ai.example. 3600 RRSIG A'];

describeCases(
  'RFC 4035 appendix B',
  'nsec',
  [zone],
  [
    {
      why: 'B.1 answer',
      qname: 'x.w.example.',
      qtype: 'MX',
      do: true,
      answer: mx.map((text) => `x.w.example. ${text}`),
      additional: ai,
    },
    {
      why: 'B.2 name error',
      qname: 'ml.example.',
      qtype: 'A',
      do: true,
      rcode: 'NXDOMAIN',
      authority: [...soa, ...nsec.b, ...nsec.apex],
    },
    { why: 'B.3 no data', qname: 'ns1.example.', qtype: 'MX', do: true, authority: [...soa, ...nsec.ns1] },
    {
      why: 'B.4 referral to a signed zone',
      qname: 'mc.a.example.',
      qtype: 'MX',
      do: true,
      flags: '',
      authority: [
        'a.example. 3600 NS ns1.a.example.',
        'a.example. 3600 DS 57855 5 1 B6DCD485719ADCA18E5F3D48A2331627FDD3636B',
        'a.example. 3600 RRSIG DS',
      ],
      additional: ['ns1.a.example. 3600 A 192.0.2.5'],
    },
    {
      why: 'B.5 referral to an unsigned zone',
      qname: 'mc.b.example.',
      qtype: 'MX',
      do: true,
      flags: '',
      authority: ['b.example. 3600 NS ns1.b.example.', ...nsec.b],
      additional: ['ns1.b.example. 3600 A 192.0.2.7'],
    },
    {
      why: 'B.6 wildcard expansion',
      qname: 'a.z.w.example.',
      qtype: 'MX',
      do: true,
      answer: mx.map((text) => `a.z.w.example. ${text}`),
      authority: nsec.xyw,
      additional: ai,
    },
    {
      why: 'B.7 wildcard no data',
      qname: 'a.z.w.example.',
      qtype: 'AAAA',
      do: true,
      authority: [...soa, ...nsec.xyw, ...nsec.wildcard],
    },
    { why: 'B.8 DS of an apex', qname: 'example.', qtype: 'DS', do: true, authority: [...soa, ...nsec.apex] },
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
