import { describeCases } from '../../../test/kit/case-table.ts';

const zone = `$ORIGIN example.com.
$TTL 3600
@       SOA   ns1 hostmaster 1 7200 3600 1209600 600
@       NS    ns1
ns1     A     192.0.2.53
many    TXT   "a text that is longer than an address"
many    MX    10 ns1
many    A     192.0.2.1
many    AAAA  2001:db8::1
alias   CNAME many
*.wild  A     192.0.2.2
a.ent   A     192.0.2.3
sub     NS    ns1.example.net.
big     TXT   ${Array.from({ length: 4 }, () => `"${'x'.repeat(200)}"`).join(' ')}
big     A     192.0.2.4
`;
const soa = 'example.com. 600 SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 600';
const one = 'many.example.com. 3600 A 192.0.2.1';

describeCases(
  'RFC 8482, unsigned',
  'unsigned',
  [zone],
  [
    {
      why: 'RFC 8482 §4.1: the smallest RRset of several',
      qname: 'many.example.com.',
      qtype: 'ANY',
      answer: [one],
    },
    {
      why: 'RFC 8482 §4.4: over TCP too',
      qname: 'many.example.com.',
      qtype: 'ANY',
      transport: 'tcp',
      answer: [one],
    },
    {
      why: 'RFC 8482 §3: otherwise as any type: a CNAME',
      qname: 'alias.example.com.',
      qtype: 'ANY',
      answer: ['alias.example.com. 3600 CNAME many.example.com.'],
    },
    {
      why: 'RFC 8482 §3: a wildcard',
      qname: 'x.wild.example.com.',
      qtype: 'ANY',
      answer: ['x.wild.example.com. 3600 A 192.0.2.2'],
    },
    { why: 'RFC 8482 §3: nothing there', qname: 'ent.example.com.', qtype: 'ANY', authority: [soa] },
    {
      why: 'RFC 8482 §3: no such name',
      qname: 'nope.example.com.',
      qtype: 'ANY',
      rcode: 'NXDOMAIN',
      authority: [soa],
    },
    {
      why: 'RFC 8482 §3: a cut',
      qname: 'x.sub.example.com.',
      qtype: 'ANY',
      flags: '',
      authority: ['sub.example.com. 3600 NS ns1.example.net.'],
    },
    {
      why: 'RFC 8482 §7: TC does not say that there is more',
      qname: 'big.example.com.',
      qtype: 'ANY',
      answer: ['big.example.com. 3600 A 192.0.2.4'],
    },
  ],
);

describeCases(
  'RFC 8482, signed',
  'nsec',
  [zone],
  [
    {
      why: 'RFC 8482 §4.1: its RRSIG comes along',
      qname: 'many.example.com.',
      qtype: 'ANY',
      do: true,
      answer: [one, 'many.example.com. 3600 RRSIG A'],
    },
    {
      why: 'RFC 8482 §4.2: but not to who did not ask for DNSSEC',
      qname: 'many.example.com.',
      qtype: 'ANY',
      answer: [one],
    },
    {
      why: 'RFC 8482 §4.2: nor without one where nothing is there',
      qname: 'nope.example.com.',
      qtype: 'ANY',
      do: true,
      rcode: 'NXDOMAIN',
      authority: [
        soa,
        'example.com. 600 RRSIG SOA',
        'many.example.com. 600 NSEC ns1.example.com. A MX TXT AAAA RRSIG NSEC',
        'many.example.com. 600 RRSIG NSEC',
        'example.com. 600 NSEC alias.example.com. NS SOA RRSIG NSEC DNSKEY',
        'example.com. 600 RRSIG NSEC',
      ],
    },
  ],
);
