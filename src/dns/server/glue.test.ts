import { describeCases } from '../../../test/kit/case-table.ts';

/* RFC 9471: the addresses that come with a referral. */

const siblings = Array.from({ length: 20 }, (_, i) => `ns${i}.other`);
const zone = `$ORIGIN example.com.
$TTL 3600
@          SOA   ns1 hostmaster 1 7200 3600 1209600 600
@          NS    ns1
ns1        A     192.0.2.53
sub        NS    ns.other
sub        NS    ns.elsewhere.example.
sub        NS    a.sub
sub        NS    b.deep.sub
a.sub      A     192.0.2.1
a.sub      AAAA  2001:db8::1
b.deep.sub A     192.0.2.2
other      NS    ns.other
ns.other   A     192.0.2.3
missing    NS    ns.missing
one        NS    ns.two
two        NS    ns.one
ns.one     A     192.0.2.5
ns.two     A     192.0.2.6
${siblings.map((name) => `many NS ${name}\n${name} AAAA 2001:db8::2`).join('\n')}
many       NS    ns.many
ns.many    A     192.0.2.4
`;
const cut = [
  'sub.example.com. 3600 NS ns.other.example.com.',
  'sub.example.com. 3600 NS ns.elsewhere.example.',
  'sub.example.com. 3600 NS a.sub.example.com.',
  'sub.example.com. 3600 NS b.deep.sub.example.com.',
];

describeCases(
  'RFC 9471',
  'unsigned',
  [zone],
  [
    {
      why: 'RFC 9471 §3.1, §3.2: all that there is, in-domain first, then that of siblings',
      qname: 'www.sub.example.com.',
      qtype: 'A',
      flags: '',
      authority: cut,
      additional: [
        'a.sub.example.com. 3600 A 192.0.2.1',
        'a.sub.example.com. 3600 AAAA 2001:db8::1',
        'b.deep.sub.example.com. 3600 A 192.0.2.2',
        'ns.other.example.com. 3600 A 192.0.2.3',
      ],
    },
    {
      why: 'RFC 9471 §3.1: none where there is none',
      qname: 'missing.example.com.',
      qtype: 'A',
      flags: '',
      authority: ['missing.example.com. 3600 NS ns.missing.example.com.'],
    },
    {
      why: 'RFC 9471 §2.3, §3.2: that of siblings that need each other',
      qname: 'www.one.example.com.',
      qtype: 'A',
      flags: '',
      authority: ['one.example.com. 3600 NS ns.two.example.com.'],
      additional: ['ns.two.example.com. 3600 A 192.0.2.6'],
    },
    {
      why: 'RFC 9471 §3.2: that of siblings may be cut short without TC',
      qname: 'many.example.com.',
      qtype: 'A',
      flags: '',
      authority: [
        ...siblings.map((name) => `many.example.com. 3600 NS ${name}.example.com.`),
        'many.example.com. 3600 NS ns.many.example.com.',
      ],
      additional: [
        'ns.many.example.com. 3600 A 192.0.2.4',
        'ns0.other.example.com. 3600 AAAA 2001:db8::2',
        'ns1.other.example.com. 3600 AAAA 2001:db8::2',
      ],
    },
  ],
);
