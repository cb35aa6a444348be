import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { imageView } from '../../dns/zone/image-view.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import { createServedZones } from '../../dns/zone/served-zones.ts';
import { atOnce } from '../../core/slices.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Type, typeName } from '../../dns/type-codes.ts';
import { Name } from '../../dns/wire/name.ts';
import { buildingImage } from '../../dns/zone/image-build.ts';
import { parseZoneFile } from '../../dns/zonefile/parse.ts';
import { BadZone, versionNodes } from './nodes.ts';

const origin = Name.parse('example.org');
const apex = `$ORIGIN example.org.
$TTL 300
@ SOA ns1 hostmaster 1 3600 600 604800 60
@ NS ns1
`;
const HASH = 'B4UM86EGHHDS6NEA196SMVMLO4ORS995';
const OTHER = 'CGK7QL3JI2JNUS4NI0P0ETLS6P4VVNP1';
const THIRD = 'DGK7QL3JI2JNUS4NI0P0ETLS6P4VVNP1';
const signature = (type: string): string =>
  `RRSIG ${type} 13 2 300 20270101000000 20260101000000 1 example.org. AAAA`;

function records(text: string): ResourceRecord[] {
  const parsed = parseZoneFile(apex + text);
  if (!parsed.ok) throw new Error(parsed.errors[0]!.message);
  return parsed.records;
}

function view(text: string): ZoneView {
  const nodes = atOnce(versionNodes(origin, records(text)));
  return imageView(atOnce(buildingImage(createServedZones().memory, origin, nodes)));
}

const ownersIn = (zone: ZoneView): string[] =>
  [...zone.nodes()].map(({ owner, rrsets }) =>
    [owner.toText(), ...rrsets.map(({ type }) => typeName(type))].join(' '),
  );

describe('the nodes of a transferred version', () => {
  test('stand in canonical order, with the names that exist because of others', () => {
    expect(ownersIn(view('a.b.c A 192.0.2.1\nz A 192.0.2.1\n*.c A 192.0.2.1'))).toEqual([
      'example.org NS SOA',
      'c.example.org',
      '*.c.example.org A',
      'b.c.example.org',
      'a.b.c.example.org A',
      'z.example.org A',
    ]);
  });

  test('RFC 4343 §4.2: are one for a name that comes in several cases, with what came in any', () => {
    const found = view('xyz.BAR A 192.0.2.1\nXYZ.bar A 192.0.2.2\nXyz.Bar TXT x');
    for (const text of ['xyz.bar', 'XYZ.BAR']) {
      const { rrsets } = found.node(Name.parse(text, origin))!;
      expect(rrsets.map(({ type, rdatas }) => [type, rdatas.length])).toEqual([
        [Type.A, 2],
        [Type.TXT, 1],
      ]);
    }
    expect(found.size).toBe(3);
  });

  test('RFC 1035 §3.3.13: have the SOA as it came, its serial included', () => {
    const [soa] = records('');
    const { rrsets } = view('').node(origin)!;
    expect(rrsets.find(({ type }) => type === Type.SOA)!.rdatas).toEqual([soa!.rdata]);
  });

  test('are the same whatever the order in which records came (RFC 5936 §2.2)', () => {
    const all = records(
      `www A 192.0.2.1\nwww TXT x\nwww ${signature('A')}\na.b A 192.0.2.2\nwww A 192.0.2.3`,
    );
    const contents = (list: ResourceRecord[]) => {
      const image = buildingImage(createServedZones().memory, origin, atOnce(versionNodes(origin, list)));
      const rrsets = [...imageView(atOnce(image)).nodes()].flatMap((node) => node.rrsets);
      return rrsets.map(({ owner, type, rdatas, signatures }) => [
        ...[owner.toText(), typeName(type), signatures.length],
        ...rdatas.map((rdata) => Buffer.from(rdata).toString('hex')).sort(),
      ]);
    };
    fc.assert(
      fc.property(fc.shuffledSubarray(all, { minLength: all.length }), (shuffled) => {
        expect(contents(shuffled)).toEqual(contents(all));
      }),
      { numRuns: 30 },
    );
  });

  test('have names that a delegation or a DNAME occludes (RFC 5936 §3.5)', () => {
    const found = view(
      'child NS ns.child\nns.child A 192.0.2.1\nwww.child TXT x\nold DNAME new\nx.old TXT x',
    );
    expect(ownersIn(found)).toEqual([
      'example.org NS SOA',
      'child.example.org NS',
      'ns.child.example.org A',
      'www.child.example.org TXT',
      'old.example.org DNAME',
      'x.old.example.org TXT',
    ]);
  });

  test('have signatures beside what they cover; one of nothing falls out', () => {
    const found = view(`www A 192.0.2.1\nwww ${signature('A')}\nwww ${signature('MX')}\nx ${signature('A')}`);
    const www = found.node(Name.parse('www.example.org'))!;
    expect(www.rrsets.map(({ type, signatures }) => [type, signatures.length])).toEqual([[Type.A, 1]]);
    expect(found.node(Name.parse('x.example.org'))).toBeUndefined();
  });

  test('have one TTL each, and no record twice (RFC 5936 §2.2, RFC 2181 §5, §5.2)', () => {
    const found = view('www 60 A 192.0.2.1\nwww 30 A 192.0.2.2');
    const [rrset] = found.node(Name.parse('www.example.org'))!.rrsets;
    expect([rrset!.ttl, rrset!.rdatas.length]).toEqual([30, 2]);
    const twice = records('www A 192.0.2.1');
    const nodes = atOnce(versionNodes(origin, [...twice, twice.at(-1)!]));
    expect(nodes).toEqual(atOnce(versionNodes(origin, twice)));
  });

  test('have the NSEC3 of the chain that the apex names first, of those that can be proved with (RFC 5155 §7.2, §7.3; §4.1.2: one with flags does not count)', () => {
    const found = view(`@ NSEC3PARAM 2 0 0 -
@ NSEC3PARAM 1 1 0 -
@ NSEC3PARAM 1 0 5 ABCD
${HASH} NSEC3 1 1 5 ABCD ${HASH} A
${OTHER} NSEC3 1 0 0 - ${OTHER} A
${THIRD} NSEC3 1 2 5 ABCD ${HASH} A`);
    // In the case in which it came.
    expect([...found.nsec3Nodes()].map(({ owner }) => owner.toText())).toEqual([`${HASH}.example.org`]);
    const params = found.node(origin)!.rrsets.find(({ type }) => type === Type.NSEC3PARAM)!;
    // Images hash by the first.
    expect(Buffer.from(params.rdatas[0]!).toString('hex')).toBe('0100000502abcd');
    expect(params.rdatas).toHaveLength(3);
  });

  test('are those of NSEC3 alone where there is no NSEC3PARAM (RFC 5155 §7.3)', () => {
    expect([...view(`${HASH} NSEC3 1 0 0 - ${HASH} A`).nsec3Nodes()]).toEqual([]);
  });

  test('RFC 5155 §7.4: an NSEC3PARAM of a hash algorithm that is not known hinders no zone that has NSEC', () => {
    const found = view('@ NSEC3PARAM 2 0 0 -\n@ NSEC ns1 NS SOA NSEC NSEC3PARAM');
    expect(ownersIn(found)).toEqual(['example.org NS SOA NSEC NSEC3PARAM']);
    // RFC 5155 §4.1.2: with flags it says nothing at all.
    expect(ownersIn(view('@ NSEC3PARAM 2 1 0 -'))).toEqual(['example.org NS SOA NSEC3PARAM']);
  });

  test('RFC 5155 §10.2: has NSEC3 below a DNAME at the apex', () => {
    const found = view(`@ DNAME example.net.\n@ NSEC3PARAM 1 0 0 -\n${HASH} NSEC3 1 0 0 - ${HASH} A`);
    expect([...found.nsec3Nodes()]).toHaveLength(1);
  });

  // RFC 1034 §4.2.1, RFC 1035 §5.2: one SOA and NS records describe the top.
  test.each([
    ['has not one SOA', records('').slice(1)],
    ['has not one SOA', [...records(''), { ...records('')[0]!, rdata: records('')[0]!.rdata.with(30, 9) }]],
    ['has no NS at its apex', records('').slice(0, 1)],
    // RFC 9276 §3.3, RFC 5155 §10.3: docs/secondary-zones.md says how many.
    ['have 151 iterations', records('@ NSEC3PARAM 1 0 151 -')],
    // RFC 5155 §7.4.
    ['have no hash algorithm that is known', records('@ NSEC3PARAM 2 0 0 -')],
    // RFC 5155 §3.
    ['not right below the apex', records(`@ NSEC3PARAM 1 0 0 -\n${HASH}.x NSEC3 1 0 0 - ${HASH} A`)],
    [
      'do not fit into one answer',
      records(Array.from({ length: 300 }, (_, n) => `www TXT "${n}${'x'.repeat(200)}"`).join('\n')),
    ],
    ['is no NSEC3 owner', records(`@ NSEC3PARAM 1 0 0 -\nwww NSEC3 1 0 0 - ${HASH} A`)],
    ['is not in example.org', [...records(''), { ...records('')[1]!, owner: Name.parse('example.net') }]],
  ])('are none when a zone %s', (message, all) => {
    expect(() => atOnce(versionNodes(origin, all))).toThrow(BadZone);
    expect(() => atOnce(versionNodes(origin, all))).toThrow(message);
  });
});
