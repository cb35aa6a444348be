import { describeCases } from '../../../test/kit/case-table.ts';

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
 * The cases whose proof is a record that matches. Those with a record that covers depend on the order of hashes: Unbound and delv
 * validate them, and NSD and Knot give the same ones (test/interop/server-*.test.ts).
 */
describeCases(
  'RFC 5155 §7.2 without cover',
  'nsec3',
  [zone],
  [
    {
      why: '§7.2.3 no data',
      qname: 'ns1.example.',
      qtype: 'MX',
      do: true,
      authority: [...soa, ...proof('ns1.example.')],
    },
    {
      why: '§7.2.3 an empty non-terminal',
      qname: 'y.w.example.',
      qtype: 'A',
      do: true,
      authority: [...soa, ...proof('y.w.example.')],
    },
    {
      why: '§7.2.4 no DS',
      qname: 'c.example.',
      qtype: 'DS',
      do: true,
      authority: [...soa, ...proof('c.example.')],
    },
    {
      why: '§7.2.7 referral to an unsigned zone',
      qname: 'mc.c.example.',
      qtype: 'MX',
      do: true,
      flags: '',
      authority: ['c.example. 3600 NS ns1.c.example.', ...proof('c.example.')],
      additional: ['ns1.c.example. 3600 A 192.0.2.7'],
    },
    { why: 'positive answers need no proof', qname: 'ns1.example.', qtype: 'A', do: true, answer: ns1 },
    {
      why: '§7.2.8 an NSEC3 owner is no name',
      qname: 'nohash.example.',
      qtype: 'NSEC3',
      rcode: 'NXDOMAIN',
      authority: soa.slice(0, 1),
    },
  ],
);
