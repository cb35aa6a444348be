import type { Steps } from '../../core/slices.ts';
import { CLASS_IN } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import { Class, Rcode } from '../../dns/wire/codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import { ANY, type UpdateMessage, UpdateRefused } from './message.ts';
import { ServedRRsets } from './served-rrsets.ts';

/**
 * Whether the zone is as the client believes it to be (RFC 2136 §3.2.5). What it compares is the zone that is served, derived records
 * and all; wildcards and aliases mean nothing here (§2.4).
 * @throws UpdateRefused
 */
export function* checkPrerequisites({ zone, prerequisites }: UpdateMessage, view: ZoneView): Steps<void> {
  const served = new ServedRRsets(view);
  /** RRsets that must be there with these records and no others, by name and type (§2.4.2). */
  const exact = new Map<string, { owner: Name; type: number; rdatas: Uint8Array[] }>();
  for (const { owner, type, class: rrClass, ttl, rdata } of prerequisites) {
    if (ttl !== 0) throw new UpdateRefused(Rcode.FORMERR, 'a prerequisite has a TTL');
    if (!owner.isAtOrBelow(zone)) throw new UpdateRefused(Rcode.NOTZONE, 'a prerequisite is not in the zone');
    switch (rrClass) {
      case Class.ANY:
        if (rdata.length > 0) throw new UpdateRefused(Rcode.FORMERR, 'a prerequisite of class ANY has rdata');
        if (type === ANY) requireName(served, owner, true);
        else requireRRset(served, owner, type, true);
        break;
      case Class.NONE:
        if (rdata.length > 0)
          throw new UpdateRefused(Rcode.FORMERR, 'a prerequisite of class NONE has rdata');
        if (type === ANY) requireName(served, owner, false);
        else requireRRset(served, owner, type, false);
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
    yield;
  }
  for (const { owner, type, rdatas } of exact.values()) {
    if (!served.is(owner, type, rdatas))
      throw new UpdateRefused(Rcode.NXRRSET, `${owner.toText()} has other records of this type`);
    yield;
  }
}

/** §2.4.4, §2.4.5. */
function requireName(served: ServedRRsets, owner: Name, inUse: boolean): void {
  // An empty non-terminal is not in use, and NSEC is nobody's record.
  const isInUse = served.types(owner).some((type) => type !== Type.NSEC);
  if (isInUse === inUse) return;
  throw inUse
    ? new UpdateRefused(Rcode.NXDOMAIN, `${owner.toText()} is not in use`)
    : new UpdateRefused(Rcode.YXDOMAIN, `${owner.toText()} is in use`);
}

/** §2.4.1, §2.4.3. */
function requireRRset(served: ServedRRsets, owner: Name, type: number, exists: boolean): void {
  if (served.hasType(owner, type) === exists) return;
  throw exists
    ? new UpdateRefused(Rcode.NXRRSET, `${owner.toText()} has no record of this type`)
    : new UpdateRefused(Rcode.YXRRSET, `${owner.toText()} has a record of this type`);
}
