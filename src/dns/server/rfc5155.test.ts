import { describe, expect, test } from 'vitest';
import { describeAppendix } from '../../../test/kit/appendix-case.ts';
import { describeCases } from '../../../test/kit/case-table.ts';
import { askCase } from '../../../test/kit/dns-case.ts';
import { imageOf, zoneSet } from '../../../test/kit/test-zone.ts';
import { nsec3Hash, nsec3Owner } from '../dnssec/nsec3.ts';
import { rcodeName } from '../wire/codes.ts';
import { Name } from '../wire/name.ts';

const nsec3 = {
  example: '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example. NSEC3',
  ns1: '2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. NSEC3',
  a: '35mthgpgcu1qg68fab165klnsnk3dpvl.example. NSEC3',
  xw: 'b4um86eghhds6nea196smvmlo4ors995.example. NSEC3',
  ai: 'gjeqe526plbf1g8mklp59enfd789njgi.example. NSEC3',
  yw: 'ji6neoaepv8b5o6k4ev33abha8ht9fgc.example. NSEC3',
  w: 'k8udemvp1j2f7eg6jebps17vp3n8i58h.example. NSEC3',
  ns2: 'q04jkcevqvmu85r014c7dkba38o0ji5r.example. NSEC3',
  wildcard: 'r53bq7cc2uvmubfu5ocmm6pers9tk9en.example. NSEC3',
};

describeAppendix('RFC 5155 appendix B', 'rfc5155-a.zone', [
  {
    title:
      'B.1 name error, RFC 5155 §7.2.2: the closest encloser, and nothing at the next closer name and the wildcard, §7.2.1',
    qname: 'a.c.x.w.example.',
    qtype: 'A',
    rcode: 'NXDOMAIN',
    authority: ['example. SOA', nsec3.example, nsec3.xw, nsec3.a],
  },
  {
    title: 'B.2 no data, RFC 5155 §7.2.3: the record that matches the name',
    qname: 'ns1.example.',
    qtype: 'MX',
    authority: ['example. SOA', nsec3.ns1],
  },
  {
    title: 'B.2.1 no data, empty non-terminal, RFC 5155 §7.2.3',
    qname: 'y.w.example.',
    qtype: 'A',
    authority: ['example. SOA', nsec3.yw],
  },
  {
    title:
      'B.3 referral to an unsigned zone that opt-out left out, RFC 5155 §7.2.7: the closest provable encloser, §7.2.1',
    qname: 'mc.c.example.',
    qtype: 'MX',
    aa: false,
    authority: ['c.example. NS', nsec3.a, nsec3.example],
    additional: ['ns1.c.example. A', 'ns2.c.example. A'],
  },
  {
    title: 'B.4 wildcard expansion, RFC 5155 §7.2.6: the record that covers the next closer name',
    qname: 'a.z.w.example.',
    qtype: 'MX',
    answer: ['a.z.w.example. MX from *.w.example.'],
    authority: ['example. NS', nsec3.ns2],
    additional: ['ai.example. A', 'ai.example. AAAA'],
    leftOut: { rrsets: ['example. NS'], why: 'RFC 1034 §4.3.2 wants NS in referrals only' },
  },
  {
    title:
      'B.5 wildcard no data, RFC 5155 §7.2.5: the closest encloser, and the record that matches the wildcard',
    qname: 'a.z.w.example.',
    qtype: 'AAAA',
    authority: ['example. SOA', nsec3.w, nsec3.ns2, nsec3.wildcard],
  },
  {
    title: 'B.6 DS of the apex, RFC 5155 §7.2.4',
    qname: 'example.',
    qtype: 'DS',
    authority: ['example. SOA', nsec3.example],
  },
]);

describeAppendix('beyond RFC 5155 appendix B, its zone', 'rfc5155-a.zone', [
  {
    title: 'RFC 5155 §7.2.4: DS of a delegation that opt-out left out',
    qname: 'c.example.',
    qtype: 'DS',
    authority: ['example. SOA', nsec3.example, nsec3.a],
  },
  {
    title: 'RFC 5155 §7.2.8: the owner of an NSEC3 is no name',
    qname: '0p9mhaveqvm6t7vbl5lop2u3t2rp3tom.example.',
    qtype: 'NSEC3',
    rcode: 'NXDOMAIN',
    authority: ['example. SOA', nsec3.example, nsec3.ai, nsec3.ns2],
  },
  {
    title: 'RFC 5155 §7.2.8: unless it is one as well',
    qname: '2t7b4g4vsa5smi47k61mv5bv1a22bojr.example.',
    qtype: 'A',
    answer: ['2t7b4g4vsa5smi47k61mv5bv1a22bojr.example. A'],
  },
  {
    title: 'RFC 5155 §7.2.8: which has no NSEC3 either',
    qname: '2t7b4g4vsa5smi47k61mv5bv1a22bojr.example.',
    qtype: 'NSEC3',
    authority: ['example. SOA', 'kohar7mbb8dc2ce8a9qvl8hon4k53uhi.example. NSEC3'],
  },
  {
    title: 'RFC 5155 §7.2.2: two proofs in one record',
    qname: 'b.x.w.example.',
    qtype: 'A',
    rcode: 'NXDOMAIN',
    authority: ['example. SOA', nsec3.xw, nsec3.a],
  },
  {
    title: 'RFC 5155 §5: names are hashed in lower case, salt and iterations those of the zone',
    qname: 'Y.w.example.',
    qtype: 'A',
    authority: ['example. SOA', nsec3.yw],
  },
]);

const zone = `$ORIGIN example.
$TTL 3600
@        SOA   ns1 bugs.x.w 1 3600 300 3600000 3600
@        NS    ns1
ns1      A     192.0.2.1
a        NS    ns1.a
a        DS    57855 5 1 B6DCD485719ADCA18E5F3D48A2331627FDD3636B
ns1.a    A     192.0.2.5
c        NS    ns1.c
ns1.c    A     192.0.2.7
*.w      MX    1 ns1
x.y.w    MX    1 ns1
`;
const soa = [
  'example. 3600 SOA ns1.example. bugs.x.w.example. 1 3600 300 3600000 3600',
  'example. 3600 RRSIG SOA',
];
const proof = (...names: string[]): string[] =>
  names.flatMap((name) => [`H(${name}) 3600 NSEC3`, `H(${name}) 3600 RRSIG NSEC3`]);
const ns1 = ['ns1.example. 3600 A 192.0.2.1', 'ns1.example. 3600 RRSIG A'];

/*
 * Our own chain, without opt-out and with the parameters of RFC 9276; only the cases whose proof is a record that matches.
 * Those with a record that covers depend on the order of hashes: above, and where Unbound and delv validate them, and NSD
 * and Knot give the same ones (test/interop/server-*.test.ts).
 */
describeCases(
  'RFC 5155 §7.2 without cover',
  'nsec3',
  [zone],
  [
    {
      why: 'RFC 5155 §7.2.3: no data; RFC 9077 §3.3: for as long as the negative answer',
      qname: 'ns1.example.',
      qtype: 'MX',
      do: true,
      authority: [...soa, ...proof('ns1.example.')],
    },
    {
      why: 'RFC 5155 §7.2.3: an empty non-terminal',
      qname: 'y.w.example.',
      qtype: 'A',
      do: true,
      authority: [...soa, ...proof('y.w.example.')],
    },
    {
      why: 'RFC 5155 §7.2.4: no DS',
      qname: 'c.example.',
      qtype: 'DS',
      do: true,
      authority: [...soa, ...proof('c.example.')],
    },
    {
      why: 'RFC 5155 §7.2.7: referral to an unsigned zone',
      qname: 'mc.c.example.',
      qtype: 'MX',
      do: true,
      flags: '',
      authority: ['c.example. 3600 NS ns1.c.example.', ...proof('c.example.')],
      additional: ['ns1.c.example. 3600 A 192.0.2.7'],
    },
    {
      why: 'RFC 5155 §7.2: positive answers have no NSEC3',
      qname: 'ns1.example.',
      qtype: 'A',
      do: true,
      answer: ns1,
    },
    {
      why: 'an owner of an NSEC3 for whom there is none is no name',
      qname: 'nohash.example.',
      qtype: 'NSEC3',
      rcode: 'NXDOMAIN',
      authority: soa.slice(0, 1),
    },
  ],
);

const child = `$ORIGIN c.example.
$TTL 3600
@        SOA   ns1 bugs.x.w.example. 1 3600 300 3600000 60
@        NS    ns1
ns1      A     192.0.2.7
`;

describeCases(
  'RFC 5155 §7.2.4 where both sides of a cut are served',
  'nsec3',
  [zone, child],
  [
    {
      why: 'RFC 5155 §7.2.4: the parent says that there is no DS',
      qname: 'c.example.',
      qtype: 'DS',
      do: true,
      authority: [...soa, ...proof('c.example.')],
    },
    {
      why: 'RFC 9077 §3.3: the TTL of an NSEC3 is the minimum of the SOA where that is less',
      qname: 'ns1.c.example.',
      qtype: 'MX',
      do: true,
      authority: [
        'c.example. 60 SOA ns1.c.example. bugs.x.w.example. 1 3600 300 3600000 60',
        'c.example. 60 RRSIG SOA',
        'H(ns1.c.example.) 60 NSEC3',
        'H(ns1.c.example.) 60 RRSIG NSEC3',
      ],
    },
  ],
);

describe('RFC 5155 §7.2.9: a name that does not exist and has the hash of one that does', () => {
  const hashed = (name: string): string =>
    nsec3Owner(nsec3Hash(Name.parse(name)), Name.parse('example')).toString();
  const [next] = hashed('example.').split('.');
  // A chain with two names that the zone does not have: for who looks for them it is as if they collided.
  const chain = ['example.', 'w.example.', '*.w.example.', 'ghost.example.', 'ghost.w.example.'];
  const zones = zoneSet([
    imageOf(`$ORIGIN example.
$TTL 3600
@    SOA ns1.example.net. bugs.x.w 1 3600 300 3600000 60
@    NS ns1.example.net.
@    NSEC3PARAM 1 0 0 -
*.w  A 192.0.2.1
${chain.map((name) => `${hashed(name)} NSEC3 1 0 0 - ${next} A`).join('\n')}
`),
  ]);

  test.each([
    ['a name error', 'ghost.example.'],
    ['a name error below it', 'below.ghost.example.'],
    ['a wildcard that answers', 'ghost.w.example.'],
    ['a wildcard without the type', 'ghost.w.example.', 'MX'],
  ])('RFC 5155 §7.2.9: %s is SERVFAIL', (_title, qname, qtype = 'A') => {
    const { rcode, answers, authorities, edns } = askCase(zones, { qname, qtype, do: true });
    expect([rcodeName(rcode), answers, authorities]).toEqual(['SERVFAIL', [], []]);
    expect(edns!.options).toEqual([{ code: 15, data: Uint8Array.of(0, 24) }]);
  });

  test('others, and who wants no proof, get their answers', () => {
    const rcodeOf = (qname: string, dnssec: boolean): string =>
      rcodeName(askCase(zones, { qname, qtype: 'A', do: dnssec }).rcode);
    expect([rcodeOf('ghost.example.', false), rcodeOf('ghost.w.example.', false)]).toEqual([
      'NXDOMAIN',
      'NOERROR',
    ]);
    expect([rcodeOf('other.example.', true), rcodeOf('other.w.example.', true)]).toEqual([
      'NXDOMAIN',
      'NOERROR',
    ]);
  });
});
