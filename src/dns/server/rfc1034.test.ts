import { describeCases } from '../../../test/kit/case-table.ts';

const zone = `$ORIGIN example.com.
$TTL 3600
@       SOA   ns1 hostmaster 1 7200 3600 1209600 600
@       NS    ns1
ns1     A     192.0.2.53
www     CNAME web
web     A     192.0.2.1
away    CNAME host.example.org.
other   CNAME www.example.net.
a       CNAME b
b       CNAME a
self    CNAME self
nowhere CNAME nothing
@       MX    10 web
sub     NS    ns.sub
sub     NS    ns1
ns.sub  A     192.0.2.54
x.sub   A     192.0.2.55
insub   CNAME x.sub
`;
const net = `$ORIGIN example.net.
@ 3600 SOA ns1.example.com. hostmaster 1 7200 3600 1209600 60
@ 3600 NS ns1.example.com.
www 60 A 198.51.100.1
`;
const soa = 'example.com. 600 SOA ns1.example.com. hostmaster.example.com. 1 7200 3600 1209600 600';
const cut = ['sub.example.com. 3600 NS ns.sub.example.com.', 'sub.example.com. 3600 NS ns1.example.com.'];
const glue = ['ns.sub.example.com. 3600 A 192.0.2.54', 'ns1.example.com. 3600 A 192.0.2.53'];

describeCases(
  'RFC 1034 §4.3.2',
  'unsigned',
  [zone, net],
  [
    { qname: 'web.example.com.', qtype: 'A', answer: ['web.example.com. 3600 A 192.0.2.1'] },
    {
      why: 'RFC 4343 §4.1: owner in the case of the question',
      qname: 'WeB.example.com.',
      qtype: 'A',
      answer: ['WeB.example.com. 3600 A 192.0.2.1'],
    },
    {
      why: 'RFC 1034 §3.6.2: CNAME in the zone',
      qname: 'www.example.com.',
      qtype: 'A',
      answer: ['www.example.com. 3600 CNAME web.example.com.', 'web.example.com. 3600 A 192.0.2.1'],
    },
    {
      why: 'RFC 1034 §3.6.2: the CNAME itself',
      qname: 'www.example.com.',
      qtype: 'CNAME',
      answer: ['www.example.com. 3600 CNAME web.example.com.'],
    },
    {
      why: 'to a zone of somebody else',
      qname: 'away.example.com.',
      qtype: 'A',
      answer: ['away.example.com. 3600 CNAME host.example.org.'],
    },
    {
      why: 'to another zone of ours',
      qname: 'other.example.com.',
      qtype: 'A',
      answer: ['other.example.com. 3600 CNAME www.example.net.', 'www.example.net. 60 A 198.51.100.1'],
    },
    {
      why: 'RFC 1034 §3.6.2: a loop ends',
      qname: 'a.example.com.',
      qtype: 'A',
      answer: ['a.example.com. 3600 CNAME b.example.com.', 'b.example.com. 3600 CNAME a.example.com.'],
    },
    {
      why: 'a loop of one',
      qname: 'self.example.com.',
      qtype: 'A',
      answer: ['self.example.com. 3600 CNAME self.example.com.'],
    },
    {
      why: 'RFC 6604 §3: the response code is that of the last name',
      qname: 'nowhere.example.com.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      answer: ['nowhere.example.com. 3600 CNAME nothing.example.com.'],
      authority: [soa],
    },
    {
      qname: 'example.com.',
      qtype: 'MX',
      answer: ['example.com. 3600 MX 10 web.example.com.'],
      additional: ['web.example.com. 3600 A 192.0.2.1'],
    },
    {
      why: 'RFC 1034 §4.2.1: referral at the cut',
      qname: 'sub.example.com.',
      qtype: 'NS',
      flags: '',
      authority: cut,
      additional: glue,
    },
    {
      // RFC 1034 §4.3.4: without the SOA, as it is not authoritative.
      why: 'referral below the cut',
      qname: 'x.sub.example.com.',
      qtype: 'A',
      flags: '',
      authority: cut,
      additional: glue,
    },
    {
      why: 'RFC 1034 §4.2.1: glue is not an answer',
      qname: 'ns.sub.example.com.',
      qtype: 'A',
      flags: '',
      authority: cut,
      additional: glue,
    },
    {
      why: 'an alias that leads below a cut',
      qname: 'insub.example.com.',
      qtype: 'A',
      answer: ['insub.example.com. 3600 CNAME x.sub.example.com.'],
      authority: cut,
      additional: glue,
    },
    { why: 'DS belongs to the parent', qname: 'sub.example.com.', qtype: 'DS', authority: [soa] },
    { why: 'not our zone', qname: 'www.example.org.', qtype: 'A', rcode: 'REFUSED', flags: '' },
    { why: 'no root hints for the curious', qname: '.', qtype: 'NS', rcode: 'REFUSED', flags: '' },
    { why: 'another class', qname: 'example.com.', qtype: 'SOA', qclass: 3, rcode: 'REFUSED', flags: '' },
    {
      why: 'RFC 1034 §3.7.1, RFC 1035 §6.2: nothing that is said of all classes is authoritative',
      qname: 'example.com.',
      qtype: 'SOA',
      qclass: 255,
      rcode: 'REFUSED',
      flags: '',
    },
    { why: 'a transfer has its own way', qname: 'example.com.', qtype: 'AXFR', rcode: 'REFUSED', flags: '' },
  ],
);

describeCases(
  'RFC 2308 §2 and RFC 8020 §2',
  'unsigned',
  [zone, net],
  [
    { why: 'RFC 2308 §2.2: NODATA', qname: 'web.example.com.', qtype: 'TXT', authority: [soa] },
    {
      why: 'RFC 2308 §2.1: NXDOMAIN',
      qname: 'nope.example.com.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: [soa],
    },
    {
      why: 'RFC 8020 §2: nothing below a name that has nothing',
      qname: 'a.b.nope.example.com.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: [soa],
    },
    { why: 'a name above others exists', qname: 'sub.example.com.', qtype: 'DS', authority: [soa] },
    {
      why: 'RFC 2308 §3: the lesser of TTL and MINIMUM',
      qname: 'nope.example.net.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: ['example.net. 60 SOA ns1.example.com. hostmaster.example.net. 1 7200 3600 1209600 60'],
    },
  ],
);
