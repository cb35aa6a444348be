import { createImage } from './images.ts';
import { seededRandom } from '../../src/core/random.ts';
import { generateKey, type SigningKey } from '../../src/dns/dnssec/keys.ts';
import { defaultSignPolicy } from '../../src/dns/dnssec/policy.ts';
import { createSignPool } from '../../src/dns/dnssec/sign-pool.ts';
import { signZone } from '../../src/dns/dnssec/sign-zone.ts';
import type { ResourceRecord, RRset } from '../../src/dns/rr.ts';
import { openZoneSet, type ZoneSet } from '../../src/dns/server/zone-set.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { type Draft, firstDraft } from '../../src/dns/zone/image-update.ts';
import { imageView } from '../../src/dns/zone/image-view.ts';
import type { ZoneImage } from '../../src/dns/zone/image.ts';
import type { NodeChange, SignedRRset, ZoneNode } from '../../src/dns/zone/node.ts';
import {
  createServedZones,
  type ServedZones,
  type ServedZonesOptions,
} from '../../src/dns/zone/served-zones.ts';
import { createSlabMemory, type SlabMemory } from '../../src/dns/zone/slab-memory.ts';
import { parseZoneFile } from '../../src/dns/zonefile/parse.ts';

/** Unsigned, or signed by our own signer with this kind of denial. */
export type TestDenial = 'unsigned' | 'nsec' | 'nsec3';

/** The records of a zone file; throws with the parser's words. */
export function zoneRecords(text: string, origin?: Name): { origin: Name; records: ResourceRecord[] } {
  const parsed = parseZoneFile(text, { ...(origin && { origin }), defaultTtl: 3600 });
  if (!parsed.ok) throw new Error(JSON.stringify(parsed.errors));
  return { origin: parsed.origin!, records: parsed.records };
}

/** The image of a zone file as it stands, signatures and denial chain included. */
export function imageOf(text: string, origin?: Name, memory: SlabMemory = testMemory): ZoneImage {
  const zone = zoneRecords(text, origin);
  return createImage(memory, zone.origin, nodeChanges(zone.origin, zone.records)).image;
}

/** Where images are that no worker serves. */
export const testMemory = createSlabMemory();

/** A copy of an image in the memory of `zones`, for them to serve. */
export function draftFor(zones: ServedZones, image: ZoneImage): Draft {
  return firstDraft(copyImage(image, zones.memory));
}

function copyImage(image: ZoneImage, memory: SlabMemory): ZoneImage {
  const view = imageView(image);
  const changes = (kind: NodeChange['kind'], nodes: Iterable<ZoneNode>) =>
    Array.from(nodes, (node): NodeChange => ({ kind, owner: node.owner, node }));
  return createImage(memory, view.origin, [
    ...changes('name', view.nodes()),
    ...changes('nsec3', view.nsec3Nodes()),
  ]).image;
}

/** Serves copies of these images. */
export function servedZones(images: Iterable<ZoneImage>, options?: ServedZonesOptions): ServedZones {
  const zones = createServedZones(options);
  zones.commit({ set: Array.from(images, (image) => draftFor(zones, image)) });
  return zones;
}

/** The zones as a worker has them that is alone. */
export function zoneSet(images: Iterable<ZoneImage>): ZoneSet {
  return openZoneSet({
    zones: servedZones(images).share(),
    onWanted: () => undefined,
    onMissing: () => undefined,
  });
}

/** The image of an unsigned zone file, signed by us, with a digest (ZONEMD) if it is wanted. */
export async function signedImage(
  text: string,
  denial: TestDenial,
  origin?: Name,
  { digest = false }: { digest?: boolean } = {},
): Promise<ZoneImage> {
  const isSigned = denial !== 'unsigned';
  if (!isSigned && !digest) return imageOf(text, origin);
  const zone = zoneRecords(text, origin);
  const key = generateKey();
  const pool = createSignPool({ threads: 0 });
  const signed = await signZone(
    undefined,
    isSigned ? withKeys(contents(zone.records), zone.origin, key, denial) : contents(zone.records),
    {
      origin: zone.origin,
      keys: isSigned ? [key] : [],
      policy: { ...defaultSignPolicy, denial: isSigned ? denial : 'nsec' },
      now: Date.UTC(2026, 0, 1) / 1000,
      random: seededRandom(1),
      scope: 'everything',
      digest,
    },
    pool.batch(),
  );
  await pool.close();
  return createImage(testMemory, zone.origin, signed.changes).image;
}

interface Content {
  owner: Name;
  rrsets: RRset[];
}

function withKeys(owners: Content[], origin: Name, key: SigningKey, denial: 'nsec' | 'nsec3'): Content[] {
  const apex = owners.find(({ owner }) => owner.equals(origin))!;
  apex.rrsets.push({ owner: origin, type: Type.DNSKEY, ttl: 3600, rdatas: [key.dnskey] });
  if (denial === 'nsec3')
    apex.rrsets.push({
      owner: origin,
      type: Type.NSEC3PARAM,
      ttl: 0,
      rdatas: [Uint8Array.of(1, 0, 0, 0, 0)],
    });
  return owners;
}

function contents(records: readonly ResourceRecord[]): Content[] {
  const owners = new Map<string, Content>();
  for (const { owner, type, ttl, rdata } of records) {
    const content = owners.get(owner.key) ?? { owner, rrsets: [] };
    owners.set(owner.key, content);
    const rrset = content.rrsets.find((other) => other.type === type);
    if (rrset) rrset.rdatas.push(rdata);
    else content.rrsets.push({ owner, type, ttl, rdatas: [rdata] });
  }
  return [...owners.values()];
}

/**
 * Nodes of records: RRSIGs go to what they cover, NSEC3 owners apart (RFC 5155 appendix A has one that is a name as well),
 * empty non-terminals are made.
 */
export function nodeChanges(origin: Name, records: readonly ResourceRecord[]): NodeChange[] {
  const changes = new Map<string, NodeChange & { node: ZoneNode }>();
  const nsec3s: NodeChange[] = [];
  const add = (owner: Name, rrsets: SignedRRset[]): void => {
    changes.set(owner.key, { kind: 'name', owner, node: { owner, rrsets } });
  };
  for (const { owner, rrsets } of contents(records)) {
    const signed = withSignatures(rrsets);
    const nsec3 = signed.filter(({ type }) => type === Type.NSEC3);
    const others = signed.filter(({ type }) => type !== Type.NSEC3);
    if (nsec3.length > 0) nsec3s.push({ kind: 'nsec3', owner, node: { owner, rrsets: nsec3 } });
    if (others.length === 0) continue;
    add(owner, others);
    for (let name = owner.parent(); name.labelCount > origin.labelCount; name = name.parent())
      if (!changes.has(name.key)) add(name, []);
  }
  return [...changes.values(), ...nsec3s];
}

function withSignatures(rrsets: readonly RRset[]): SignedRRset[] {
  const signatures = rrsets.find(({ type }) => type === Type.RRSIG)?.rdatas ?? [];
  return rrsets
    .filter(({ type }) => type !== Type.RRSIG)
    .map((rrset) => ({ ...rrset, signatures: signatures.filter((rdata) => covered(rdata) === rrset.type) }))
    .sort((a, b) => a.type - b.type);
}

function covered(rrsig: Uint8Array): number {
  return (rrsig[0]! << 8) | rrsig[1]!;
}
