import { describeCases } from '../../../test/kit/case-table.ts';
import type { DnsCase } from '../../../test/kit/dns-case.ts';

/** The zone of RFC 4592 §2.2.1. */
const zone = `
$ORIGIN example.
$TTL 3600
@                 SOA   ns.example.com. hostmaster.example.com. 1 7200 3600 1209600 600
@                 NS    ns.example.com.
@                 NS    ns.example.net.
*                 TXT   "this is a wildcard"
*                 MX    10 host1.example.
sub.*             TXT   "this is not a wildcard"
host1             A     192.0.2.1
_ssh._tcp.host1   SRV   0 0 22 host1.example.
_ssh._tcp.host2   SRV   0 0 22 host2.example.
subdel            NS    ns.example.com.
subdel            NS    ns.example.net.
`;
const soa = 'example. 600 SOA ns.example.com. hostmaster.example.com. 1 7200 3600 1209600 600';

/** The list of RFC 4592 §2.2.1: "the following responses would be synthesized", and those that would not. */
const cases: DnsCase[] = [
  {
    why: 'synthesized',
    qname: 'host3.example.',
    qtype: 'MX',
    answer: ['host3.example. 3600 MX 10 host1.example.'],
    additional: ['host1.example. 3600 A 192.0.2.1'],
  },
  { why: 'no A in *.example', qname: 'host3.example.', qtype: 'A', authority: [soa] },
  {
    why: 'from *.example',
    qname: 'foo.bar.example.',
    qtype: 'TXT',
    answer: ['foo.bar.example. 3600 TXT "this is a wildcard"'],
  },
  { why: 'host1.example exists', qname: 'host1.example.', qtype: 'MX', authority: [soa] },
  {
    why: 'asked for literally',
    qname: 'sub.*.example.',
    qtype: 'MX',
    authority: [soa],
  },
  {
    why: '_tcp.host1.example exists',
    qname: '_telnet._tcp.host1.example.',
    qtype: 'SRV',
    rcode: 'NXDOMAIN',
    authority: [soa],
  },
  {
    why: 'RFC 4592 §2.2.2: an empty non-terminal exists',
    qname: 'host2.example.',
    qtype: 'TXT',
    authority: [soa],
  },
  {
    why: 'RFC 4592 §2.2.3: below a zone cut, which exists although it is not ours',
    qname: 'host.subdel.example.',
    qtype: 'A',
    flags: '',
    authority: ['subdel.example. 3600 NS ns.example.com.', 'subdel.example. 3600 NS ns.example.net.'],
  },
  {
    why: '*.example exists, and has no wildcard of its own',
    qname: 'ghost.*.example.',
    qtype: 'MX',
    rcode: 'NXDOMAIN',
    authority: [soa],
  },
];

describeCases('RFC 4592 §2.2.1', 'unsigned', [zone], cases);

/** The chart of RFC 4592 §3.3.2: where something is synthesized, and where there is no source of it. */
const sources: [qname: string, isSynthesized: boolean][] = [
  ['host3.example.', true],
  ['_telnet._tcp.host1.example.', false],
  ['_dns._udp.host2.example.', false],
  ['_telnet._tcp.host3.example.', true],
  ['_chat._udp.host3.example.', true],
  ['foobar.*.example.', false],
];
describeCases(
  'RFC 4592 §3.3.2',
  'unsigned',
  [zone],
  sources.map(([qname, isSynthesized]) => ({
    ...{ qname, qtype: 'TXT' },
    ...(isSynthesized
      ? { answer: [`${qname} 3600 TXT "this is a wildcard"`] }
      : { rcode: 'NXDOMAIN', authority: [soa] }),
  })),
);
