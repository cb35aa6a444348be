import { eachStep, type Steps } from '../../core/slices.ts';
import type { ContentChange } from '../../dns/dnssec/draft.ts';
import type { ResourceRecord, RRset } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import { isMachinery } from './node-records.ts';

/** The records by owner and type; an RRset has the smallest of the TTLs given (RFC 2181 §5.2), and no rdata twice. */
export function* contentOf(records: readonly ResourceRecord[]): Steps<Map<string, ContentChange>> {
  const content = new Map<string, ContentDraft>();
  yield* eachStep(records, ({ owner, type, ttl, rdata }) => {
    let node = content.get(owner.key);
    if (!node) content.set(owner.key, (node = { owner, rrsets: new Map() }));
    let rrset = node.rrsets.get(type);
    if (!rrset) node.rrsets.set(type, (rrset = { ttl, rdatas: new Map() }));
    rrset.ttl = Math.min(rrset.ttl, ttl);
    const octets = octetsKey(rdata);
    if (!rrset.rdatas.has(octets)) rrset.rdatas.set(octets, rdata);
  });
  const changes = new Map<string, ContentChange>();
  yield* eachStep(content, ([key, node]) => changes.set(key, contentChange(node)));
  return changes;
}

interface ContentDraft {
  owner: Name;
  /** By type; rdata by its octets. */
  rrsets: Map<number, { ttl: number; rdatas: Map<string, Uint8Array> }>;
}

function contentChange({ owner, rrsets }: ContentDraft): ContentChange {
  return {
    owner,
    rrsets: [...rrsets].map(([type, { ttl, rdatas }]) => ({
      owner,
      type,
      ttl,
      rdatas: [...rdatas.values()],
    })),
  };
}

/** Octets as a Map key. */
function octetsKey(octets: Uint8Array): string {
  return Buffer.from(octets.buffer, octets.byteOffset, octets.length).toString('latin1');
}

/** The content of the whole zone as changes of the served version: owners that it has no more become empty. */
export function* wholeContent(
  view: ZoneView | undefined,
  records: readonly ResourceRecord[],
): Steps<ContentChange[]> {
  const content = yield* contentOf(records);
  yield* eachStep(view?.nodes() ?? [], ({ owner, rrsets }) => {
    if (rrsets.length > 0 && !content.has(owner.key)) content.set(owner.key, { owner, rrsets: [] });
  });
  return [...content.values()];
}

/** Owners whose records are derived in one go. */
const OWNERS = 100;

/** The content at `owners`, empty where there is none; `derive` gives the records at some of them. */
export function* contentAt(
  owners: readonly Name[],
  derive: (some: readonly Name[]) => readonly ResourceRecord[],
): Steps<ContentChange[]> {
  const changes: ContentChange[] = [];
  for (let at = 0; at < owners.length; at += OWNERS) {
    const some = owners.slice(at, at + OWNERS);
    const content = yield* contentOf(derive(some));
    for (const owner of some) changes.push(content.get(owner.key) ?? { owner, rrsets: [] });
    yield;
  }
  return changes;
}

/** The changes that really change something, the SOA's serial apart. */
export function* realChanges(
  view: ZoneView | undefined,
  changes: readonly ContentChange[],
): Steps<readonly ContentChange[]> {
  if (!view) return changes;
  const real: ContentChange[] = [];
  yield* eachStep(changes, (change) => {
    if (isReal(view, change)) real.push(change);
  });
  return real;
}

function isReal(view: ZoneView, { owner, rrsets }: ContentChange): boolean {
  const served = view.node(owner)?.rrsets.filter(({ type }) => !isMachinery(type)) ?? [];
  const before = new Map(served.map((rrset) => [rrset.type, rrset]));
  return (
    before.size !== rrsets.length ||
    rrsets.some((rrset) => {
      const old = before.get(rrset.type);
      return !old || !sameRRset(old, rrset);
    })
  );
}

function sameRRset(a: RRset, b: RRset): boolean {
  if (a.ttl !== b.ttl || a.rdatas.length !== b.rdatas.length) return false;
  if (Buffer.compare(a.owner.wire, b.owner.wire) !== 0) return false;
  const [left, right] =
    a.type === Type.SOA ? [a.rdatas.map(withoutSerial), b.rdatas.map(withoutSerial)] : [a.rdatas, b.rdatas];
  const octets = new Set(left.map(octetsKey));
  return right.every((rdata) => octets.has(octetsKey(rdata)));
}

/** The serial is the first of the five numbers at the end of the rdata (RFC 1035 §3.3.13). */
function withoutSerial(soa: Uint8Array): Uint8Array {
  return Buffer.concat([soa.subarray(0, -20), soa.subarray(-16)]);
}
