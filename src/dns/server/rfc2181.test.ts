import { describeCases } from '../../../test/kit/case-table.ts';

const zone = `$ORIGIN example.com.
$TTL 3600
@        SOA   ns1 hostmaster 1 7200 3600 1209600 600
@        NS    ns1
ns1      A     192.0.2.53
host     A     192.0.2.1
_a._tcp  SRV   0 0 5060 host
_a._tcp  SRV   0 0 5061 host
_a._tcp  SRV   0 0 5062 HOST
alias    CNAME host
mail     MX    10 alias
mail     MX    20 host
ptr      PTR   host
ptr      PTR   ns1
sub      NS    ns.sub
sub      TXT   "not ours"
ns.sub   A     192.0.2.54
child    NS    ns1
many     MX    10 big
${Array.from({ length: 30 }, (_, i) => `big A 192.0.2.${i}`).join('\n')}
big      AAAA  2001:db8::1
d        DNAME @
\\000\\255\\.\\032\\@ TXT "octets"
`;
const child = `$ORIGIN child.example.com.
$TTL 300
@ SOA ns1.example.com. hostmaster 1 7200 3600 1209600 600
@ NS ns1.example.com.
@ TXT "of the child"
`;
const soa = (ttl: number): string =>
  `example.com. ${ttl} SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 600`;
const cut = {
  flags: '',
  authority: ['sub.example.com. 3600 NS ns.sub.example.com.'],
  additional: ['ns.sub.example.com. 3600 A 192.0.2.54'],
};

describeCases(
  'RFC 2181',
  'unsigned',
  [zone, child],
  [
    {
      why: 'RFC 2181 §5.5: an RRset comes once, though several records lead to it',
      qname: '_a._tcp.example.com.',
      qtype: 'SRV',
      answer: [
        '_a._tcp.example.com. 3600 SRV 0 0 5060 host.example.com.',
        '_a._tcp.example.com. 3600 SRV 0 0 5061 host.example.com.',
        '_a._tcp.example.com. 3600 SRV 0 0 5062 HOST.example.com.',
      ],
      additional: ['host.example.com. 3600 A 192.0.2.1'],
    },
    {
      why: 'RFC 2181 §5.5: nor twice where a chain comes by it again',
      qname: 'ns1.d.d.example.com.',
      qtype: 'A',
      answer: [
        'd.example.com. 3600 DNAME example.com.',
        'ns1.d.d.example.com. 3600 CNAME ns1.d.example.com.',
        'ns1.d.example.com. 3600 CNAME ns1.example.com.',
        'ns1.example.com. 3600 A 192.0.2.53',
      ],
    },
    {
      why: 'RFC 2181 §6.1: what is at a cut besides is ignored',
      qname: 'sub.example.com.',
      qtype: 'TXT',
      ...cut,
    },
    {
      why: 'RFC 2181 §6.1: a server of the zone below a cut answers for it',
      qname: 'child.example.com.',
      qtype: 'TXT',
      answer: ['child.example.com. 300 TXT "of the child"'],
    },
    {
      why: 'RFC 2181 §7.1: the SOA of an answer stands in the authority section',
      qname: 'host.example.com.',
      qtype: 'MX',
      authority: [soa(600)],
    },
    {
      why: 'RFC 2181 §7.2: the TTL of an SOA need not be zero',
      qname: 'example.com.',
      qtype: 'SOA',
      answer: [soa(3600)],
    },
    {
      why: 'RFC 2181 §9: additional data that does not fit goes without TC, RRset by RRset',
      qname: 'many.example.com.',
      qtype: 'MX',
      answer: ['many.example.com. 3600 MX 10 big.example.com.'],
    },
    {
      why: 'RFC 2181 §10.2: a name has any number of PTR records',
      qname: 'ptr.example.com.',
      qtype: 'PTR',
      answer: ['ptr.example.com. 3600 PTR host.example.com.', 'ptr.example.com. 3600 PTR ns1.example.com.'],
    },
    {
      why: 'RFC 2181 §10.3: an alias brings no addresses along',
      qname: 'mail.example.com.',
      qtype: 'MX',
      answer: [
        'mail.example.com. 3600 MX 10 alias.example.com.',
        'mail.example.com. 3600 MX 20 host.example.com.',
      ],
      additional: ['host.example.com. 3600 A 192.0.2.1'],
    },
    {
      why: 'RFC 2181 §11: a label is any octets',
      qname: '\\000\\255\\.\\032\\@.example.com.',
      qtype: 'TXT',
      answer: ['\\000\\255\\.\\032\\@.example.com. 3600 TXT "octets"'],
    },
  ],
);

describeCases(
  'RFC 2181, signed',
  'nsec',
  [zone],
  [
    {
      why: 'RFC 2181 §5.4.1: who knows DNSSEC sets AA as others do',
      qname: 'host.example.com.',
      qtype: 'A',
      do: true,
      answer: ['host.example.com. 3600 A 192.0.2.1', 'host.example.com. 3600 RRSIG A'],
    },
    {
      why: 'RFC 2181 §6.2: and not for what is at a cut, its NSEC included',
      qname: 'sub.example.com.',
      qtype: 'NSEC',
      ...cut,
    },
  ],
);
