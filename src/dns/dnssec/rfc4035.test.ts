import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { MemoryView } from '../../../test/kit/memory-view.ts';
import { seededRandom } from '../../core/random.ts';
import { dnskey as dnskeyType } from '../rdata/dnskey.ts';
import { nsec as nsecType } from '../rdata/nsec.ts';
import { nsec3 as nsec3Type } from '../rdata/nsec3.ts';
import { fromWire, rdataFromText, typeCode } from '../rdata/registry.ts';
import { rrsig as rrsigType } from '../rdata/rrsig.ts';
import { Type, typeName } from '../type-codes.ts';
import { Name } from '../wire/name.ts';
import type { SignedRRset } from '../zone/node.ts';
import type { ContentChange } from './draft.ts';
import { generateKey, type SigningKey } from './keys.ts';
import { nsec3Hash } from './nsec3.ts';
import { defaultSignPolicy } from './policy.ts';
import { createSignPool } from './sign-pool.ts';
import { signZone } from './sign-zone.ts';
import { verifySignature } from './verify.ts';

const origin = Name.parse('example.com');
const now = 1_800_000_000;
const pool = createSignPool({ threads: 0 });
afterAll(() => pool.close());

/** `owner TTL type value` in each line. */
const records = `
@ 3600 SOA ns1 hostmaster 1 3600 600 86400 300
@ 7200 NS ns1
ns1 3600 A 192.0.2.1
alias 60 CNAME ns1
a.b.ent 3600 TXT "below two empty non-terminals"
*.wild 120 A 192.0.2.2
sub 1800 NS ns.sub
sub 1800 A 192.0.2.3
ns.sub 3600 A 192.0.2.4
deep.sub 3600 TXT "not ours"
signed 900 NS ns1
signed 900 DS 1 13 2 ${'ab'.repeat(32)}
high 3600 TYPE65280 \\# 1 00
`;

function contents(keys: readonly SigningKey[]): ContentChange[] {
  const owners = new Map<string, ContentChange & { rrsets: SignedRRset[] }>();
  for (const line of records.trim().split('\n')) {
    const [, label, ttl, type, value] = /^(\S+) (\d+) (\S+) (.*)$/.exec(line)!;
    const owner = Name.parse(label!, origin);
    const code = typeCode(type!)!;
    const content = owners.get(owner.key) ?? { owner, rrsets: [] };
    owners.set(owner.key, content);
    const rdatas = [rdataFromText(code, value!, origin)];
    content.rrsets.push({ owner, type: code, ttl: Number(ttl), rdatas, signatures: [] });
  }
  const dnskeys = keys.map(({ dnskey }) => dnskey);
  owners
    .get(origin.key)!
    .rrsets.push({ owner: origin, type: Type.DNSKEY, ttl: 600, rdatas: dnskeys, signatures: [] });
  return [...owners.values()];
}

async function sign(keys: readonly SigningKey[], denial: 'nsec' | 'nsec3' = 'nsec'): Promise<MemoryView> {
  const policy = { ...defaultSignPolicy, denial };
  const options = { origin, keys, policy, now, random: seededRandom(1), scope: 'changes' as const };
  const { changes } = await signZone(undefined, contents(keys), options, pool.batch());
  return new MemoryView(origin).apply(changes);
}

function rrsetsOf(view: MemoryView): SignedRRset[] {
  return [...view.nodes(), ...view.nsec3Nodes()].flatMap(({ rrsets }) => rrsets);
}

/** `owner type`, without the name of the zone. */
function nameOf({ owner, type }: SignedRRset): string {
  return `${owner.toText().replace(/\.?example\.com$/, '') || '@'} ${typeName(type)}`;
}

const keys = [generateKey({ algorithm: 15 }), generateKey({ algorithm: 13 })];
let view: MemoryView;
beforeAll(async () => {
  view = await sign(keys);
});

function nsecAt(owner: string) {
  const rrset = view.node(Name.parse(owner, origin))?.rrsets.find(({ type }) => type === Type.NSEC);
  return rrset && { ttl: rrset.ttl, ...fromWire(nsecType, rrset.rdatas[0]!) };
}

describe('signatures in a zone', () => {
  it('RFC 4035 §2.2: cover all that it answers for, and neither the NS of a delegation, nor glue, nor themselves', () => {
    // RFC 4035 §2.4: the DS of a delegation among them.
    const signed = rrsetsOf(view).filter(({ signatures }) => signatures.length > 0);
    expect(signed.map(nameOf).sort()).toEqual(
      [
        ...['@ NS', '@ SOA', '@ DNSKEY', '@ NSEC'],
        ...['*.wild A', '*.wild NSEC', 'a.b.ent TXT', 'a.b.ent NSEC', 'alias CNAME', 'alias NSEC'],
        ...['high NSEC', 'high TYPE65280', 'ns1 A', 'ns1 NSEC'],
        ...['signed DS', 'signed NSEC', 'sub NSEC'],
      ].sort(),
    );
  });

  it('RFC 4035 §2.2: have owner, type, TTL, labels and signer of what they cover, and verify with a key at the apex', () => {
    const [dnskeys] = rrsetsOf(view).filter(({ type }) => type === Type.DNSKEY);
    const published = dnskeys!.rdatas.map((rdata) => fromWire(dnskeyType, rdata));
    for (const rrset of rrsetsOf(view).filter(({ signatures }) => signatures.length > 0)) {
      const { owner, type, ttl } = rrset;
      for (const rdata of rrset.signatures) {
        const signature = fromWire(rrsigType, rdata);
        expect(signature).toMatchObject({ typeCovered: type, originalTtl: ttl });
        expect(signature.labels).toBe(owner.labels().filter((label, at) => at > 0 || label[0] !== 42).length);
        expect(signature.signer.equals(origin)).toBe(true);
        const verdicts = published.map((key) => verifySignature(rrset, signature, key, now));
        expect(
          verdicts.filter((verdict) => verdict === 'valid'),
          nameOf(rrset),
        ).toHaveLength(1);
      }
    }
    expect(published.map(({ flags }) => flags & 0x0100)).toEqual([0x0100, 0x0100]);
  });

  it('RFC 4035 §2.2, RFC 6840 §5.11: are there of each algorithm that is among the keys', () => {
    const algorithms = rrsetsOf(view)
      .filter(({ signatures }) => signatures.length > 0)
      .map(({ signatures }) =>
        signatures
          .map((rdata) => fromWire(rrsigType, rdata).algorithm)
          .sort()
          .join(),
      );
    expect(new Set(algorithms)).toEqual(new Set(['13,15']));
  });

  it('RFC 4035 §2.5, RFC 4034 §3 and §4: are beside a CNAME, as NSEC is', () => {
    const { rrsets } = view.node(Name.parse('alias', origin))!;
    expect(rrsets.map((rrset) => [nameOf(rrset), rrset.signatures.length])).toEqual([
      ['alias CNAME', 2],
      ['alias NSEC', 2],
    ]);
  });
});

describe('NSEC in a zone', () => {
  it('RFC 4035 §2.3: is at each name with data or a delegation, and at no other, so that none has nothing else', () => {
    const without = [...view.nodes()].filter(({ rrsets }) => !rrsets.some(({ type }) => type === Type.NSEC));
    expect(without.map(({ owner }) => owner.toText())).toEqual([
      'ent.example.com',
      'b.ent.example.com',
      'deep.sub.example.com',
      'ns.sub.example.com',
      'wild.example.com',
    ]);
    for (const { rrsets } of view.nodes()) expect(rrsets.map(({ type }) => type)).not.toEqual([Type.NSEC]);
  });

  it('RFC 4034 §4.1.1: names the next of them in canonical order, no glue, a wildcard as it stands (§4.1.3), and the apex at the end', () => {
    const steps: string[] = [];
    for (let at = '@'; steps.length < 10;) {
      const next = nsecAt(at)!.next.toText();
      steps.push(next);
      if (next === 'example.com') break;
      at = `${next}.`;
    }
    expect(steps).toEqual(
      ['alias.', 'a.b.ent.', 'high.', 'ns1.', 'signed.', 'sub.', '*.wild.', ''].map(
        (label) => `${label}example.com`,
      ),
    );
  });

  it.each([
    ['@', ['NS', 'SOA', 'RRSIG', 'NSEC', 'DNSKEY']],
    ['alias', ['CNAME', 'RRSIG', 'NSEC']],
    ['high', ['RRSIG', 'NSEC', 'TYPE65280']],
    ['signed', ['NS', 'DS', 'RRSIG', 'NSEC']],
    ['sub', ['NS', 'RRSIG', 'NSEC']],
  ])(
    'RFC 4035 §2.3, RFC 4034 §4.1.2: lists the types at %s, at a cut what the parent answers for',
    (owner, types) => {
      expect(nsecAt(owner)!.types.map(typeName)).toEqual(types);
    },
  );

  it('RFC 4035 §2.3, RFC 4034 §4: has the TTL of the last field of the SOA', () => {
    expect(nsecAt('@')!.ttl).toBe(300);
    expect(nsecAt('*.wild')!.ttl).toBe(300);
  });

  it('RFC 4035 §2.6: is at the parental side of a cut, and signed there', () => {
    for (const cut of ['sub', 'signed']) {
      const { rrsets } = view.node(Name.parse(cut, origin))!;
      expect(rrsets.find(({ type }) => type === Type.NSEC)?.signatures).toHaveLength(2);
    }
  });
});

it('RFC 6840 §6.4: an NSEC3 of an empty non-terminal has no block of types', async () => {
  const hashed = await sign(keys, 'nsec3');
  const node = hashed.nsec3Node(nsec3Hash(Name.parse('ent', origin)));
  const rdata = node!.rrsets[0]!.rdatas[0]!;
  expect(fromWire(nsec3Type, rdata).types).toEqual([]);
  // Algorithm, flags, iterations, no salt, and a hash of 20 octets with its length: nothing comes after that.
  expect(rdata).toHaveLength(26);
});

it('RFC 4034 §B: a key with the tag of another that signed before it is not taken for it', async () => {
  const byTag = new Map<number, SigningKey>();
  let pair: [SigningKey, SigningKey] | undefined;
  while (!pair) {
    const key = generateKey({ algorithm: 15 });
    const other = byTag.get(key.keyTag);
    if (other) pair = [other, key];
    byTag.set(key.keyTag, key);
  }
  const [before, after] = pair;
  const served = await sign([before]);
  const policy = defaultSignPolicy;
  const options = { origin, keys: [after], policy, now, random: seededRandom(1), scope: 'changes' as const };
  const [apex] = contents([after]);
  const { changes } = await signZone(served, [apex!], options, pool.batch());
  const key = fromWire(dnskeyType, after.dnskey);
  for (const rrset of rrsetsOf(served.apply(changes)))
    for (const rdata of rrset.signatures)
      expect(verifySignature(rrset, fromWire(rrsigType, rdata), key, now), nameOf(rrset)).toBe('valid');
});
