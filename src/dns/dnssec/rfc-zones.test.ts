import { describe, expect, it } from 'vitest';
import { vectorText } from '../../../test/kit/appendix-case.ts';
import { nodeChanges, zoneRecords } from '../../../test/kit/test-zone.ts';
import { seededRandom } from '../../core/random.ts';
import { type Dnskey, dnskey as dnskeyType } from '../rdata/dnskey.ts';
import { nsec3 as nsec3Type } from '../rdata/nsec3.ts';
import { fromWire, printRdata } from '../rdata/registry.ts';
import { rrsig as rrsigType } from '../rdata/rrsig.ts';
import { Type } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';
import type { NodeChange, SignedRRset, ZoneNode } from '../zone/node.ts';
import { generateKey, keyTag } from './keys.ts';
import { authoritativeTypes } from './nsec.ts';
import { nsec3Hash, nsec3Owner } from './nsec3.ts';
import { defaultSignPolicy } from './policy.ts';
import { createSignPool } from './sign-pool.ts';
import { signZone } from './sign-zone.ts';
import { verifySignature } from './verify.ts';

const seconds = (iso: string): number => Date.parse(iso) / 1000;

/** The zones of two appendices, signed by the authors: algorithms 5 and 7, which we verify and do not sign with (RFC 8624 §3.1). */
const zones = {
  'RFC 4035 appendix A': load('rfc4035-a.zone', { now: seconds('2004-04-20T00:00:00Z'), signatures: 27 }),
  'RFC 5155 appendix A': load('rfc5155-a.zone', { now: seconds('2010-01-01T00:00:00Z'), signatures: 30 }),
};

interface SignedZone {
  origin: Name;
  /** Owners as they come in the file. */
  owners: Name[];
  nodes: NodeChange[];
  keys: Map<number, Dnskey>;
  now: number;
  /** Number of RRSIG records. */
  signatures: number;
}

function load(file: string, facts: Pick<SignedZone, 'now' | 'signatures'>): SignedZone {
  const { origin, records } = zoneRecords(vectorText(file));
  const owners = records.map(({ owner }) => owner).filter((owner, i, all) => !all[i - 1]?.equals(owner));
  const keys = new Map<number, Dnskey>();
  for (const { type, rdata } of records)
    if (type === Type.DNSKEY) keys.set(keyTag(rdata), fromWire(dnskeyType, rdata));
  return { origin, owners, nodes: nodeChanges(origin, records), keys, ...facts };
}

/** The nodes of a kind. */
function nodesOf(zone: SignedZone, kind: NodeChange['kind']): ZoneNode[] {
  return zone.nodes.flatMap((change) => (change.kind === kind && change.node ? [change.node] : []));
}

function find({ rrsets }: ZoneNode, type: number): SignedRRset | undefined {
  return rrsets.find((rrset) => rrset.type === type);
}

/** RFC 4035 §2.2: the zone signs what it is authoritative for, so of a delegation neither the NS nor the glue. */
function isSigned(zone: SignedZone, { owner, type }: SignedRRset): boolean {
  const cut = nodesOf(zone, 'name').find(
    (node) => !node.owner.equals(zone.origin) && find(node, Type.NS) && owner.isAtOrBelow(node.owner),
  );
  return !cut || (owner.equals(cut.owner) && type !== Type.NS);
}

describe.each(Object.entries(zones))('the zone of %s', (_, zone) => {
  const rrsets = zone.nodes.flatMap((change) => change.node?.rrsets ?? []);

  // RFC 4034 §6.1.
  it('has its owners in canonical order', () => {
    expect(zone.owners.map(String)).toEqual([...zone.owners].sort((a, b) => a.compare(b)).map(String));
  });

  it('has signatures on all that it is authoritative for, and on nothing else', () => {
    const text = ({ owner, type }: SignedRRset): string => `${owner.toString()} ${type}`;
    expect(rrsets.filter(({ signatures }) => signatures.length > 0).map(text)).toEqual(
      rrsets.filter((rrset) => isSigned(zone, rrset)).map(text),
    );
  });

  it('has nothing but valid signatures', () => {
    const verdicts = rrsets.flatMap((rrset) =>
      rrset.signatures.map((rdata) => {
        const signature = fromWire(rrsigType, rdata);
        const verdict = verifySignature(rrset, signature, zone.keys.get(signature.keyTag)!, zone.now);
        return verdict === 'valid' ? verdict : `${rrset.owner.toString()} ${rrset.type} ${verdict.reason}`;
      }),
    );
    expect(verdicts).toEqual(new Array<string>(zone.signatures).fill('valid'));
  });
});

describe('key tags', () => {
  it.each([
    ['RFC 4035 appendix A', [38519, 9465]],
    ['RFC 5155 appendix A', [40430, 12708]],
  ] as const)('of %s', (title, tags) => {
    expect([...zones[title].keys.keys()]).toEqual(tags);
  });
});

describe('the NSEC chain of RFC 4035 appendix A', () => {
  const zone = zones['RFC 4035 appendix A'];
  const chain = (nodes: ZoneNode[]): string[] =>
    nodes.flatMap((node) => {
      const nsec = find(node, Type.NSEC);
      return nsec ? [`${node.owner.toString()} ${nsec.ttl} ${printRdata(Type.NSEC, nsec.rdatas[0]!)}`] : [];
    });

  it('is the one that we make of its other records', async () => {
    const key = generateKey({ algorithm: 15 });
    const pool = createSignPool({ threads: 0 });
    const signed = await signZone(
      undefined,
      nodesOf(zone, 'name').map(({ owner, rrsets }) => ({
        owner,
        rrsets: rrsets.filter(({ type }) => type !== Type.NSEC),
      })),
      {
        origin: zone.origin,
        keys: [key],
        policy: { ...defaultSignPolicy, denial: 'nsec' },
        now: zone.now,
        random: seededRandom(1),
        scope: 'everything',
      },
      pool.batch(),
    );
    await pool.close();
    const made = signed.changes.flatMap(({ node }) => node ?? []).sort((a, b) => a.owner.compare(b.owner));
    expect(chain(made)).toEqual(chain(nodesOf(zone, 'name')));
    expect(chain(made)).toHaveLength(10);
  });
});

describe('the NSEC3 chain of RFC 5155 appendix A', () => {
  const zone = zones['RFC 5155 appendix A'];
  const params = { iterations: 12, salt: Uint8Array.of(0xaa, 0xbb, 0xcc, 0xdd) };

  /** RFC 5155 §7.1: all names but those below cuts and, as the zone opts out, the delegations without DS. */
  function expectedChain(): [owner: string, next: string, types: number[]][] {
    const cuts = nodesOf(zone, 'name').filter(
      (node) => !node.owner.equals(zone.origin) && find(node, Type.NS),
    );
    const links = nodesOf(zone, 'name')
      .filter(
        (node) => !cuts.some((cut) => node.owner.isAtOrBelow(cut.owner) && !node.owner.equals(cut.owner)),
      )
      .filter((node) => !cuts.includes(node) || find(node, Type.DS))
      .map((node) => {
        const types = authoritativeTypes(node.rrsets, cuts.includes(node));
        return {
          owner: nsec3Owner(nsec3Hash(node.owner, params), zone.origin).toString(),
          types: types.length > 0 ? [...types, Type.RRSIG].sort((a, b) => a - b) : [],
        };
      })
      .sort((a, b) => (a.owner < b.owner ? -1 : 1));
    return links.map(({ owner, types }, i) => [owner, links[(i + 1) % links.length]!.owner, types]);
  }

  it('is closed, and has a record for every name with its types', () => {
    const chain = nodesOf(zone, 'nsec3').map((node) => {
      const { nextHashed, types } = fromWire(nsec3Type, find(node, Type.NSEC3)!.rdatas[0]!);
      return [node.owner.toString(), nsec3Owner(nextHashed, zone.origin).toString(), types];
    });
    expect(chain).toEqual(expectedChain());
    expect(chain).toHaveLength(12);
  });

  it('has the parameters of its NSEC3PARAM, and the opt-out flag', () => {
    const heads = nodesOf(zone, 'nsec3').map((node) =>
      printRdata(Type.NSEC3, find(node, Type.NSEC3)!.rdatas[0]!).split(' ').slice(0, 4).join(' '),
    );
    expect(new Set(heads)).toEqual(new Set(['1 1 12 AABBCCDD']));
  });
});
