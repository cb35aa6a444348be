import { typeName } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { hosts, isBoxName, namesOf, nameservers } from '../box-names.ts';
import type { Box, RecordProblem } from '../model.ts';
import type { HostedDomains } from './hosted-domains.ts';
import { refusedType } from './types.ts';

/** What of a zone says where records may stand, whatever other records there are. */
export interface Place {
  zone: Name;
  box: Box;
  /** The local domains that live in the zone. */
  domains: HostedDomains;
}

/** Types of which a record takes the names below it out of the zone. */
export function isCut(type: number): boolean {
  return type === Type.NS || type === Type.DNAME;
}

/**
 * Why no record of this type may ever stand at this owner; undefined when it may. The same rules guard the way in
 * (`validateRecord`) and the zone itself (`compose`): a domain that is added later outranks a record that is there already.
 */
export function placementProblem(type: number, owner: Name, place: Place): RecordProblem | undefined {
  const refused = refusedType(type);
  if (refused !== undefined) return { code: 'invalid-record', field: 'type', message: refused };
  if (!owner.isAtOrBelow(place.zone)) return outside(owner, place.zone);
  const message =
    apexProblem(type, owner, place) ??
    wildcardProblem(type, owner) ??
    boxProblem(type, owner, place) ??
    domainProblem(type, owner, place);
  return message === undefined ? undefined : { code: 'record-conflict', field: 'owner', message };
}

function outside(owner: Name, zone: Name): RecordProblem {
  const message = `${owner.toText()} is not in the zone ${zone.toText()}; write the whole name, such as www.${zone.toText()}`;
  return { code: 'outside-zone', field: 'owner', message };
}

function apexProblem(type: number, owner: Name, { zone }: Place): string | undefined {
  if (!owner.equals(zone)) return undefined;
  switch (type) {
    case Type.NS:
      return `The NS records of ${zone.toText()} itself are made by the box; to add nameservers, add them as secondaries`;
    // RFC 1034 §3.6.2: SOA and NS stand here, and a CNAME stands alone.
    case Type.CNAME:
      return `${zone.toText()} cannot be a CNAME, because its SOA and NS records stand there; use A and AAAA records, or an HTTPS record such as "0 target."`;
    case Type.DNAME:
      return `A DNAME at ${zone.toText()} would hide every other name of the zone; put it at a name below`;
    // RFC 4035 §2.4: the DS of a zone stands in its parent.
    case Type.DS:
      return `The DS record of ${zone.toText()} belongs into the parent zone: set it at the registrar`;
    default:
      return undefined;
  }
}

/** RFC 4592 §4.2 to §4.4. */
function wildcardProblem(type: number, owner: Name): string | undefined {
  if (!owner.isWildcard || !(isCut(type) || type === Type.DS)) return undefined;
  return `A wildcard cannot have ${typeName(type)} records: servers disagree on what they would mean; write one for each name`;
}

function boxProblem(type: number, owner: Name, { box }: Place): string | undefined {
  if ([Type.A, Type.AAAA, Type.CNAME].some((own) => own === type)) {
    const former = box.formerHostnames?.find((host) => namesOf(host).some((name) => name.equals(owner)));
    if (former)
      return `The addresses of ${owner.toText()} are the box's, which was ${former.hostname.toText()} before, until no parent names that any more; to end it now, retire the former hostname`;
    if (isBoxName(box, owner))
      return `The addresses of ${owner.toText()} are the box's own; change them in the box's settings`;
  }
  if (
    isCut(type) &&
    hosts(box)
      .flatMap(namesOf)
      .some((name) => name.isAtOrBelow(owner))
  )
    return `The box itself is at or below ${owner.toText()}; a ${typeName(type)} record there would make it unreachable`;
  if (isCut(type) && isSignal(owner, box))
    return `The box vouches for the keys of a domain at ${owner.toText()}, if it hosts one of that name; a ${typeName(type)} record there would hide it`;
  return undefined;
}

/** RFC 9615 §4.1: there is no cut at the names under which a nameserver vouches for the keys of zones. */
function isSignal(owner: Name, box: Box): boolean {
  return nameservers(box).some((server) => {
    if (!owner.isAtOrBelow(server) || owner.labelCount < server.labelCount + 2) return false;
    const label = owner.labels().at(-server.labelCount - 1)!;
    return Buffer.from(label).toString('latin1').toLowerCase() === '_signal';
  });
}

function domainProblem(type: number, owner: Name, { domains }: Place): string | undefined {
  if (type === Type.CNAME && domains.at(owner)?.mail)
    return `${owner.toText()} receives mail, so it cannot be a CNAME; use A and AAAA records, or switch its mail off first`;
  if (!isCut(type)) return undefined;
  const hidden = domains.below(owner);
  return hidden
    ? `The domain ${hidden.name.toText()} is hosted here and would be hidden by a ${typeName(type)} record at ${owner.toText()}; remove the domain first`
    : undefined;
}
