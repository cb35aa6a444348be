import type { ContentChange } from '../../dns/dnssec/draft.ts';
import type { ResourceRecord, RRset } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneView } from '../../dns/zone/node.ts';

/** The records by owner and type; an RRset has the smallest of the TTLs given (RFC 2181 §5.2). */
export function contentOf(records: readonly ResourceRecord[]): Map<string, ContentChange> {
  const content = new Map<string, { owner: Name; rrsets: RRset[] }>();
  for (const { owner, type, ttl, rdata } of records) {
    let node = content.get(owner.key);
    if (!node) content.set(owner.key, (node = { owner, rrsets: [] }));
    const rrset = node.rrsets.find((other) => other.type === type);
    if (!rrset) node.rrsets.push({ owner: node.owner, type, ttl, rdatas: [rdata] });
    else {
      rrset.ttl = Math.min(rrset.ttl, ttl);
      if (!rrset.rdatas.some((other) => Buffer.compare(other, rdata) === 0)) rrset.rdatas.push(rdata);
    }
  }
  return content;
}

/** The content of the whole zone as changes of the served version: owners that it has no more become empty. */
export function wholeContent(
  view: ZoneView | undefined,
  records: readonly ResourceRecord[],
): ContentChange[] {
  const content = contentOf(records);
  if (view) {
    for (const { owner, rrsets } of view.nodes()) {
      if (rrsets.length > 0 && !content.has(owner.key)) content.set(owner.key, { owner, rrsets: [] });
    }
  }
  return [...content.values()];
}

/** The content at `owners`, empty where there is none. */
export function contentAt(owners: readonly Name[], records: readonly ResourceRecord[]): ContentChange[] {
  const content = contentOf(records);
  return owners.map((owner) => content.get(owner.key) ?? { owner, rrsets: [] });
}

/** The changes that really change something, the SOA's serial apart. */
export function realChanges(
  view: ZoneView | undefined,
  changes: readonly ContentChange[],
): readonly ContentChange[] {
  if (!view) return changes;
  return changes.filter(({ owner, rrsets }) => {
    const before = view.node(owner)?.rrsets.filter((rrset) => rrset.type !== Type.NSEC) ?? [];
    return (
      before.length !== rrsets.length ||
      rrsets.some((rrset) => {
        const old = before.find((other) => other.type === rrset.type);
        return !old || !sameRRset(old, rrset);
      })
    );
  });
}

function sameRRset(a: RRset, b: RRset): boolean {
  if (a.ttl !== b.ttl || a.rdatas.length !== b.rdatas.length) return false;
  if (Buffer.compare(a.owner.wire, b.owner.wire) !== 0) return false;
  const [left, right] =
    a.type === Type.SOA ? [a.rdatas.map(withoutSerial), b.rdatas.map(withoutSerial)] : [a.rdatas, b.rdatas];
  return left.every((rdata) => right.some((other) => Buffer.compare(rdata, other) === 0));
}

/** The serial is the first of the five numbers at the end of the rdata (RFC 1035 §3.3.13). */
function withoutSerial(soa: Uint8Array): Uint8Array {
  return Buffer.concat([soa.subarray(0, -20), soa.subarray(-16)]);
}
