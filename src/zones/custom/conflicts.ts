import { typeName } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { above, leadingTo, type RecordContext } from './context.ts';
import type { RecordsAt } from './owner-records.ts';

/** What may stand at a delegation: the cut itself, and addresses as glue (RFC 1034 §4.2.1, RFC 4035 §2.2). */
const AT_DELEGATION: ReadonlySet<number> = new Set([Type.NS, Type.DS, Type.A, Type.AAAA]);
const GLUE: ReadonlySet<number> = new Set([Type.A, Type.AAAA]);

/** Why a record of this type cannot stand beside the person's other records; undefined when it can. */
export function conflict(type: number, owner: Name, context: RecordContext): string | undefined {
  return (
    cutAbove(type, owner, context) ??
    besides(type, owner, context) ??
    belowIt(type, owner, context) ??
    pointedAt(type, owner, context)
  );
}

function cutAbove(type: number, owner: Name, context: RecordContext): string | undefined {
  for (const name of above(owner, context.zone)) {
    const types = context.customAt(name);
    if (types.has(Type.DNAME))
      return `${name.toText()} has a DNAME record, so nothing below it is ever answered; remove the DNAME first`;
    if (types.has(Type.NS) && !GLUE.has(type))
      return `${name.toText()} is delegated by NS records; add this record at the nameservers that they name`;
  }
  return undefined;
}

function besides(type: number, owner: Name, context: RecordContext): string | undefined {
  const types = context.customAt(owner);
  const others = types.types().filter((other) => other !== type);
  if (type === Type.CNAME) return besidesCname(owner, types, others);
  // RFC 1034 §3.6.2.
  if (types.has(Type.CNAME))
    return `${owner.toText()} has a CNAME record, and no other record can stand beside it; remove the CNAME first`;
  if (type === Type.DNAME && types.has(Type.DNAME))
    return `${owner.toText()} has a DNAME record already, and there can be only one; change that one`;
  if (type === Type.NS) {
    const lost = others.find((other) => !AT_DELEGATION.has(other));
    if (lost !== undefined)
      return `${owner.toText()} has ${typeName(lost)} records, which would no longer be answered once it is delegated; remove them first`;
  } else if (types.has(Type.NS) && !AT_DELEGATION.has(type)) {
    return `${owner.toText()} is delegated by NS records; add this record at the nameservers that they name`;
  }
  if (type === Type.DS && !types.has(Type.NS))
    return `${owner.toText()} is not delegated; add its NS records first, then the DS record`;
  return undefined;
}

function besidesCname(owner: Name, types: RecordsAt, others: readonly number[]): string | undefined {
  if (types.has(Type.CNAME))
    return `${owner.toText()} has a CNAME record already, and there can be only one; change that one`;
  return others.length > 0
    ? `${owner.toText()} has ${others.map(typeName).join(' and ')} records, and a CNAME cannot stand beside other records; remove them first`
    : undefined;
}

function belowIt(type: number, owner: Name, context: RecordContext): string | undefined {
  if (type !== Type.NS && type !== Type.DNAME) return undefined;
  const lost = context.customBelow(owner).find((record) => type === Type.DNAME || !GLUE.has(record.type));
  return lost
    ? `${lost.owner.toText()} has a ${typeName(lost.type)} record, which would no longer be answered; remove it first`
    : undefined;
}

/** RFC 2181 §10.3: the target of MX, NS and SRV is no alias. */
function pointedAt(type: number, owner: Name, context: RecordContext): string | undefined {
  if (type !== Type.CNAME) return undefined;
  const [record] = leadingTo(context, owner);
  if (record)
    return `The ${typeName(record.type)} record of ${record.owner.toText()} leads to ${owner.toText()}, which therefore cannot be a CNAME; change that record first`;
  return context.box.secondaries.some((secondary) => secondary.equals(owner))
    ? `${owner.toText()} is a secondary nameserver of the box and cannot be a CNAME`
    : undefined;
}
