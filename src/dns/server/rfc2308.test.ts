import { describeCases } from '../../../test/kit/case-table.ts';

const zone = `$ORIGIN example.com.
$TTL 3600
@       SOA   ns1 hostmaster 1 7200 3600 1209600 600
@       NS    ns1
ns1     A     192.0.2.53
first   CNAME second
second  CNAME third
third   CNAME ns1
dead    CNAME nothing
`;
/** The TTL of its SOA is less than MINIMUM. */
const short = `$ORIGIN example.net.
@ 60 SOA ns1.example.com. hostmaster 1 7200 3600 1209600 600
@ 60 NS ns1.example.com.
`;
const soa = 'example.com. 600 SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 600';
const chain = [
  'first.example.com. 3600 CNAME second.example.com.',
  'second.example.com. 3600 CNAME third.example.com.',
  'third.example.com. 3600 CNAME ns1.example.com.',
];

describeCases(
  'RFC 2308, unsigned',
  'unsigned',
  [zone, short],
  [
    {
      why: 'RFC 2308 §1: each alias comes behind the one that leads to it',
      qname: 'first.example.com.',
      qtype: 'A',
      answer: [...chain, 'ns1.example.com. 3600 A 192.0.2.53'],
    },
    {
      why: 'RFC 2308 §2.1, §2.1.1: a name error has the SOA and no NS',
      qname: 'nope.example.com.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: [soa],
    },
    {
      why: 'RFC 2308 §2.1, §2.1.1: so it has at the end of an alias',
      qname: 'dead.example.com.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      answer: ['dead.example.com. 3600 CNAME nothing.example.com.'],
      authority: [soa],
    },
    {
      why: 'RFC 2308 §2.2, §2.2.1: no data has the SOA and no NS',
      qname: 'ns1.example.com.',
      qtype: 'AAAA',
      authority: [soa],
    },
    {
      why: 'RFC 2308 §2.2, §2.2.1: so it has at the end of aliases',
      qname: 'first.example.com.',
      qtype: 'AAAA',
      answer: chain,
      authority: [soa],
    },
    {
      why: 'RFC 2308 §3: the TTL of the SOA, where MINIMUM is more',
      qname: 'nope.example.net.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: ['example.net. 60 SOA ns1.example.com. hostmaster.example.net. 1 7200 3600 1209600 600'],
    },
  ],
);

const nsec = {
  apex: ['example.com. 600 NSEC dead.example.com. NS SOA RRSIG NSEC DNSKEY', 'example.com. 600 RRSIG NSEC'],
  first: [
    'first.example.com. 600 NSEC ns1.example.com. CNAME RRSIG NSEC',
    'first.example.com. 600 RRSIG NSEC',
  ],
  ns1: ['ns1.example.com. 600 NSEC second.example.com. A RRSIG NSEC', 'ns1.example.com. 600 RRSIG NSEC'],
};

describeCases(
  'RFC 2308, signed',
  'nsec',
  [zone],
  [
    {
      why: 'RFC 2308 §3: a name error has its proof, and the RRSIG of the SOA the TTL of that',
      qname: 'g.example.com.',
      qtype: 'A',
      do: true,
      rcode: 'NXDOMAIN',
      authority: [soa, 'example.com. 600 RRSIG SOA', ...nsec.first, ...nsec.apex],
    },
    {
      why: 'RFC 2308 §3: no data has its proof',
      qname: 'ns1.example.com.',
      qtype: 'AAAA',
      do: true,
      authority: [soa, 'example.com. 600 RRSIG SOA', ...nsec.ns1],
    },
  ],
);
