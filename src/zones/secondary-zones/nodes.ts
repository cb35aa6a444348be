import { eachStep, sorted, type Steps } from '../../core/slices.ts';
import { fromWire } from '../../dns/rdata/registry.ts';
import { type Nsec3param, nsec3param } from '../../dns/rdata/nsec3param.ts';
import { nsec3 } from '../../dns/rdata/nsec3.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Type, typeName } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { encodeNode, nodeKey, type StoredNode } from '../../dns/zone/node-codec.ts';
import type { NodeKind } from '../../dns/zone/node-layout.ts';
import type { SignedRRset, ZoneNode } from '../../dns/zone/node.ts';
import { MAX_RRSET_OCTETS, RR_OVERHEAD } from '../custom/limits.ts';

/** RFC 5155 §11: the one hash algorithm that there is. */
const SHA1 = 1;
/** RFC 9276 §3.2, §3.3: with more a zone is as if it were not signed for most resolvers, and each made-up name would cost so many hashes. */
const MOST_ITERATIONS = 150;

/** RFC 5155 §3.1.2: the flag of opt-out is the only one that an NSEC3 may have. */
const OPT_OUT = 1;

/** What keeps records from being a zone that can be served. */
export class BadZone extends Error {}

/** The RRsets at one owner, by type, and the RRSIGs by the type that they cover. */
interface Owner {
  name: Name;
  rrsets: Map<number, ResourceRecord[]>;
  signatures: Map<number, Uint8Array[]>;
}

/**
 * The nodes of a version as it was transferred, with its own signatures and its own proofs of what is not there. An RRSIG of nothing falls out,
 * and so does a chain of NSEC3 that is not the one that answers are proved with (RFC 5155 §7.3).
 * @throws BadZone
 */
export function* versionNodes(origin: Name, records: readonly ResourceRecord[]): Steps<StoredNode[]> {
  const owners = yield* byOwner(records);
  const apex = owners.get(origin.key);
  checkApex(origin, apex);
  const chain = chainOf(apex!);
  const nodes: Record<NodeKind, ZoneNode[]> = { name: [], nsec3: [] };
  yield* eachStep(owners.values(), (owner) => addNodes(nodes, owner, chain));
  yield* addEmptyNodes(nodes.name, origin);
  const stored: StoredNode[] = [];
  for (const kind of ['name', 'nsec3'] as const) {
    const encoded: StoredNode[] = [];
    yield* eachStep(nodes[kind], (node) => encoded.push(encode(node, kind, origin)));
    stored.push(...(yield* sorted(encoded, (a, b) => Buffer.compare(a.key, b.key))));
  }
  return stored;
}

function* byOwner(records: readonly ResourceRecord[]): Steps<Map<string, Owner>> {
  const owners = new Map<string, Owner>();
  yield* eachStep(records, (record) => {
    const { owner: name, type, rdata } = record;
    let owner = owners.get(name.key);
    if (!owner) owners.set(name.key, (owner = { name, rrsets: new Map(), signatures: new Map() }));
    if (type === Type.RRSIG) push(owner.signatures, (rdata[0]! << 8) | rdata[1]!, rdata);
    else push(owner.rrsets, type, record);
  });
  return owners;
}

function push<T>(lists: Map<number, T[]>, type: number, item: T): void {
  const list = lists.get(type);
  if (list) list.push(item);
  else lists.set(type, [item]);
}

/** RFC 1035 §5.2, RFC 1034 §4.2.1. */
function checkApex(origin: Name, apex: Owner | undefined): void {
  if (apex?.rrsets.get(Type.SOA)?.length !== 1) throw new BadZone(`${origin.toText()} has not one SOA`);
  if (!apex.rrsets.has(Type.NS)) throw new BadZone(`${origin.toText()} has no NS at its apex`);
}

/** The NSEC3 that answers are proved with: any of those that the apex names is whole (RFC 5155 §7.3). */
function chainOf({ name, rrsets }: Owner): Nsec3param | undefined {
  const params = rrsets.get(Type.NSEC3PARAM) ?? [];
  const all = params.map(({ rdata }) => fromWire(nsec3param, rdata));
  const at = all.findIndex(({ hashAlgorithm, flags }) => hashAlgorithm === SHA1 && flags === 0);
  // RFC 5155 §7.4: without proofs of what is not there it cannot be served.
  if (at < 0 && all.some(({ flags }) => flags === 0) && !rrsets.has(Type.NSEC))
    throw new BadZone(`the NSEC3 of ${name.toText()} have no hash algorithm that is known here`);
  if (at < 0) return undefined;
  const param = all[at]!;
  if (param.iterations > MOST_ITERATIONS)
    throw new BadZone(
      `the NSEC3 of ${name.toText()} have ${param.iterations} iterations, more than ${MOST_ITERATIONS} (RFC 9276)`,
    );
  // The first one is what images hash by.
  params.unshift(...params.splice(at, 1));
  return param;
}

function addNodes(
  nodes: Record<NodeKind, ZoneNode[]>,
  { name, rrsets, signatures }: Owner,
  chain: Nsec3param | undefined,
): void {
  const hashed = rrsets.get(Type.NSEC3)?.filter(({ rdata }) => chain && isOf(chain, rdata)) ?? [];
  if (hashed.length > 0)
    nodes.nsec3.push({ owner: name, rrsets: [rrsetOf(hashed, signatures.get(Type.NSEC3))] });
  const types = [...rrsets.keys()].filter((type) => type !== Type.NSEC3).sort((a, b) => a - b);
  if (types.length === 0) return;
  nodes.name.push({
    owner: name,
    rrsets: types.map((type) => rrsetOf(rrsets.get(type)!, signatures.get(type))),
  });
}

function isOf({ hashAlgorithm, iterations, salt }: Nsec3param, rdata: Uint8Array): boolean {
  const found = fromWire(nsec3, rdata);
  return (
    found.hashAlgorithm === hashAlgorithm &&
    (found.flags & ~OPT_OUT) === 0 &&
    found.iterations === iterations &&
    Buffer.compare(found.salt, salt) === 0
  );
}

/** RFC 2181 §5.2: where TTLs of one RRset differ, the lowest is that of all. */
function rrsetOf(records: readonly ResourceRecord[], signatures: Uint8Array[] = []): SignedRRset {
  const { owner, type } = records[0]!;
  const octets = records.reduce((sum, { rdata }) => sum + rdata.length + RR_OVERHEAD, 0);
  if (octets > MAX_RRSET_OCTETS)
    throw new BadZone(`the ${typeName(type)} records at ${owner.toText()} do not fit into one answer`);
  return {
    owner,
    type,
    ttl: records.reduce((lowest, { ttl }) => Math.min(lowest, ttl), Infinity),
    rdatas: withoutRepeats(records.map(({ rdata }) => rdata)),
    signatures: withoutRepeats(signatures),
  };
}

function withoutRepeats(rdatas: readonly Uint8Array[]): Uint8Array[] {
  if (rdatas.length < 2) return [...rdatas];
  return [...new Map(rdatas.map((rdata) => [Buffer.from(rdata).toString('latin1'), rdata])).values()];
}

/** RFC 4592 §2.2.2: names that exist because there are others below. */
function* addEmptyNodes(nodes: ZoneNode[], origin: Name): Steps<void> {
  const known = new Set(nodes.map(({ owner }) => owner.key));
  // New ones come to the end of the list; what is above them is seen to with them.
  yield* eachStep([...nodes], ({ owner }) => {
    if (owner.equals(origin)) return;
    for (let above = owner.parent(); !known.has(above.key); above = above.parent()) {
      known.add(above.key);
      nodes.push({ owner: above, rrsets: [] });
    }
  });
}

function encode(node: ZoneNode, kind: NodeKind, origin: Name): StoredNode {
  if (kind === 'nsec3' && !node.owner.parent().equals(origin))
    throw new BadZone(`the NSEC3 at ${node.owner.toText()} is not right below the apex`);
  try {
    return { kind, key: nodeKey(kind, node.owner), node: encodeNode(node, kind, origin) };
  } catch (error) {
    throw new BadZone((error as Error).message, { cause: error });
  }
}
