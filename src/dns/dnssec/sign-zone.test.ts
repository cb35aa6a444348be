import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { createImage, updateImage } from '../../../test/kit/images.ts';
import { MemoryView } from '../../../test/kit/memory-view.ts';
import { seededRandom } from '../../core/random.ts';
import { atOnce } from '../../core/slices.ts';
import { dnskey } from '../rdata/dnskey.ts';
import { nsec as nsecType } from '../rdata/nsec.ts';
import { nsec3 as nsec3Type } from '../rdata/nsec3.ts';
import { fromWire, rdataFromText } from '../rdata/registry.ts';
import { rrsig } from '../rdata/rrsig.ts';
import { zonemd } from '../rdata/zonemd.ts';
import type { RRset } from '../rr.ts';
import { Type } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import { imageView } from '../zone/image-view.ts';
import type { SignedRRset, ZoneNode, ZoneView } from '../zone/node.ts';
import { createSlabMemory } from '../zone/slab-memory.ts';
import type { ContentChange } from './draft.ts';
import { cdsFromKeys, generateKey, type SigningKey } from './keys.ts';
import { nsec3Hash, nsec3Owner, NSEC3PARAM_RDATA } from './nsec3.ts';
import { defaultSignPolicy, type SignOptions } from './policy.ts';
import { createSignPool } from './sign-pool.ts';
import { type SignedChange, signZone } from './sign-zone.ts';
import { verifySignature } from './verify.ts';
import { verifyZoneDigest } from './zone-digest.ts';
import { ownersOf } from './zone-owners.ts';

const origin = Name.parse('example.com');
const now = 1_800_000_000;
const pool = createSignPool({ threads: 0 });
afterAll(() => pool.close());

// Ed25519 signatures are deterministic: versions can be compared with their signatures.
const csk = generateKey({ algorithm: 15 });

function options(more: Partial<SignOptions> = {}): SignOptions {
  const policy = { ...defaultSignPolicy, jitter: 0 };
  return { origin, keys: [csk], policy, now, random: seededRandom(1), scope: 'changes', ...more };
}

function rrset(owner: Name, type: number, ...values: string[]): RRset {
  return { owner, type, ttl: 3600, rdatas: values.map((value) => rdataFromText(type, value, origin)) };
}

function change(owner: string, ...records: [type: keyof typeof Type, ...values: string[]][]): ContentChange {
  const name = Name.parse(owner, origin);
  return { owner: name, rrsets: records.map(([type, ...values]) => rrset(name, Type[type], ...values)) };
}

function apex(serial: number, keys: readonly SigningKey[] = [csk], minimum = 300): ContentChange {
  const { rrsets } = change(
    '@',
    ['SOA', `ns1 hostmaster ${serial} 3600 600 86400 ${minimum}`],
    ['NS', 'ns1'],
  );
  const dnskeys = { owner: origin, type: Type.DNSKEY, ttl: 3600, rdatas: keys.map((key) => key.dnskey) };
  return { owner: origin, rrsets: keys.length > 0 ? [...rrsets, dnskeys] : rrsets };
}

async function publish(
  view: MemoryView | undefined,
  changes: ContentChange[],
  more: Partial<SignOptions> = {},
): Promise<SignedChange & { view: MemoryView }> {
  const result = await signZone(view, changes, options(more), pool.batch());
  return { ...result, view: (view ?? new MemoryView(origin)).apply(result.changes) };
}

const ds = `1 13 2 ${'ab'.repeat(32)}`;

const content = [
  change('ns1', ['A', '192.0.2.1']),
  change('www', ['A', '192.0.2.2', '192.0.2.3'], ['TXT', '"hello"']),
  change('deep.empty', ['TXT', '"x"']),
  change('*.wild', ['A', '192.0.2.4']),
  change('sub', ['NS', 'ns.sub', 'sub'], ['A', '192.0.2.9']),
  change('ns.sub', ['A', '192.0.2.5']),
  change('signed', ['NS', 'ns1'], ['DS', ds]),
];

describe('the digest of a zone (RFC 8976 §3)', () => {
  /** Whether the digest in a version is right, and what it is. */
  function digestOf(view: ZoneView): { verdict: string; serial: number; digest: string } {
    const found = find(view.node(origin)!, Type.ZONEMD)!;
    const owners = () => atOnce(ownersOf(view, []));
    const { serial, digest } = fromWire(zonemd, found.rdatas[0]!);
    const { kind } = atOnce(verifyZoneDigest(origin, serial, found.rdatas, owners));
    const text = Buffer.from(digest).toString('hex');
    const signature = fromWire(rrsig, found.signatures[0]!);
    const verdict = verifySignature(found, signature, fromWire(dnskey, csk.dnskey), now);
    return { verdict: `${kind} ${verdict as string}`, serial, digest: text };
  }

  it.each(['nsec', 'nsec3'] as const)(
    'RFC 8976 §3.2, §3.4: is in every version, signed, and right: %s',
    async (denial) => {
      const more = { digest: true, policy: { ...defaultSignPolicy, jitter: 0, denial } };
      const first = await publish(undefined, [apex(1), ...content], more);
      expect(digestOf(first.view)).toMatchObject({ verdict: 'right valid', serial: 1 });
      const edit = [apex(2), change('new.sub', ['A', '192.0.2.77']), change('www')];
      const second = await publish(first.view, edit, more);
      expect(digestOf(second.view)).toMatchObject({ verdict: 'right valid', serial: 2 });
      expect(digestOf(second.view).digest).not.toBe(digestOf(first.view).digest);
      expect(second.changes.length).toBeLessThan(first.changes.length);
      // What is made from nothing is the same.
      const [, , ...others] = content;
      const anew = [apex(2), content[0]!, change('new.sub', ['A', '192.0.2.77']), ...others];
      expect(digestOf((await publish(undefined, anew, more)).view)).toEqual(digestOf(second.view));
      const without = await publish(second.view, [apex(3)], { ...more, digest: false });
      expect(find(without.view.node(origin)!, Type.ZONEMD)).toBeUndefined();
    },
  );

  it('RFC 8976 §2.5, §3.1: is the only one, and has the TTL of the SOA', async () => {
    const [soaRecord, ...rest] = apex(1).rrsets;
    const top = { owner: origin, rrsets: [{ ...soaRecord!, ttl: 1234 }, ...rest] };
    const { view } = await publish(undefined, [top, ...content], { digest: true });
    const found = find(view.node(origin)!, Type.ZONEMD)!;
    expect([found.ttl, found.rdatas.length]).toEqual([1234, 1]);
    expect(fromWire(zonemd, found.rdatas[0]!)).toMatchObject({ scheme: 1, hashAlgorithm: 1 });
  });

  it('RFC 8976 §3.4: new signatures leave serial and SOA alone', async () => {
    const more = { digest: true, scope: 'everything' as const };
    const first = await publish(undefined, [apex(1), ...content], more);
    const later = now + 10 * 86_400;
    const second = await publish(first.view, [apex(1)], { ...more, now: later });
    expect(second.signatures).toBe(first.signatures);
    const [before, after] = [first.view, second.view].map((view) => find(view.node(origin)!, Type.SOA)!);
    expect(after!.rdatas).toEqual(before!.rdatas);
    const { rdatas } = find(second.view.node(origin)!, Type.ZONEMD)!;
    const owners = () => atOnce(ownersOf(second.view, []));
    expect(atOnce(verifyZoneDigest(origin, 1, rdatas, owners))).toEqual({ kind: 'right' });
  });

  it('RFC 8976 §3.1: is in the bitmap of the apex', async () => {
    const { view } = await publish(undefined, [apex(1), ...content], { digest: true });
    const { rdatas } = find(view.node(origin)!, Type.NSEC)!;
    expect(fromWire(nsecType, rdatas[0]!).types).toContain(Type.ZONEMD);
  });

  it('is in an unsigned zone, without signatures', async () => {
    const { view } = await publish(undefined, [apex(1, []), ...content], { digest: true, keys: [] });
    const found = find(view.node(origin)!, Type.ZONEMD)!;
    const owners = () => atOnce(ownersOf(view, []));
    expect(atOnce(verifyZoneDigest(origin, 1, found.rdatas, owners))).toEqual({ kind: 'right' });
    expect(found.signatures).toEqual([]);
  });
});

describe('a zone signed from nothing', () => {
  it('has an NSEC at every name with authoritative data or a delegation, and nowhere else', async () => {
    const { view } = await publish(undefined, [apex(1), ...content]);
    const chain = [...view.nodes()].flatMap((node) => {
      const rdata = find(node, Type.NSEC)?.rdatas[0];
      return rdata ? [`${node.owner.toText()} -> ${nsecType.print(fromWire(nsecType, rdata))}`] : [];
    });
    expect(chain).toEqual([
      'example.com -> deep.empty.example.com. NS SOA RRSIG NSEC DNSKEY',
      'deep.empty.example.com -> ns1.example.com. TXT RRSIG NSEC',
      'ns1.example.com -> signed.example.com. A RRSIG NSEC',
      'signed.example.com -> sub.example.com. NS DS RRSIG NSEC',
      'sub.example.com -> *.wild.example.com. NS RRSIG NSEC',
      '*.wild.example.com -> www.example.com. A RRSIG NSEC',
      'www.example.com -> example.com. A TXT RRSIG NSEC',
    ]);
  });

  it('has an NSEC3 at all names, empty non-terminals and insecure delegations too, with the types that are there (RFC 5155 §6, §7.1)', async () => {
    const { view } = await publish(undefined, [apex(1), ...content], nsec3Options);
    const types = (owner: string): number[] | undefined => {
      const rdata = view.nsec3Node(nsec3Hash(Name.parse(owner, origin)))?.rrsets[0]?.rdatas[0];
      return rdata && fromWire(nsec3Type, rdata).types;
    };
    expect(types('empty')).toEqual([]);
    expect(types('wild')).toEqual([]);
    expect(types('sub')).toEqual([Type.NS]);
    expect(types('signed')).toEqual([Type.NS, Type.DS, Type.RRSIG]);
    expect(types('www')).toEqual([Type.A, Type.TXT, Type.RRSIG]);
    expect(types('ns.sub')).toBeUndefined();
  });

  it('keeps glue and the NS of a delegation unsigned, and signs its DS', async () => {
    const { view } = await publish(undefined, [apex(1), ...content]);
    const signed = [
      ...view.nodes(Name.parse('sub', origin)),
      ...view.nodes(Name.parse('signed', origin)),
    ].flatMap((node) =>
      node.rrsets.map((set) => `${node.owner.toText()} ${set.type} ${set.signatures.length}`),
    );
    expect(signed).toEqual([
      'sub.example.com 1 0',
      'sub.example.com 2 0',
      'sub.example.com 47 1',
      'ns.sub.example.com 1 0',
      'signed.example.com 2 0',
      'signed.example.com 43 1',
      'signed.example.com 47 1',
    ]);
  });

  it('lets the KSK sign the keys and the ZSK the rest', async () => {
    const ksk = generateKey({ algorithm: 15, roles: { signsKeys: true, signsZone: false } });
    const zsk = generateKey({ algorithm: 15, flags: 256, roles: { signsKeys: false, signsZone: true } });
    const top = apex(1, [ksk, zsk]);
    const { cds, cdnskey } = cdsFromKeys(origin, [ksk]);
    const requests = [
      { owner: origin, type: Type.CDS, ttl: 3600, rdatas: cds },
      { owner: origin, type: Type.CDNSKEY, ttl: 3600, rdatas: cdnskey },
    ];
    const all = { owner: origin, rrsets: [...top.rrsets, ...requests] };
    const { view } = await publish(undefined, [all], { keys: [ksk, zsk] });
    const tag = (type: number): number[] =>
      find(view.node(origin)!, type)!.signatures.map((rdata) => fromWire(rrsig, rdata).keyTag);
    expect(tag(Type.DNSKEY)).toEqual([ksk.keyTag]);
    expect(tag(Type.SOA)).toEqual([zsk.keyTag]);
    // RFC 7344 §4.1: the parent believes the key that it has a DS of.
    expect([tag(Type.CDS), tag(Type.CDNSKEY)]).toEqual([[ksk.keyTag], [ksk.keyTag]]);
  });

  it.each([
    ['that of the SOA', 99_999, 3600],
    ['its minimum', 300, 300],
  ])('has NSEC and NSEC3 with the lesser TTL (RFC 9077 §3.1, §3.2, §3.3): %s', async (_, minimum, ttl) => {
    const top = apex(1, [csk], minimum);
    const { view: nsec } = await publish(undefined, [top, ...content]);
    const { view: nsec3 } = await publish(undefined, [top, ...content], nsec3Options);
    const ttls = (view: MemoryView, type: number): number[] =>
      allRRsets(view).flatMap((set) => (set.type === type ? [set.ttl] : []));
    expect(ttls(nsec, Type.NSEC)).toEqual(Array.from({ length: 7 }, () => ttl));
    expect(ttls(nsec3, Type.NSEC3)).toEqual(Array.from({ length: 9 }, () => ttl));
  });

  it('is left unsigned without keys', async () => {
    const { view, signatures } = await publish(undefined, [apex(1, []), ...content], { keys: [] });
    expect(signatures).toBe(0);
    expect([...view.nodes()].some((node) => find(node, Type.NSEC))).toBe(false);
  });

  it('refuses content without SOA, and names of other zones', async () => {
    await expect(publish(undefined, content)).rejects.toThrow('no SOA');
    await expect(publish(undefined, [change('@', ['NS', 'ns1'])])).rejects.toThrow('no SOA');
    await expect(publish(undefined, [apex(1), change('a.example.net.')])).rejects.toThrow('is not in');
  });
});

const nsec3Options: Partial<SignOptions> = { policy: { ...defaultSignPolicy, jitter: 0, denial: 'nsec3' } };

describe('a change', () => {
  it('makes only the signatures of what changed', async () => {
    const { view } = await publish(undefined, [apex(1), ...content]);
    const edited = await publish(view, [apex(2), change('www', ['A', '192.0.2.7'], ['TXT', '"hello"'])]);
    expect(edited.signatures).toBe(2);
    expect(edited.changes.map((c) => c.owner.toText())).toEqual(['example.com', 'www.example.com']);
    const added = await publish(view, [apex(2), change('new', ['A', '192.0.2.7'])]);
    // SOA, the new address and its NSEC, the NSEC before it.
    expect(added.signatures).toBe(4);
    const removed = await publish(view, [apex(2), change('www')]);
    expect(removed.signatures).toBe(2);
  });

  it.each([
    ['NSEC', {}, 4],
    ['NSEC3', nsec3Options, 4],
  ])('of one name among many looks only at its neighbours: %s', async (_, more, signatures) => {
    const hosts = Array.from({ length: 1000 }, (_, i) => change(`host${i}`, ['A', '192.0.2.1']));
    const { view } = await publish(undefined, [apex(1), ...hosts], more);
    const asked: string[] = [];
    const watched = new Proxy(view, {
      get(target, property) {
        asked.push(String(property));
        const value: unknown = Reflect.get(target, property, target);
        return typeof value === 'function' ? (value.bind(target) as unknown) : value;
      },
    });
    const added = await signZone(
      watched,
      [apex(2), change('new', ['A', '192.0.2.2'])],
      options(more),
      pool.batch(),
    );
    expect(added).toMatchObject({ signatures, complete: false });
    expect(asked.length).toBeLessThan(60);
    expect(asked).not.toContain('nsec3Nodes');
  });

  it('changes nothing when the content is the same', async () => {
    const { view } = await publish(undefined, [apex(1), ...content]);
    const again = await publish(view, [apex(1), ...content]);
    expect(again).toMatchObject({ changes: [], signatures: 0 });
  });

  it('keeps signatures when only the order of records differs', async () => {
    const { view } = await publish(undefined, [apex(1), ...content]);
    const again = await publish(view, [change('www', ['A', '192.0.2.3', '192.0.2.2'], ['TXT', '"hello"'])]);
    expect(again).toMatchObject({ changes: [], signatures: 0 });
  });

  it('of the denial TTL reaches the whole chain (RFC 9077 §3)', async () => {
    const { view } = await publish(undefined, [apex(1), ...content]);
    const { view: after, complete } = await publish(view, [apex(2, [csk], 60)]);
    expect(complete).toBe(true);
    expect([...after.nodes()].map((node) => find(node, Type.NSEC)?.ttl ?? 60)).toEqual(
      Array.from({ length: after.size }, () => 60),
    );
  });

  it('from NSEC to NSEC3 and back, to new keys and to unsigned is the same as from nothing (RFC 5155 §10.4, §10.5)', async () => {
    const { view } = await publish(undefined, [apex(1), ...content]);
    const other = generateKey({ algorithm: 15 });
    const steps: [ContentChange, Partial<SignOptions>][] = [
      [apex(2), nsec3Options],
      [apex(3, [csk, other]), { ...nsec3Options, keys: [csk, other] }],
      [apex(4, [other]), { keys: [other] }],
      [apex(5, []), { keys: [] }],
    ];
    let current = view;
    for (const [top, more] of steps) {
      current = (await publish(current, [top], more)).view;
      const { view: fresh } = await publish(undefined, [top, ...content], more);
      expect(dump(current)).toEqual(dump(fresh));
    }
  });
});

describe('renewal', () => {
  const day = 86_400;

  it('renews what has less than the refresh time left, and nothing before', async () => {
    const { view, signatures, earliestExpiration } = await publish(undefined, [apex(1), ...content]);
    expect(earliestExpiration).toBe(now + 14 * day);
    const early = await publish(view, [], { scope: 'everything', now: now + 8 * day });
    expect(early).toMatchObject({ changes: [], signatures: 0, complete: true });
    expect(early.earliestExpiration).toBe(now + 14 * day);
    const due = await publish(view, [], { scope: 'everything', now: now + 9 * day });
    expect(due.signatures).toBe(signatures);
    expect(due.earliestExpiration).toBe(now + 23 * day);
  });

  it('is spread by jitter', async () => {
    const policy = { ...defaultSignPolicy, jitter: 2 * day };
    const { view } = await publish(undefined, [apex(1), ...content], { policy });
    const times = allRRsets(view).flatMap((set) =>
      set.signatures.map((rdata) => fromWire(rrsig, rdata).expiration),
    );
    expect(new Set(times).size).toBeGreaterThan(times.length / 2);
    expect(Math.min(...times)).toBeGreaterThanOrEqual(now + 12 * day);
    expect(Math.max(...times)).toBeLessThanOrEqual(now + 14 * day);
  });
});

it('costs no more beside very much glue', async () => {
  const name = (text: string): Name => Name.parse(text, origin);
  const lookUps = async (glue: number): Promise<number> => {
    const hosts = Array.from({ length: glue }, (_, i) => contentOf(name(`h${i}.cut`), 'A', 1));
    const zone = [apex(1), contentOf(name('a'), 'A', 1), contentOf(name('cut'), 'NS', 1), ...hosts];
    const { view } = await publish(undefined, [...zone, contentOf(name('z'), 'A', 1)]);
    let count = 0;
    const counting = new Proxy(view, {
      get(target, key) {
        const value = Reflect.get(target, key) as unknown;
        if (typeof value !== 'function') return value;
        return (...args: unknown[]): unknown => {
          count++;
          return Reflect.apply(value, target, args) as unknown;
        };
      },
    });
    // Right behind the glue, and the delegation itself.
    const changes = [apex(2), contentOf(name('d'), 'A', 1), contentOf(name('cut'), 'NS+DS', 2)];
    const { changes: nodes } = await signZone(counting, changes, options(), pool.batch());
    expect(nodes.map(({ owner }) => owner.toText())).toEqual([
      'example.com',
      'cut.example.com',
      'd.example.com',
    ]);
    return count;
  };
  expect(await lookUps(2000)).toBe(await lookUps(20));
});

describe('any sequence of changes', () => {
  const label = fc.constantFrom('a', 'b', 'c', 'B', '*', '\\000', 'a\\000', 'zz');
  const owner = fc
    .array(label, { minLength: 1, maxLength: 4 })
    .map((labels) => Name.parse(labels.join('.'), origin));
  const kind = fc.constantFrom('none', 'A', 'A', 'TXT', 'NS', 'NS', 'NS+DS', 'A+TXT');
  const edit = fc.record({ owner, kind, value: fc.integer({ min: 1, max: 3 }) });
  const sequence = fc.array(fc.array(edit, { minLength: 1, maxLength: 4 }), { minLength: 1, maxLength: 8 });

  it.each([
    ['NSEC', options()],
    ['NSEC3', options(nsec3Options)],
  ])(
    'leads to the zone that %s signing from nothing gives: with NSEC3 a closed chain of all names, at their hashes (RFC 5155 §3, §3.1.7, §7.1, §7.5)',
    async (_, opts) => {
      await fc.assert(
        fc.asyncProperty(sequence, async (steps) => {
          const model = new Map<string, ContentChange>();
          let { view, changes } = await publish(undefined, [apexFor(opts, 0)], opts);
          // The same walk over the images that are served.
          let { image } = createImage(createSlabMemory(), origin, changes);
          for (const [i, edits] of steps.entries()) {
            const edited = edits.map(({ owner, kind, value }) => contentOf(owner, kind, value));
            for (const each of edited) model.set(each.owner.key, each);
            const last = new Map(edited.map((each) => [each.owner.key, each]));
            const top = apexFor(opts, i + 1);
            ({ changes } = await signZone(imageView(image), [top, ...last.values()], opts, pool.batch()));
            ({ image } = updateImage(image, changes));
            view = (await publish(view, [top, ...last.values()], opts)).view;
            const { view: fresh } = await publish(undefined, [top, ...model.values()], opts);
            expect(dump(view)).toEqual(dump(fresh));
            checkSignatures(view, opts);
            expect(dump(imageView(image))).toEqual(dump(fresh));
            checkChain(view, opts);
          }
        }),
        { numRuns: 25 },
      );
    },
    60_000,
  );
});

function apexFor(opts: SignOptions, serial: number): ContentChange {
  const top = apex(serial);
  if (opts.policy.denial === 'nsec') return top;
  const param = { owner: origin, type: Type.NSEC3PARAM, ttl: 0, rdatas: [NSEC3PARAM_RDATA] };
  return { owner: origin, rrsets: [...top.rrsets, param] };
}

function contentOf(owner: Name, kind: string, value: number): ContentChange {
  const sets: RRset[] = [];
  if (kind.includes('A')) sets.push(rrset(owner, Type.A, `192.0.2.${value}`));
  if (kind.includes('TXT')) sets.push(rrset(owner, Type.TXT, `"${value}"`));
  if (kind.includes('NS')) sets.push(rrset(owner, Type.NS, `ns${value}.example.net.`));
  if (kind.includes('DS')) sets.push(rrset(owner, Type.DS, ds));
  return { owner, rrsets: sets };
}

function find(node: ZoneNode, type: number): SignedRRset | undefined {
  return node.rrsets.find((set) => set.type === type);
}

function allRRsets(view: MemoryView): SignedRRset[] {
  return [...view.nodes(), ...view.nsec3Nodes()].flatMap((node) => node.rrsets);
}

function dump(view: ZoneView): string[] {
  const hex = (bytes: Uint8Array): string => Buffer.from(bytes).toString('hex');
  return [...view.nodes(), ...view.nsec3Nodes()].flatMap((node) => [
    node.owner.toString(),
    ...node.rrsets.map(
      (set) =>
        `${set.owner.toString()} ${set.type} ${set.ttl} ${set.rdatas.map(hex).join()} ${set.signatures.map(hex).join()}`,
    ),
  ]);
}

/** RFC 4035 §2.2, from the definition: what is authoritative is signed and verifies, nothing else is signed. */
function checkSignatures(view: MemoryView, opts: SignOptions): void {
  const key = fromWire(dnskey, csk.dnskey);
  for (const set of allRRsets(view)) {
    const authoritative =
      !hasCutAbove(view, set.owner) &&
      (!isCut(view, set.owner) || set.type === Type.DS || set.type === Type.NSEC);
    expect(set.signatures.length, `${set.owner.toString()} ${set.type}`).toBe(authoritative ? 1 : 0);
    for (const rdata of set.signatures)
      expect(verifySignature(set, fromWire(rrsig, rdata), key, opts.now)).toBe('valid');
  }
}

/** The chain visits every name that is to be denied around, in order, and ends where it began. */
function checkChain(view: MemoryView, opts: SignOptions): void {
  const names = [...view.nodes()].filter((node) => !hasCutAbove(view, node.owner));
  if (opts.policy.denial === 'nsec') {
    const chained = names.filter((node) => node.rrsets.length > 0);
    const next = chained.map((node) => fromWire(nsecType, find(node, Type.NSEC)!.rdatas[0]!).next.key);
    expect(next).toEqual([...chained.slice(1), chained[0]!].map((node) => node.owner.key));
  } else {
    const hashes = names.map((node) => nsec3Hash(node.owner)).sort((a, b) => Buffer.compare(a, b));
    const owners = [...view.nsec3Nodes()].map((node) => node.owner.key);
    expect(owners).toEqual(hashes.map((hash) => nsec3Owner(hash, origin).key));
    const next = [...view.nsec3Nodes()].map(
      (node) => fromWire(nsec3Type, node.rrsets[0]!.rdatas[0]!).nextHashed,
    );
    expect(next.map((hash) => nsec3Owner(hash, origin).key)).toEqual([...owners.slice(1), owners[0]]);
  }
}

function isCut(view: MemoryView, owner: Name): boolean {
  const node = view.node(owner);
  return !owner.equals(origin) && node !== undefined && find(node, Type.NS) !== undefined;
}

function hasCutAbove(view: MemoryView, owner: Name): boolean {
  for (let above = owner; !above.equals(origin);) {
    above = above.parent();
    if (isCut(view, above)) return true;
  }
  return false;
}
