import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nsec3Hash, nsec3Owner } from '../dnssec/nsec3.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { buildImage, type ZoneImage } from './image.ts';
import { createImage, updateImage } from './image-update.ts';
import { imageView } from './image-view.ts';
import { decodeNode, encodeNode, nodeKey } from './node-codec.ts';
import type { NodeChange, SignedRRset, ZoneNode } from './node.ts';

const origin = Name.parse('example.com.');

const octets = fc.uint8Array({ maxLength: 40 });
const rrset = fc.record({
  type: fc.constantFrom<number>(Type.A, Type.NS, Type.TXT, Type.DNAME, Type.NSEC, 65280),
  ttl: fc.nat(0x7fffffff),
  rdatas: fc.array(octets, { minLength: 1, maxLength: 3 }),
  signatures: fc.array(octets, { maxLength: 2 }),
});
const label = fc.oneof(
  fc.constantFrom('a', 'B', '*', 'www', '\\000', '\\001', '\\255'),
  fc.integer({ min: 0, max: 30 }).map(String),
);
const owner = fc
  .array(label, { maxLength: 3 })
  .map((labels) => Name.parse([...labels, 'example.com.'].join('.')));

function nodeOf(name: Name, sets: Omit<SignedRRset, 'owner'>[]): ZoneNode {
  const byType = new Map(sets.map((set) => [set.type, { ...set, owner: name }]));
  return { owner: name, rrsets: [...byType.values()].sort((a, b) => a.type - b.type) };
}

const node = fc.tuple(owner, fc.array(rrset, { maxLength: 4 })).map(([name, sets]) => nodeOf(name, sets));
/** Sets or (about a third of them) removes an owner; one in four is an NSEC3 owner. */
const change = fc.tuple(node, fc.nat(2), fc.nat(3)).map(([made, removes, hashed]): NodeChange => {
  if (hashed > 0) return { kind: 'name', owner: made.owner, node: removes === 0 ? undefined : made };
  const name = nsec3Owner(nsec3Hash(made.owner), origin);
  const set = { type: Type.NSEC3, ttl: 1, rdatas: [new Uint8Array(5)], signatures: [] };
  return { kind: 'nsec3', owner: name, node: removes === 0 ? undefined : nodeOf(name, [set]) };
});

const apex: NodeChange = {
  kind: 'name',
  owner: origin,
  node: nodeOf(origin, [{ type: Type.SOA, ttl: 60, rdatas: [new Uint8Array(30)], signatures: [] }]),
};

function content(image: ZoneImage): unknown {
  const view = imageView(image);
  const plain = ({ owner: name, rrsets }: ZoneNode): unknown => [
    name.toString(),
    rrsets.map(({ type, ttl, rdatas, signatures }) => [type, ttl, rdatas, signatures]),
  ];
  return { size: view.size, names: [...view.nodes()].map(plain), nsec3: [...view.nsec3Nodes()].map(plain) };
}

function header(image: ZoneImage): number[] {
  return [...new Uint32Array(image.index, 0, 6)];
}

describe('nodes', () => {
  test('come back as they were stored', () => {
    fc.assert(
      fc.property(node, (made) => {
        const bytes = encodeNode(made);
        const padded = new Uint8Array(bytes.length + 7);
        padded.set(bytes, 7);
        expect(decodeNode(padded, 7).owner.wire).toEqual(made.owner.wire);
        expect(decodeNode(bytes).rrsets.map(({ owner: _owner, ...rest }) => rest)).toEqual(
          made.rrsets.map(({ type, ttl, rdatas, signatures }) => ({ type, ttl, rdatas, signatures })),
        );
      }),
    );
  });
});

describe('images', () => {
  test('any sequence of updates ends in the image that a build from nothing makes, and spares older versions', () => {
    fc.assert(
      fc.property(fc.array(fc.array(change, { maxLength: 12 }), { maxLength: 8 }), (versions) => {
        const rows = new Map<string, NodeChange>([['name example.com.', apex]]);
        let { image } = createImage(origin, [apex]);
        const older: { image: ZoneImage; was: unknown }[] = [];
        for (const changes of versions.map((all) => all.filter((each) => !each.owner.equals(origin)))) {
          older.push({ image, was: content(image) });
          ({ image } = updateImage(image, changes));
          for (const each of changes) {
            const key = `${each.kind} ${each.owner.key}`;
            if (each.node) rows.set(key, each);
            else rows.delete(key);
          }
        }
        const built = createImage(origin, [...rows.values()]).image;
        expect(content(image)).toEqual(content(built));
        expect(header(image)).toEqual(header(built));
        for (const { image: old, was } of older) expect(content(old)).toEqual(was);
      }),
    );
  });

  test('a version of a version that was never published leaves its sibling alone', () => {
    const filler = Array.from({ length: 1000 }, (_, i): NodeChange => {
      const name = Name.parse(`h${i}`, origin);
      const set = { type: Type.TXT, ttl: 1, rdatas: [new Uint8Array(100)], signatures: [] };
      return { kind: 'name', owner: name, node: nodeOf(name, [set]) };
    });
    const { image } = createImage(origin, [apex, ...filler]);
    const version = (fill: number): ZoneImage => {
      const name = Name.parse('new', origin);
      const set = { type: Type.TXT, ttl: 1, rdatas: [new Uint8Array(9).fill(fill)], signatures: [] };
      return updateImage(image, [{ kind: 'name', owner: name, node: nodeOf(name, [set]) }]).image;
    };
    const [first, second] = [version(1), version(2)];
    expect(first.data).toBe(image.data);
    const fills = [first, second].map((each) => {
      const found = imageView(each).node(Name.parse('NEW', origin))!;
      return found.rrsets[0]!.rdatas[0]![0];
    });
    expect(fills).toEqual([1, 2]);
  });

  test('an arena does not grow with garbage', () => {
    const name = Name.parse('www', origin);
    const set = { type: Type.TXT, ttl: 1, rdatas: [new Uint8Array(500)], signatures: [] };
    let { image } = createImage(origin, [apex]);
    for (let i = 0; i < 500; i++)
      ({ image } = updateImage(image, [{ kind: 'name', owner: name, node: nodeOf(name, [set]) }]));
    expect(image.data.byteLength).toBeLessThan(3000);
  });

  test('views wrap around the ends', () => {
    const names = ['a', 'b', 'x.b', 'c'].map((text) => Name.parse(text, origin));
    const changes = names.map((name): NodeChange => ({ kind: 'name', owner: name, node: nodeOf(name, []) }));
    const view = imageView(createImage(origin, [apex, ...changes]).image);
    const at = (text: string): Name => Name.parse(text, origin);
    expect(view.previous(origin).owner.toString()).toBe('c.example.com.');
    expect(view.next(at('c')).owner.toString()).toBe('example.com.');
    expect(view.next(at('zz')).owner.toString()).toBe('example.com.');
    expect(view.previous(at('bb')).owner.toString()).toBe('x.b.example.com.');
    expect([...view.nodes(at('B'))].map((each) => each.owner.toString())).toEqual([
      'b.example.com.',
      'x.b.example.com.',
    ]);
    expect(view.node(at('X.b'))).toBeDefined();
    expect(view.node(at('y'))).toBeUndefined();
    expect(view.previousNsec3(new Uint8Array(20))).toBeUndefined();
  });

  test('unsorted nodes and a missing apex are refused', () => {
    const stored = ['b', 'a'].map((text) => {
      const name = Name.parse(text, origin);
      return { kind: 'name' as const, key: nodeKey('name', name), node: encodeNode(nodeOf(name, [])) };
    });
    expect(() => buildImage(origin, stored)).toThrow('sorted');
    expect(() => buildImage(origin, stored.slice(0, 1))).toThrow('apex');
  });
});
