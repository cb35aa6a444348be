import type { Steps } from '../../core/slices.ts';
import type { RRset } from '../rr.ts';
import { Type } from '../type-codes.ts';
import type { Name } from '../wire/name.ts';
import type { NodeChange, SignedRRset, ZoneNode, ZoneView } from '../zone/node.ts';
import { type ContentChange, createDraft, type Draft, isDelegation } from './draft.ts';
import { changedNsecLinks, type NsecLinks, wholeNsecChain } from './nsec-chain.ts';
import { authoritativeTypes, denialTtl, nsecRdata } from './nsec.ts';
import { changedNsec3s, type Nsec3Change, removals, wholeNsec3Chain } from './nsec3-chain.ts';
import { HASH_LENGTH, nsec3Owner } from './nsec3.ts';
import type { SignOptions } from './policy.ts';
import { type AddTask, keysIn, type RRsetSigner, rrsetSigner, sameContent } from './rrset-signer.ts';

/** The nodes of the next version that differ from the served one. Signatures stand in them once the tasks are done. */
export interface ZonePlan {
  changes: NodeChange[];
  /** Earliest expiration among the nodes looked at, seconds since the epoch; undefined when none is signed. */
  earliestExpiration: number | undefined;
  /** Whether every node of the zone was looked at. */
  complete: boolean;
}

/**
 * Works out the next version of a zone: which nodes come, go or change, with their NSEC or NSEC3 and what must be signed.
 * From nothing (`view` undefined) or with everything to be looked at, it goes through the whole zone; else it costs in
 * proportion to the changes.
 * @throws Error when the content has no SOA at the apex, or names outside the zone
 */
export function* planZoneChange(
  view: ZoneView | undefined,
  changes: readonly ContentChange[],
  options: SignOptions,
  addTask: AddTask,
): Steps<ZonePlan> {
  const draft = yield* createDraft(options.origin, view, changes);
  const soa = draft.content(options.origin)?.find((rrset) => rrset.type === Type.SOA);
  if (!soa) throw new Error(`${options.origin.toString()} has no SOA`);
  const ttl = denialTtl(soa);
  const touched = view ? yield* draft.touched() : [];
  const known = keysIn(rrsetOf(view?.node(options.origin), Type.DNSKEY), options.keys);
  const complete =
    view === undefined ||
    known.size < options.keys.length ||
    mustLookAtAll(view, touched.length, ttl, options);
  const names = complete ? yield* draft.names() : touched;
  const signer = rrsetSigner(options, addTask, known);
  const links = yield* nsecLinks(draft, names, complete, options);
  const planned: NodeChange[] = [];
  const signed = options.keys.length > 0;
  const planner: Planner = { draft, ttl, signer, signed, digest: options.digest === true };
  for (const [i, owner] of links.owners.entries()) {
    const change = planName(planner, owner, links.next[i]);
    if (change) planned.push(change);
    yield;
  }
  for (const { hash, rdata } of yield* nsec3Changes(draft, names, complete, options)) {
    const change = planNsec3(planner, hash, rdata);
    if (change) planned.push(change);
    yield;
  }
  return { changes: planned, earliestExpiration: signer.earliestExpiration(), complete };
}

/**
 * A change of keys, of the kind of denial or of its TTL reaches every node. So does a change of much of the zone, where
 * going through all of it is cheaper than following each change to its neighbours.
 */
function mustLookAtAll(view: ZoneView, touched: number, ttl: number, options: SignOptions): boolean {
  if (options.scope === 'everything' || touched * 4 > view.size + 64) return true;
  const apex = view.node(options.origin);
  const soa = apex?.rrsets.find((rrset) => rrset.type === Type.SOA);
  if (!apex || !soa) return true;
  const signed = options.keys.length > 0;
  const nsec = apex.rrsets.some((rrset) => rrset.type === Type.NSEC);
  const nsec3 = view.previousNsec3(new Uint8Array(HASH_LENGTH)) !== undefined;
  return (
    denialTtl(soa) !== ttl ||
    nsec !== (signed && options.policy.denial === 'nsec') ||
    nsec3 !== (signed && options.policy.denial === 'nsec3') ||
    signersOf(soa) !== wantedSigners(options)
  );
}

function signersOf(rrset: SignedRRset): string {
  return rrset.signatures
    .map((rdata) => `${rdata[2]!}/${(rdata[16]! << 8) | rdata[17]!}`)
    .sort()
    .join(' ');
}

function wantedSigners({ keys }: SignOptions): string {
  const signers = keys.filter((key) => key.roles.signsZone);
  return signers
    .map((key) => `${key.algorithm}/${key.keyTag}`)
    .sort()
    .join(' ');
}

/** The owners to be looked at, and their NSECs. */
function* nsecLinks(
  draft: Draft,
  names: readonly Name[],
  complete: boolean,
  options: SignOptions,
): Steps<NsecLinks> {
  if (options.keys.length === 0 || options.policy.denial !== 'nsec') return { owners: names, next: [] };
  return yield* complete ? wholeNsecChain(draft, names) : changedNsecLinks(draft, names);
}

function* nsec3Changes(
  draft: Draft,
  names: readonly Name[],
  complete: boolean,
  options: SignOptions,
): Steps<Nsec3Change[]> {
  if (options.keys.length === 0 || options.policy.denial !== 'nsec3')
    return complete ? yield* removals(draft.view, new Set()) : [];
  return yield* draft.view && !complete
    ? changedNsec3s(draft, draft.view, names)
    : wholeNsec3Chain(draft, names);
}

interface Planner {
  draft: Draft;
  /** TTL of NSEC and NSEC3. */
  ttl: number;
  signer: RRsetSigner;
  signed: boolean;
  /** Whether the ZONEMD of the apex is a placeholder, signed when there is a digest. */
  digest: boolean;
}

/** `next` is what the NSEC of this owner names; undefined when it has none. */
function planName(planner: Planner, owner: Name, next: Name | undefined): NodeChange | undefined {
  const { draft, signed, signer, ttl, digest } = planner;
  const before = draft.view?.node(owner);
  const content = draft.content(owner);
  if (!content) return before && { kind: 'name', owner, node: undefined };
  const delegation = isDelegation(content, owner, draft.origin);
  const hidden = !signed || draft.cutAbove(owner) !== undefined;
  const rrsets = content.map((rrset) => {
    const old = rrsetOf(before, rrset.type);
    const isPlaceholder = digest && rrset.type === Type.ZONEMD && owner.equals(draft.origin);
    // None is signed below a cut, only the DS at one (RFC 4035 §2.2).
    const bare = hidden || (delegation && rrset.type !== Type.DS) || isPlaceholder;
    return bare ? withoutSignatures(rrset, old) : signer.sign(rrset, old);
  });
  if (!next) return changeOf('name', { owner, rrsets }, before);
  const rdatas = [nsecRdata(next, authoritativeTypes(content, delegation))];
  const nsec = signer.sign({ owner, type: Type.NSEC, ttl, rdatas }, rrsetOf(before, Type.NSEC));
  return changeOf('name', { owner, rrsets: insertByType(rrsets, nsec) }, before);
}

function planNsec3(
  { draft, ttl, signer }: Planner,
  hash: Uint8Array,
  rdata: Uint8Array | undefined,
): NodeChange | undefined {
  const owner = nsec3Owner(hash, draft.origin);
  const before = draft.view?.nsec3Node(hash);
  if (!rdata) return before && { kind: 'nsec3', owner, node: undefined };
  const rrset = { owner, type: Type.NSEC3, ttl, rdatas: [rdata] };
  return changeOf('nsec3', { owner, rrsets: [signer.sign(rrset, before?.rrsets[0])] }, before);
}

function insertByType(rrsets: readonly SignedRRset[], rrset: SignedRRset): SignedRRset[] {
  const at = rrsets.findIndex(({ type }) => type > rrset.type);
  return rrsets.toSpliced(at < 0 ? rrsets.length : at, 0, rrset);
}

function rrsetOf(node: ZoneNode | undefined, type: number): SignedRRset | undefined {
  return node?.rrsets.find((rrset) => rrset.type === type);
}

function withoutSignatures(rrset: RRset, old: SignedRRset | undefined): SignedRRset {
  return old?.signatures.length === 0 && sameContent(rrset, old) ? old : { ...rrset, signatures: [] };
}

/** Nothing when the node is as it was, with the same octets in its owner. */
function changeOf(
  kind: NodeChange['kind'],
  node: ZoneNode,
  before: ZoneNode | undefined,
): NodeChange | undefined {
  const { owner } = node;
  if (!before) return { kind, owner, node };
  if (Buffer.compare(before.owner.wire, owner.wire) !== 0) {
    // The signature lists stay the same objects: tasks are going to fill them.
    return { kind, owner, node: { owner, rrsets: node.rrsets.map((rrset) => ({ ...rrset, owner })) } };
  }
  const same =
    before.rrsets.length === node.rrsets.length &&
    node.rrsets.every((rrset, i) => rrset === before.rrsets[i]);
  return same ? undefined : { kind, owner, node };
}
