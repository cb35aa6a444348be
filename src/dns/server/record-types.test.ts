import { beforeAll, describe, expect, test } from 'vitest';
import { describeCases } from '../../../test/kit/case-table.ts';
import { type DnsCase, questionOf, respond, type TestZones, testZones } from '../../../test/kit/dns-case.ts';
import { rdataFromText, typeCode } from '../rdata/registry.ts';

/* What the RFCs of record types ask of a server: what goes into the additional section, and that names in rdata are written in full. */

const zone = `
$ORIGIN example.
$TTL 3600
@       SOA   ns.example. hostmaster.example. 1 7200 3600 1209600 600
@       NS    ns.example.
ns      A     192.0.2.53
host    A     192.0.2.1
host    AAAA  2001:db8::1
host    X25   311061700956
host    ISDN  150862028003217
host    TXT   "host"
host    SVCB  1 host.example. port=8443
host    HTTPS 1 host.example. port=8443
host    LOC   42 21 54 N 71 06 18 W -24m 30m
cell    AFSDB 1 host.example.
cell    RT    10 host.example.
cell    RP    host.example. host.example.
cell    SRV   0 0 443 host.example.
cell    SRV   0 0 443 elsewhere.example.net.
none    SRV   0 0 0 .
cell    SVCB  0 host.example.
cell    HTTPS 0 host.example.
cell    NAPTR 100 50 "a" "z3950" "" host.example.
cell    URI   10 1 "ftp://host.example/"
_443._tcp.host TLSA 3 1 1 d2abde240d7cd3ee6b4b28c54df034b97983a1d16e8a410e4561cb106618e971
cell    LP    10 host.example.
cell    NSAP-PTR host.example.
cell    KX    10 host.example.
cell    A6    64 ::1 host.example.
cell    IPSECKEY 10 3 2 host.example. AQNR
cell    HIP   2 200100 AwEA host.example.
cell    AMTRELAY 10 0 3 host.example.
cell    DSYNC CDS NOTIFY 5359 host.example.
cell    NXT   host.example. A
cell    PX    10 host.example. host.example.
`;

const a = 'host.example. 3600 A 192.0.2.1';
const aaaa = 'host.example. 3600 AAAA 2001:db8::1';
const binding = '1 host.example. port=8443';
const signed = ([first = '', ...rest]: string[]): string[] =>
  [first, ...rest].flatMap((line) => [line, `host.example. 3600 RRSIG ${line.split(' ')[2]}`]);

const additional: DnsCase[] = [
  {
    why: 'RFC 1183 §1: addresses of the host of AFSDB',
    qname: 'cell.example.',
    qtype: 'AFSDB',
    answer: ['cell.example. 3600 AFSDB 1 host.example.'],
    additional: [a, aaaa],
  },
  {
    why: 'RFC 1183 §2.2: RP has nothing beside it',
    qname: 'cell.example.',
    qtype: 'RP',
    answer: ['cell.example. 3600 RP host.example. host.example.'],
  },
  {
    why: 'RFC 1183 §3.3: X25, ISDN and addresses of the host of RT',
    qname: 'cell.example.',
    qtype: 'RT',
    answer: ['cell.example. 3600 RT 10 host.example.'],
    additional: [
      a,
      aaaa,
      'host.example. 3600 X25 "311061700956"',
      'host.example. 3600 ISDN "150862028003217"',
    ],
  },
  {
    why: 'RFC 1183 §3.1: X25 has nothing beside it',
    qname: 'host.example.',
    qtype: 'X25',
    answer: ['host.example. 3600 X25 "311061700956"'],
  },
  {
    why: 'RFC 1183 §3.2: ISDN has nothing beside it',
    qname: 'host.example.',
    qtype: 'ISDN',
    answer: ['host.example. 3600 ISDN "150862028003217"'],
  },
  {
    why: 'RFC 2782 §Target: addresses of the targets that are in the zone',
    qname: 'cell.example.',
    qtype: 'SRV',
    answer: [
      'cell.example. 3600 SRV 0 0 443 host.example.',
      'cell.example. 3600 SRV 0 0 443 elsewhere.example.net.',
    ],
    additional: [a, aaaa],
  },
  {
    why: 'RFC 2782 §Target: "." has no address',
    qname: 'none.example.',
    qtype: 'SRV',
    answer: ['none.example. 3600 SRV 0 0 0 .'],
  },
  {
    why: 'RFC 9460 §4.1: addresses and SVCB of the target, each with its signature (§4.3)',
    qname: 'cell.example.',
    qtype: 'SVCB',
    do: true,
    answer: ['cell.example. 3600 SVCB 0 host.example.', 'cell.example. 3600 RRSIG SVCB'],
    additional: signed([a, aaaa, `host.example. 3600 SVCB ${binding}`]),
  },
  {
    why: 'RFC 9460 §6: of HTTPS, HTTPS',
    qname: 'cell.example.',
    qtype: 'HTTPS',
    answer: ['cell.example. 3600 HTTPS 0 host.example.'],
    additional: [a, aaaa, `host.example. 3600 HTTPS ${binding}`],
  },
  {
    why: 'what is the answer already is not there again',
    qname: 'host.example.',
    qtype: 'HTTPS',
    answer: [`host.example. 3600 HTTPS ${binding}`],
    additional: [a, aaaa],
  },
];

describeCases('the additional section', 'nsec', [zone], additional);

describe('names in rdata are not compressed', () => {
  let served: TestZones;
  beforeAll(async () => {
    served = await testZones([zone], 'nsec');
  });

  test.each([
    ['RFC 2782 §Target', 'SRV', '0 0 443 host.example.'],
    ['RFC 3403 §4.1', 'NAPTR', '100 50 "a" "z3950" "" host.example.'],
    ['RFC 9460 §2.2', 'SVCB', '0 host.example.'],
    ['RFC 9460 §9', 'HTTPS', '0 host.example.'],
    ['RFC 6742 §2.4.1.2', 'LP', '10 host.example.'],
    ['RFC 2874 §3.1.1', 'A6', '64 ::1 host.example.'],
    ['RFC 4025 §2.3, §2.5', 'IPSECKEY', '10 3 2 host.example. AQNR'],
    ['RFC 8005 §5.6', 'HIP', '2 200100 AwEA host.example.'],
    ['RFC 8777 §4.2.3, §4.2.4', 'AMTRELAY', '10 0 3 host.example.'],
    ['RFC 9859 §2.1', 'DSYNC', 'CDS NOTIFY 5359 host.example.'],
    ['RFC 3597 §4', 'AFSDB', '1 host.example.'],
    ['RFC 3597 §4', 'RT', '10 host.example.'],
    ['RFC 3597 §4', 'RP', 'host.example. host.example.'],
    ['RFC 3597 §4', 'NSAP-PTR', 'host.example.'],
    ['RFC 3597 §4', 'KX', '10 host.example.'],
    ['RFC 3597 §4', 'NXT', 'host.example. A'],
    ['RFC 3597 §4', 'PX', '10 host.example. host.example.'],
  ])('%s: %s', (_source, qtype, text) => {
    const response = respond(served.zones, questionOf({ qname: 'cell.example.', qtype }))!;
    const rdata = rdataFromText(typeCode(qtype)!, text);
    expect(Buffer.from(response).includes(rdata)).toBe(true);
  });
});
