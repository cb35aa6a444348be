import { describeCases } from '../../../test/kit/case-table.ts';

const long = [63, 63, 50].map((length, i) => 'lmn'[i]!.repeat(length)).join('.');
const zone = `$ORIGIN example.com.
$TTL 3600
@       SOA     ns1 hostmaster 1 7200 3600 1209600 600
@       NS      ns1
ns1     A       192.0.2.53
two     60 A    192.0.2.1
two     60 A    192.0.2.2
a.ent   A       192.0.2.3
alias   CNAME   two
away    CNAME   host.example.org.
dead    CNAME   nothing
sub     NS      ns.sub
insub   CNAME   x.sub
over    CNAME   ${'q'.repeat(63)}.${'r'.repeat(30)}.long
long    DNAME   ${long}
ns.sub  A       192.0.2.54
new     TYPE65280 \\# 6 01610000c00c
`;
/** The TTL of its SOA is less than MINIMUM. */
const short = `$ORIGIN example.net.
@ 60 SOA ns1.example.com. hostmaster 1 7200 3600 1209600 600
@ 60 NS ns1.example.com.
`;
const soa = 'example.com. 600 SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 600';
const two = ['192.0.2.1', '192.0.2.2'].map((address) => `two.example.com. 60 A ${address}`);

/* What RFCs say of an answer besides those that have a file of their own. */
describeCases(
  'answers',
  'unsigned',
  [zone, short],
  [
    { why: 'RFC 2181 §5.1: an RRset comes whole', qname: 'two.example.com.', qtype: 'A', answer: two },
    {
      why: 'RFC 2181 §6.1: what stands at a cut is not ours to answer for',
      qname: 'sub.example.com.',
      qtype: 'NS',
      flags: '',
      authority: ['sub.example.com. 3600 NS ns.sub.example.com.'],
      additional: ['ns.sub.example.com. 3600 A 192.0.2.54'],
    },
    {
      why: 'RFC 2181 §10.1: a CNAME is answered as such when it is asked for',
      qname: 'alias.example.com.',
      qtype: 'CNAME',
      answer: ['alias.example.com. 3600 CNAME two.example.com.'],
    },
    {
      why: 'RFC 2308 §2.2: the end of an alias lacks the type',
      qname: 'alias.example.com.',
      qtype: 'AAAA',
      answer: ['alias.example.com. 3600 CNAME two.example.com.'],
      authority: [soa],
    },
    {
      why: 'RFC 2308 §2.1: the end of an alias does not exist',
      qname: 'dead.example.com.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      answer: ['dead.example.com. 3600 CNAME nothing.example.com.'],
      authority: [soa],
    },
    {
      why: 'RFC 2308 §3: the SOA has the lesser of its TTL and MINIMUM',
      qname: 'nope.example.net.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: ['example.net. 60 SOA ns1.example.com. hostmaster.example.net. 1 7200 3600 1209600 600'],
    },
    {
      why: 'RFC 3597 §3: rdata of a type that nobody knows, octet for octet, what looks like a pointer (§4) included',
      qname: 'new.example.com.',
      qtype: 'TYPE65280',
      answer: ['new.example.com. 3600 TYPE65280 \\# 6 01610000C00C'],
    },
    {
      why: 'RFC 4343 §3: names are the same in any case',
      qname: 'A.Ent.Example.COM.',
      qtype: 'A',
      answer: ['A.Ent.Example.COM. 3600 A 192.0.2.3'],
    },
    {
      why: 'RFC 6604 §2.1: AA is that of the first owner, whoever has the last',
      qname: 'away.example.com.',
      qtype: 'A',
      answer: ['away.example.com. 3600 CNAME host.example.org.'],
    },
    {
      why: 'RFC 6604 §2.1: though it ends in a referral',
      qname: 'insub.example.com.',
      qtype: 'A',
      answer: ['insub.example.com. 3600 CNAME x.sub.example.com.'],
      authority: ['sub.example.com. 3600 NS ns.sub.example.com.'],
      additional: ['ns.sub.example.com. 3600 A 192.0.2.54'],
    },
    {
      why: 'RFC 6604 §3: the response code is that of the end, where nothing is wrong',
      qname: 'alias.example.com.',
      qtype: 'MX',
      answer: ['alias.example.com. 3600 CNAME two.example.com.'],
      authority: [soa],
    },
    {
      why: 'RFC 6604 §3: or something is',
      qname: 'over.example.com.',
      qtype: 'A',
      rcode: 'YXDOMAIN',
      answer: [
        `over.example.com. 3600 CNAME ${'q'.repeat(63)}.${'r'.repeat(30)}.long.example.com.`,
        `long.example.com. 3600 DNAME ${long}.example.com.`,
      ],
    },
    {
      why: 'RFC 8020 §3.1: a name that has nothing but others below it exists',
      qname: 'ent.example.com.',
      qtype: 'A',
      authority: [soa],
    },
    {
      why: 'RFC 9471 §3: glue comes with a referral',
      qname: 'x.sub.example.com.',
      qtype: 'A',
      flags: '',
      authority: ['sub.example.com. 3600 NS ns.sub.example.com.'],
      additional: ['ns.sub.example.com. 3600 A 192.0.2.54'],
    },
  ],
);
