import { describeCases } from '../../../test/kit/case-table.ts';

/* What RFC 4592 and RFC 1034 §4.3.3 say of wildcards beside their own examples. */
const zone = `$ORIGIN example.
$TTL 3600
@              SOA   ns.example.com. hostmaster.example.com. 1 7200 3600 1209600 600
@              NS    ns.example.com.
@              MX    10 apex
*              TXT   "one"
*              MX    30 target
*.*            TXT   "two"
the*.a         TXT   "no wildcard"
**.b           TXT   "no wildcard"
sub.*.c        TXT   "below"
*.d            CNAME target
target         A     192.0.2.1
_foo._udp.*.e  SRV   0 1 9 target
*.e            A     192.0.2.2
*.e            TXT   "*.example."
f              CNAME *
*.g            MX    10 target
x.g            A     192.0.2.3
*.x.g          MX    20 target
*.h            TXT   "beside"
sub.h          NS    ns.example.com.
*.i            TXT   "first"
*.i            TXT   "second"
`;
const soa = 'example. 600 SOA ns.example.com. hostmaster.example.com. 1 7200 3600 1209600 600';
const target = 'target.example. 3600 A 192.0.2.1';
const none = { rcode: 'NXDOMAIN', authority: [soa] };

describeCases(
  'RFC 4592',
  'unsigned',
  [zone],
  [
    {
      why: 'RFC 4592 §2.1.2: what begins with an asterisk label alone is a wildcard',
      qname: 'thesame.a.example.',
      qtype: 'TXT',
      ...none,
    },
    { why: 'RFC 4592 §2.1.2: two asterisks are none', qname: 'x.b.example.', qtype: 'TXT', ...none },
    {
      why: 'RFC 4592 §2.1.3: a wildcard may have others below it, which cover what it does not',
      qname: 'ghost.*.example.',
      qtype: 'TXT',
      answer: ['ghost.*.example. 3600 TXT "two"'],
    },
    {
      why: 'RFC 4592 §2.1.3: a wildcard that is an empty non-terminal ends what comes to it',
      qname: '*.c.example.',
      qtype: 'TXT',
      authority: [soa],
    },
    {
      why: 'RFC 4592 §2.2.1: a wildcard covers none of its own subdomains',
      qname: 'x.*.*.example.',
      qtype: 'TXT',
      ...none,
    },
    {
      why: 'RFC 4592 §2.3: an asterisk in a question is that label, and nothing else',
      qname: '*.example.',
      qtype: 'TXT',
      answer: ['*.example. 3600 TXT "one"'],
    },
    {
      why: 'RFC 4592 §2.3: an asterisk in rdata is that label, and nothing else',
      qname: 'f.example.',
      qtype: 'TXT',
      answer: ['f.example. 3600 CNAME *.example.', '*.example. 3600 TXT "one"'],
    },
    {
      why: 'RFC 4592 §3.2: the name is found without regard to the type, so that a wildcard elsewhere is not looked for',
      qname: 'x.e.example.',
      qtype: 'MX',
      authority: [soa],
    },
    {
      why: 'RFC 4592 §3.3.1: where the closest encloser has no wildcard, none of those above it stands in',
      qname: 'x.target.example.',
      qtype: 'TXT',
      ...none,
    },
    {
      why: 'RFC 4592 §3.3.3: a CNAME is copied under the name of the question, and followed',
      qname: 'x.d.example.',
      qtype: 'A',
      answer: ['x.d.example. 3600 CNAME target.example.', target],
    },
    {
      why: 'RFC 4592 §4.3: a CNAME that is asked for is synthesized alone',
      qname: 'x.d.example.',
      qtype: 'CNAME',
      answer: ['x.d.example. 3600 CNAME target.example.'],
    },
    {
      why: 'RFC 4592 §4.5: an asterisk behind service and protocol makes no wildcard',
      qname: '_foo._udp.bar.e.example.',
      qtype: 'SRV',
      authority: [soa],
    },
    {
      why: 'RFC 4592 §4.9: an empty non-terminal as source is no error and no data',
      qname: 'x.c.example.',
      qtype: 'TXT',
      authority: [soa],
    },
  ],
);

describeCases(
  'RFC 1034 §4.3.3',
  'unsigned',
  [zone],
  [
    {
      why: 'a wildcard is not for what it stands below',
      qname: 'i.example.',
      qtype: 'TXT',
      authority: [soa],
    },
    {
      why: 'all of its records are copied, with nothing but another owner',
      qname: 'a.b.i.example.',
      qtype: 'TXT',
      answer: ['a.b.i.example. 3600 TXT "first"', 'a.b.i.example. 3600 TXT "second"'],
    },
    {
      why: 'a delegation cancels it',
      qname: 'x.sub.h.example.',
      qtype: 'TXT',
      flags: '',
      authority: ['sub.h.example. 3600 NS ns.example.com.'],
    },
    {
      why: 'a name that exists has what is there alone',
      qname: 'x.g.example.',
      qtype: 'MX',
      authority: [soa],
    },
    {
      why: 'and a wildcard of its own for what is below it',
      qname: 'y.x.g.example.',
      qtype: 'MX',
      answer: ['y.x.g.example. 3600 MX 20 target.example.'],
      additional: [target],
    },
    {
      why: 'an owner with an asterisk comes when that is asked for',
      qname: '*.i.example.',
      qtype: 'TXT',
      answer: ['*.i.example. 3600 TXT "first"', '*.i.example. 3600 TXT "second"'],
    },
  ],
);

const soaOf = (apex: string): string =>
  `${apex} 60 SOA ns.example.com. hostmaster.example.com. 1 7200 3600 1209600 60`;
const apexOf = (apex: string): string => `$ORIGIN ${apex}
$TTL 60
@   SOA ns.example.com. hostmaster.example.com. 1 7200 3600 1209600 60
@   NS  ns.example.com.
www TXT "in ${apex}"
`;

describeCases(
  'RFC 4592, of zones',
  'unsigned',
  [zone, apexOf('child.example.'), apexOf('*.example.net.')],
  [
    {
      why: 'RFC 4592 §3.1: a wildcard is of its zone, and for no name of one below',
      qname: 'x.child.example.',
      qtype: 'TXT',
      rcode: 'NXDOMAIN',
      authority: [soaOf('child.example.')],
    },
    {
      why: 'RFC 4592 §4.1: a zone may have an asterisk at its top',
      qname: 'www.*.example.net.',
      qtype: 'TXT',
      answer: ['www.*.example.net. 60 TXT "in *.example.net."'],
    },
    {
      why: 'RFC 4592 §4.1: which is no source of anything',
      qname: 'x.*.example.net.',
      qtype: 'SOA',
      rcode: 'NXDOMAIN',
      authority: [soaOf('*.example.net.')],
    },
    {
      why: 'RFC 4592 §4.1: nor for names beside it',
      qname: 'www.x.example.net.',
      qtype: 'TXT',
      rcode: 'REFUSED',
      flags: '',
    },
  ],
);

describeCases(
  'RFC 4592, signed',
  'nsec',
  [
    `$ORIGIN example.
$TTL 3600
@ SOA ns.example.com. hostmaster.example.com. 1 7200 3600 1209600 3600
@ NS  ns.example.com.
* TXT "one"
`,
  ],
  [
    {
      why: 'RFC 4592 §4.8: signatures are synthesized along with what was asked for',
      qname: 'x.example.',
      qtype: 'TXT',
      do: true,
      answer: ['x.example. 3600 TXT "one"', 'x.example. 3600 RRSIG TXT'],
      authority: ['*.example. 3600 NSEC example. TXT RRSIG NSEC', '*.example. 3600 RRSIG NSEC'],
    },
    {
      why: 'RFC 4592 §4.7: a wildcard has an NSEC as any name has',
      qname: '*.example.',
      qtype: 'NSEC',
      answer: ['*.example. 3600 NSEC example. TXT RRSIG NSEC'],
    },
  ],
);
