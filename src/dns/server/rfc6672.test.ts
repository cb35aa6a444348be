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
alias    CNAME x.d
again    DNAME d
cut      NS    ns1.example.net.
cut      DNAME target
`;
const apex = `$ORIGIN example.net.
@ 60 SOA   ns1.example.com. hostmaster 1 7200 3600 1209600 600
@ 60 NS    ns1.example.com.
@ 60 DNAME target.example.com.
`;
const soa = 'example.com. 600 SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 600';
const dname = 'd.example.com. 300 DNAME target.example.com.';
const tooLong = `${'q'.repeat(63)}.${'r'.repeat(30)}.long.example.com.`;
const x = 'x.target.example.com. 3600 A 192.0.2.1';

describeCases(
  'RFC 6672',
  'unsigned',
  [zone, apex],
  [
    {
      why: 'RFC 6672 §3.1: the CNAME has the TTL of the DNAME',
      qname: 'x.d.example.com.',
      qtype: 'A',
      answer: [dname, 'x.d.example.com. 300 CNAME x.target.example.com.', x],
    },
    {
      why: 'RFC 6672 §3.1: the synthesised CNAME',
      qname: 'x.d.example.com.',
      qtype: 'CNAME',
      answer: [dname, 'x.d.example.com. 300 CNAME x.target.example.com.'],
    },
    {
      why: 'RFC 6672 §3.1: the DNAME itself',
      qname: 'd.example.com.',
      qtype: 'DNAME',
      answer: [dname],
    },
    {
      why: 'RFC 6672 §2.4: what is below a DNAME is hidden',
      qname: 'below.d.example.com.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      answer: [dname, 'below.d.example.com. 300 CNAME below.target.example.com.'],
      authority: [soa],
    },
    {
      why: 'RFC 6672 §2.3: the owner itself is not redirected',
      qname: 'd.example.com.',
      qtype: 'TXT',
      answer: ['d.example.com. 3600 TXT "at the owner"'],
    },
    {
      why: 'RFC 6672 §2.3: nor where it lacks the type',
      qname: 'd.example.com.',
      qtype: 'A',
      authority: [soa],
    },
    {
      why: 'RFC 6672 §2.3: beside NS it is below a cut, and not ours',
      qname: 'x.cut.example.com.',
      qtype: 'A',
      flags: '',
      authority: ['cut.example.com. 3600 NS ns1.example.net.'],
    },
    {
      why: 'RFC 6672 §2.3: at an apex it redirects all but that',
      qname: 'x.example.net.',
      qtype: 'A',
      answer: [
        'example.net. 60 DNAME target.example.com.',
        'x.example.net. 60 CNAME x.target.example.com.',
        x,
      ],
    },
    {
      why: 'RFC 6672 §2.3: and that has its SOA',
      qname: 'example.net.',
      qtype: 'SOA',
      answer: ['example.net. 60 SOA ns1.example.com. hostmaster.example.net. 1 7200 3600 1209600 600'],
    },
    {
      why: 'RFC 6672 §2.2: whole labels are replaced',
      qname: 'xd.example.com.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: [soa],
    },
    {
      why: 'RFC 6672 §2.2: of any number',
      qname: 'a.b.d.example.com.',
      qtype: 'CNAME',
      answer: [dname, 'a.b.d.example.com. 300 CNAME a.b.target.example.com.'],
    },
    {
      why: 'RFC 6672 §2.2: of a name that a CNAME led to',
      qname: 'alias.example.com.',
      qtype: 'A',
      answer: [
        'alias.example.com. 3600 CNAME x.d.example.com.',
        dname,
        'x.d.example.com. 300 CNAME x.target.example.com.',
        x,
      ],
    },
    {
      why: 'RFC 6672 §2.2: and of one that a DNAME led to',
      qname: 'x.again.example.com.',
      qtype: 'A',
      answer: [
        'again.example.com. 3600 DNAME d.example.com.',
        'x.again.example.com. 3600 CNAME x.d.example.com.',
        dname,
        'x.d.example.com. 300 CNAME x.target.example.com.',
        x,
      ],
    },
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
      why: 'RFC 6672 §2.2: a name that gets too long',
      qname: tooLong,
      qtype: 'A',
      rcode: 'YXDOMAIN',
      answer: [`long.example.com. 3600 DNAME ${long}.example.com.`],
    },
    {
      why: 'RFC 6672 §2.2: a loop ends',
      qname: 'x.self.example.com.',
      qtype: 'A',
      answer: [
        'self.example.com. 3600 DNAME self.example.com.',
        'x.self.example.com. 3600 CNAME x.self.example.com.',
      ],
    },
  ],
);

describeCases(
  'RFC 6672, signed',
  'nsec',
  [zone.replace(/^below.*\n/m, '')],
  [
    {
      why: 'RFC 6672 §5.3.1: the DNAME is signed, the CNAME that it makes is not',
      qname: 'x.out.example.com.',
      qtype: 'A',
      do: true,
      answer: [
        'out.example.com. 3600 DNAME example.org.',
        'out.example.com. 3600 RRSIG DNAME',
        'x.out.example.com. 3600 CNAME x.example.org.',
      ],
    },
    {
      why: 'RFC 6672 §2.2: the signature proves YXDOMAIN',
      qname: tooLong,
      qtype: 'A',
      do: true,
      rcode: 'YXDOMAIN',
      answer: [`long.example.com. 3600 DNAME ${long}.example.com.`, 'long.example.com. 3600 RRSIG DNAME'],
    },
    {
      why: 'RFC 6672 §5.3.2: bitmaps have the DNAME',
      qname: 'd.example.com.',
      qtype: 'A',
      do: true,
      authority: [
        soa,
        'example.com. 600 RRSIG SOA',
        'd.example.com. 600 NSEC long.example.com. TXT DNAME RRSIG NSEC',
        'd.example.com. 600 RRSIG NSEC',
      ],
    },
  ],
);
