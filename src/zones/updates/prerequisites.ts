import { canonicalRdata } from '../../dns/rdata/registry.ts';
import { CLASS_IN } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import { Class, Rcode } from '../../dns/wire/codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { SignedRRset, ZoneView } from '../../dns/zone/node.ts';
import { ANY, type UpdateMessage, UpdateRefused } from './message.ts';

/**
 * Whether the zone is as the client believes it to be (RFC 2136 §3.2.5). What it compares is the zone that is served, derived records
 * and all; wildcards and aliases mean nothing here (§2.4).
 * @throws UpdateRefused
 */
export function checkPrerequisites({ zone, prerequisites }: UpdateMessage, view: ZoneView): void {
  /** RRsets that must be there with these records and no others, by name and type (§2.4.2). */
  const exact = new Map<string, { owner: Name; type: number; rdatas: Uint8Array[] }>();
  for (const { owner, type, class: rrClass, ttl, rdata } of prerequisites) {
    if (ttl !== 0) throw new UpdateRefused(Rcode.FORMERR, 'a prerequisite has a TTL');
    if (!owner.isAtOrBelow(zone)) throw new UpdateRefused(Rcode.NOTZONE, 'a prerequisite is not in the zone');
    switch (rrClass) {
      case Class.ANY:
        if (rdata.length > 0) throw new UpdateRefused(Rcode.FORMERR, 'a prerequisite of class ANY has rdata');
        if (type === ANY) requireName(view, owner, true);
        else requireRRset(view, owner, type, true);
        break;
      case Class.NONE:
        if (rdata.length > 0)
          throw new UpdateRefused(Rcode.FORMERR, 'a prerequisite of class NONE has rdata');
        if (type === ANY) requireName(view, owner, false);
        else requireRRset(view, owner, type, false);
        break;
      case CLASS_IN: {
        const key = `${type} ${owner.key}`;
        const wanted = exact.get(key) ?? { owner, type, rdatas: [] };
        wanted.rdatas.push(rdata);
        exact.set(key, wanted);
        break;
      }
      default:
        throw new UpdateRefused(Rcode.FORMERR, 'a prerequisite is of another class');
    }
  }
  for (const { owner, type, rdatas } of exact.values()) {
    const found = rrsetAt(view, owner, type);
    if (!found || !sameRdatas(type, found.rdatas, rdatas))
      throw new UpdateRefused(Rcode.NXRRSET, `${owner.toText()} has other records of this type`);
  }
}

/** §2.4.4, §2.4.5. */
function requireName(view: ZoneView, owner: Name, inUse: boolean): void {
  // An empty non-terminal is not in use, and NSEC is nobody's record.
  const isInUse = view.node(owner)?.rrsets.some(({ type }) => type !== Type.NSEC) ?? false;
  if (isInUse === inUse) return;
  throw inUse
    ? new UpdateRefused(Rcode.NXDOMAIN, `${owner.toText()} is not in use`)
    : new UpdateRefused(Rcode.YXDOMAIN, `${owner.toText()} is in use`);
}

/** §2.4.1, §2.4.3. */
function requireRRset(view: ZoneView, owner: Name, type: number, exists: boolean): void {
  if ((rrsetAt(view, owner, type) !== undefined) === exists) return;
  throw exists
    ? new UpdateRefused(Rcode.NXRRSET, `${owner.toText()} has no record of this type`)
    : new UpdateRefused(Rcode.YXRRSET, `${owner.toText()} has a record of this type`);
}

function rrsetAt(view: ZoneView, owner: Name, type: number): SignedRRset | undefined {
  return view.node(owner)?.rrsets.find((rrset) => rrset.type === type);
}

/** The same records, in any order (§2.4.2); names in them as they compare (RFC 4343). */
function sameRdatas(type: number, a: readonly Uint8Array[], b: readonly Uint8Array[]): boolean {
  const keysOf = (list: readonly Uint8Array[]): Set<string> =>
    new Set(list.map((one) => rdataKey(type, one)));
  const [left, right] = [keysOf(a), keysOf(b)];
  return left.size === right.size && [...left].every((key) => right.has(key));
}

/** The same for rdatas that are the same. */
export function rdataKey(type: number, rdata: Uint8Array): string {
  return Buffer.from(canonicalRdata(type, rdata)).toString('latin1');
}
