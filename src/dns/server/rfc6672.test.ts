import { describeCases } from '../../../test/kit/case-table.ts';

const long = [63, 63, 50].map((length, i) => 'lmn'[i]!.repeat(length)).join('.');
const zone = `$ORIGIN example.com.
$TTL 3600
@        SOA   ns1 hostmaster 1 7200 3600 1209600 600
@        NS    ns1.example.net.
d   300  DNAME target
d        TXT   "at the owner"
below.d  A     192.0.2.66
x.target A     192.0.2.1
out      DNAME example.org.
long     DNAME ${long}
self     DNAME self
`;
const soa = 'example.com. 600 SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 600';
const dname = 'd.example.com. 300 DNAME target.example.com.';

describeCases(
  'RFC 6672',
  'unsigned',
  [zone],
  [
    {
      why: '§3.1: the CNAME has the TTL of the DNAME',
      qname: 'x.d.example.com.',
      qtype: 'A',
      answer: [
        dname,
        'x.d.example.com. 300 CNAME x.target.example.com.',
        'x.target.example.com. 3600 A 192.0.2.1',
      ],
    },
    {
      why: 'the synthesised CNAME',
      qname: 'x.d.example.com.',
      qtype: 'CNAME',
      answer: [dname, 'x.d.example.com. 300 CNAME x.target.example.com.'],
    },
    {
      why: '§2.4: what is below a DNAME is hidden',
      qname: 'below.d.example.com.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      answer: [dname, 'below.d.example.com. 300 CNAME below.target.example.com.'],
      authority: [soa],
    },
    {
      why: '§2.3: the owner itself is not redirected',
      qname: 'd.example.com.',
      qtype: 'TXT',
      answer: ['d.example.com. 3600 TXT "at the owner"'],
    },
    { why: 'NODATA at the owner', qname: 'd.example.com.', qtype: 'A', authority: [soa] },
    {
      why: 'to a zone of somebody else',
      qname: 'www.out.example.com.',
      qtype: 'A',
      answer: [
        'out.example.com. 3600 DNAME example.org.',
        'www.out.example.com. 3600 CNAME www.example.org.',
      ],
    },
    {
      why: '§2.2: a name that gets too long',
      qname: `${'q'.repeat(63)}.${'r'.repeat(30)}.long.example.com.`,
      qtype: 'A',
      rcode: 'YXDOMAIN',
      answer: [`long.example.com. 3600 DNAME ${long}.example.com.`],
    },
    {
      why: 'a loop ends',
      qname: 'x.self.example.com.',
      qtype: 'A',
      answer: [
        'self.example.com. 3600 DNAME self.example.com.',
        'x.self.example.com. 3600 CNAME x.self.example.com.',
      ],
    },
  ],
);
