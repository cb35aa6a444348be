import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { buildImage, createImage, updateImage } from '../../../test/kit/images.ts';
import type { Steps } from '../../core/slices.ts';
import { nsec3Hash, nsec3Owner } from '../dnssec/nsec3.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { giveImage, hasOwnArena, imageField, ImageField, type ZoneImage } from './image.ts';
import { imageSize } from './arena.ts';
import { createImageBuilder } from './image-build.ts';
import { creatingImage, type Draft, updatingImage } from './image-update.ts';
import { readerOf, rrsetType } from './image-reader.ts';
import { imageView } from './image-view.ts';
import { decodeNode, encodeNode, nodeKey } from './node-codec.ts';
import { nodeOwner } from './node-owner.ts';
import type { NodeChange, SignedRRset, ZoneNode, ZoneView } from './node.ts';
import { createSlabMemory } from './slab-memory.ts';

const origin = Name.parse('example.com.');

const octets = fc.uint8Array({ maxLength: 40 });
/** As the zone's own signer makes them, and some with another signer. */
const rrsig = fc
  .tuple(fc.uint8Array({ minLength: 18, maxLength: 18 }), fc.nat(5), octets)
  .map(([fixed, foreign, signature]) =>
    Uint8Array.from(
      Buffer.concat([fixed, foreign === 0 ? Name.parse('other.').wire : origin.wire, signature]),
    ),
  );
const rrset = fc.record({
  type: fc.constantFrom<number>(Type.A, Type.NS, Type.TXT, Type.DNAME, Type.NSEC, 65280),
  ttl: fc.nat(0x7fffffff),
  rdatas: fc.array(octets, { minLength: 1, maxLength: 3 }),
  signatures: fc.oneof(fc.array(octets, { maxLength: 2 }), fc.array(rrsig, { maxLength: 2 })),
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
  node: nodeOf(origin, [
    { type: Type.SOA, ttl: 60, rdatas: [new Uint8Array(30)], signatures: [] },
    { type: Type.NSEC, ttl: 60, rdatas: [new Uint8Array(9)], signatures: [] },
  ]),
};

function content(image: ZoneImage): unknown {
  const view = imageView(image);
  const plain = ({ owner: name, rrsets }: ZoneNode): unknown => [
    name.toString(),
    rrsets.map(({ type, ttl, rdatas, signatures }) => [type, ttl, rdatas, signatures]),
  ];
  return { size: view.size, names: [...view.nodes()].map(plain), nsec3: [...view.nsec3Nodes()].map(plain) };
}

/** What a reader finds in the header, places apart. */
function header(image: ZoneImage): Record<string, unknown> {
  const { names, nsec3, ns, dnames, wildcards, live, traits, negativeTtl, nsec3Apex } = ImageField;
  const fields = { names, nsec3, ns, dnames, wildcards, live, traits, negativeTtl, nsec3Apex };
  const { data, view, nsecWildcard, nsecWildcardRRset } = readerOf(image);
  return {
    ...Object.fromEntries(Object.entries(fields).map(([name, field]) => [name, imageField(image, field)])),
    noWildcard: nsecWildcardRRset >= 0 && [
      Name.trusted(nodeOwner(data, nsecWildcard, origin.wire)).toText(),
      rrsetType(view, nsecWildcardRRset),
    ],
  };
}

/** So many names with a TXT of 100 octets. */
function filler(count: number): NodeChange[] {
  return Array.from({ length: count }, (_, i): NodeChange => {
    const name = Name.parse(`h${i}`, origin);
    const set = { type: Type.TXT, ttl: 1, rdatas: [new Uint8Array(100)], signatures: [] };
    return { kind: 'name', owner: name, node: nodeOf(name, [set]) };
  });
}

describe('nodes', () => {
  test('RFC 1034 §3.1, RFC 1035 §2.3.3, RFC 4343 §4.2: come back as they were stored', () => {
    fc.assert(
      fc.property(node, (made) => {
        const bytes = encodeNode(made, 'name', origin);
        const padded = new Uint8Array(bytes.length + 7);
        padded.set(bytes, 7);
        expect(decodeNode(padded, 7, origin).owner.wire).toEqual(made.owner.wire);
        expect(decodeNode(bytes, 0, origin).rrsets.map(({ owner: _owner, ...rest }) => rest)).toEqual(
          made.rrsets.map(({ type, ttl, rdatas, signatures }) => ({ type, ttl, rdatas, signatures })),
        );
      }),
    );
  });
});

describe('images', () => {
  test.each([
    ['small', 0, 100],
    ['large', 600, 15],
  ])(
    'any sequence of updates of a %s zone ends in the image that a build from nothing makes, and spares older versions',
    (_size, names, numRuns) => {
      fc.assert(
        fc.property(fc.array(fc.array(change, { maxLength: 12 }), { maxLength: 8 }), (versions) => {
          const memory = createSlabMemory({ spoils: true });
          const rows = new Map<string, NodeChange>();
          const note = (changes: readonly NodeChange[]): void => {
            for (const each of changes) {
              const key = `${each.kind} ${each.owner.key}`;
              if (each.node) rows.set(key, each);
              else rows.delete(key);
            }
          };
          note([apex, ...filler(names)]);
          let draft = createImage(memory, origin, [...rows.values()]);
          const older: { draft: Draft; view: ZoneView; was: unknown }[] = [];
          for (const changes of versions.map((all) => all.filter((each) => !each.owner.equals(origin)))) {
            // A version that nobody serves in the end.
            updateImage(draft.image, changes).discard();
            older.push({ draft, view: imageView(draft.image), was: content(draft.image) });
            draft = updateImage(draft.image, changes);
            note(changes);
          }
          const built = createImage(memory, origin, [...rows.values()]).image;
          expect(content(draft.image)).toEqual(content(built));
          expect(header(draft.image)).toEqual(header(built));
          for (const { draft: old, was } of older) expect(content(old.image)).toEqual(was);
          // Each version gives back what the one before had alone: the newest stays whole, and in the end nothing is left.
          const [, ...later] = [...older.map((each) => each.draft), draft];
          for (const each of later) each.release();
          expect(content(draft.image)).toEqual(content(built));
          for (const { view } of older) expect(() => view.next(origin)).toThrow('gone');
          giveImage(draft.image);
          giveImage(built);
          expect(memory.figures().used).toBe(0);
        }),
        { numRuns },
      );
    },
  );

  const set = (type: number): SignedRRset => {
    return { owner: origin, type, ttl: 1, rdatas: [new Uint8Array(9)], signatures: [] };
  };
  test.each<[string, [owner: string, ...types: number[]][], string | false]>([
    ['the apex', [['a', Type.A, Type.NSEC]], 'example.com'],
    ['a name that comes before it', [['!a', Type.A, Type.NSEC]], '!a.example.com'],
    [
      'the cut above such a name',
      [
        ['!a', Type.NS, Type.NSEC],
        ['ns.!a', Type.A],
      ],
      '!a.example.com',
    ],
    ['nothing, for there is one', [['*', Type.TXT, Type.NSEC]], false],
    // It is an empty non-terminal.
    ['nothing, for there are names below it', [['*'], ['a.*', Type.TXT, Type.NSEC]], false],
  ])('what proves that the apex has no wildcard below it: %s', (_what, owners, expected) => {
    const changes = owners.map(([label, ...types]): NodeChange => {
      const name = Name.parse(label, origin);
      return { kind: 'name', owner: name, node: nodeOf(name, types.map(set)) };
    });
    const { image } = createImage(createSlabMemory(), origin, [apex, ...changes]);
    expect(header(image)['noWildcard']).toEqual(expected && [expected, Type.NSEC]);
  });

  test('a version of a version that was never published leaves its sibling alone', () => {
    const { image } = createImage(createSlabMemory(), origin, [apex, ...filler(1000)]);
    const version = (fill: number): ZoneImage => {
      const name = Name.parse('new', origin);
      const set = { type: Type.TXT, ttl: 1, rdatas: [new Uint8Array(9).fill(fill)], signatures: [] };
      return updateImage(image, [{ kind: 'name', owner: name, node: nodeOf(name, [set]) }]).image;
    };
    const [first, second] = [version(1), version(2)];
    expect(imageField(first, ImageField.arena)).toBe(imageField(image, ImageField.arena));
    const fills = [first, second].map((each) => {
      const found = imageView(each).node(Name.parse('NEW', origin))!;
      return found.rrsets[0]!.rdatas[0]![0];
    });
    expect(fills).toEqual([1, 2]);
  });

  test.each([
    ['small', 0, 3000],
    ['large', 1000, 250_000],
  ])('a %s zone that changes for ever does not grow', (_size, names, limit) => {
    const memory = createSlabMemory({ spoils: true });
    const name = Name.parse('www', origin);
    let { image } = createImage(memory, origin, [apex, ...filler(names)]);
    for (let i = 0; i < 2000; i++) {
      const set = { type: Type.TXT, ttl: 1, rdatas: [new Uint8Array(200 + (i % 300))], signatures: [] };
      const draft = updateImage(image, [{ kind: 'name', owner: name, node: nodeOf(name, [set]) }]);
      draft.release();
      ({ image } = draft);
    }
    expect(imageSize(image)).toBeLessThan(limit);
    expect(memory.figures().used).toBeLessThan(limit);
    expect(imageView(image).size).toBe(names + 2);
  });

  test('is made in steps: one for each node at least, and what lies between them changes nothing', () => {
    const memory = createSlabMemory({ spoils: true });
    const steps = (making: Steps<Draft>): { count: number; draft: Draft } => {
      for (let count = 0; ; count++) {
        const { done, value } = making.next();
        if (done) return { count, draft: value };
      }
    };
    const all = filler(4000);
    const created = steps(creatingImage(memory, origin, [apex, ...all.slice(0, 2000)]));
    expect(created.count).toBeGreaterThan(2000);
    const updated = steps(updatingImage(created.draft.image, all.slice(1000)));
    expect(updated.count).toBeGreaterThan(3000);
    const whole = createImage(createSlabMemory(), origin, [apex, ...all]);
    expect(content(updated.draft.image)).toEqual(content(whole.image));
    // From a small zone to a large one.
    const small = createImage(memory, origin, [apex]);
    const grown = steps(updatingImage(small.image, all));
    expect(grown.count).toBeGreaterThan(8000);
    expect(content(grown.draft.image)).toEqual(content(whole.image));
  });

  test('a large zone that grows beyond its arena keeps its places', () => {
    const memory = createSlabMemory({ spoils: true });
    let { image } = createImage(memory, origin, [apex, ...filler(1000)]);
    const all = filler(3000);
    const arenas = new Set<number>();
    for (let i = 1000; i < 3000; i += 20) {
      const draft = updateImage(image, all.slice(i, i + 20));
      draft.release();
      ({ image } = draft);
      arenas.add(imageField(image, ImageField.arena));
    }
    expect(arenas.size).toBeGreaterThan(3);
    expect(arenas.size).toBeLessThan(10);
    expect(content(image)).toEqual(content(createImage(createSlabMemory(), origin, [apex, ...all]).image));
    // A version that is discarded although it had to make a new arena.
    const { used } = memory.figures();
    updateImage(image, filler(5000)).discard();
    expect(memory.figures().used).toBe(used);
    giveImage(image);
    expect(memory.figures().used).toBe(0);
  });

  test('a zone becomes large and small again', () => {
    const memory = createSlabMemory({ spoils: true });
    const all = filler(1000);
    let { image } = createImage(memory, origin, [apex]);
    const step = (changes: readonly NodeChange[]): void => {
      const draft = updateImage(image, changes);
      draft.release();
      ({ image } = draft);
    };
    for (let i = 0; i < 1000; i += 50) step(all.slice(i, i + 50));
    expect(hasOwnArena(image)).toBe(true);
    expect(content(image)).toEqual(content(createImage(createSlabMemory(), origin, [apex, ...all]).image));
    for (let i = 0; i < 1000; i += 50)
      step(all.slice(i, i + 50).map((each) => ({ ...each, node: undefined })));
    expect(hasOwnArena(image)).toBe(false);
    giveImage(image);
    expect(memory.figures().used).toBe(0);
  });

  test('nodes of a zone of any size go where they stay, as they come', () => {
    const memory = createSlabMemory({ spoils: true });
    const builder = createImageBuilder(memory, origin);
    const count = 80_000;
    const names = ['', ...Array.from({ length: count }, (_, i) => `h${String(i).padStart(6, '0')}`)];
    for (const text of names) {
      const name = Name.parse(text || '@', origin);
      const type = text === '' ? Type.SOA : Type.TXT;
      const node = nodeOf(name, [{ type, ttl: 1, rdatas: [new Uint8Array(1000)], signatures: [] }]);
      builder.add(encodeNode(node, 'name', origin));
    }
    const image = builder.finish();
    const view = imageView(image);
    expect(view.size).toBe(count + 1);
    expect(view.node(Name.parse(names.at(-1)!, origin))?.rrsets[0]?.rdatas[0]).toHaveLength(1000);
    const { octets } = memory.figures();
    giveImage(image);
    // Its slab goes with it.
    expect(memory.figures().octets).toBeLessThan(octets / 10);
    const abandoned = createImageBuilder(memory, origin);
    abandoned.abandon();
    expect(memory.figures().used).toBe(0);
  });

  test('views wrap around the ends', () => {
    const names = ['a', 'b', 'x.b', 'c'].map((text) => Name.parse(text, origin));
    const changes = names.map((name): NodeChange => ({ kind: 'name', owner: name, node: nodeOf(name, []) }));
    const view = imageView(createImage(createSlabMemory(), origin, [apex, ...changes]).image);
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
      return {
        kind: 'name' as const,
        key: nodeKey('name', name),
        node: encodeNode(nodeOf(name, []), 'name', origin),
      };
    });
    const memory = createSlabMemory();
    expect(() => buildImage(memory, origin, stored)).toThrow('sorted');
    expect(() => buildImage(memory, origin, stored.slice(0, 1))).toThrow('apex');
    const cut = { ...stored[1]!, node: stored[1]!.node.subarray(1) };
    expect(() => buildImage(memory, origin, [cut])).toThrow('whole');
    expect(memory.figures().used).toBe(0);
  });
});
