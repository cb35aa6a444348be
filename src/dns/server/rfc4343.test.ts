import { describeCases } from '../../../test/kit/case-table.ts';

/* The case of names in answers. */
const zone = `$ORIGIN Example.com.
$TTL 3600
@            SOA   Ns1 Hostmaster 1 7200 3600 1209600 600
@            NS    Ns1
Ns1          A     192.0.2.53
Upper        A     192.0.2.1
\\253         A     192.0.2.2
a\\091b       A     192.0.2.3
Away         CNAME Host.Example.ORG.
Here         CNAME Upper
Mail         MX    10 mX.eXample.net.
`;
const soa = 'example.com. 600 SOA Ns1.example.com. Hostmaster.example.com. 1 7200 3600 1209600 600';

describeCases(
  'RFC 4343',
  'unsigned',
  [zone],
  [
    {
      why: 'RFC 4343 §3: letters in lower case match those in upper case',
      qname: 'upper.example.com.',
      qtype: 'A',
      answer: ['upper.example.com. 3600 A 192.0.2.1'],
    },
    {
      why: 'RFC 4343 §3: letters in upper case match those in lower case',
      qname: 'UPPER.EXAMPLE.COM.',
      qtype: 'A',
      answer: ['UPPER.EXAMPLE.COM. 3600 A 192.0.2.1'],
    },
    {
      why: 'RFC 4343 §3: octets that are letters in ISO 8859 only are not the same in any case',
      qname: '\\221.example.com.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: [soa],
    },
    {
      why: 'RFC 4343 §3: nor are octets beside the letters',
      qname: 'a\\123b.example.com.',
      qtype: 'A',
      rcode: 'NXDOMAIN',
      authority: [soa],
    },
    {
      why: 'RFC 4343 §4.1: what is no copy of a name before it has the case that it was given',
      qname: 'AWAY.example.com.',
      qtype: 'A',
      answer: ['AWAY.example.com. 3600 CNAME Host.Example.ORG.'],
    },
    {
      why: 'RFC 4343 §4.1: rdata has its case',
      qname: 'mail.example.com.',
      qtype: 'MX',
      answer: ['mail.example.com. 3600 MX 10 mX.eXample.net.'],
    },
    {
      why: 'RFC 4343 §4.1: a pointer gives the case of what it points to, and the labels before it keep theirs',
      qname: 'here.EXAMPLE.com.',
      qtype: 'A',
      answer: ['here.EXAMPLE.com. 3600 CNAME Upper.EXAMPLE.com.', 'Upper.EXAMPLE.com. 3600 A 192.0.2.1'],
    },
  ],
);
