import { typeName } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { isHostName, looksLikeAddress } from '../names.ts';
import { above, hasAddress, type RecordContext } from './context.ts';
import { resolveCustom } from './resolve.ts';
import { pointsToHost, targetOf } from './targets.ts';

/** Chains of CNAMEs longer than this are refused by resolvers anyway. */
const MAX_CHAIN = 16;

/** Why the rdata cannot lead where it leads; undefined when it can. */
export function targetProblem(
  type: number,
  owner: Name,
  rdata: Uint8Array,
  context: RecordContext,
): string | undefined {
  const target = targetOf(type, rdata);
  if (!target) return undefined;
  if (target.isRoot) return rootProblem(type, rdata);
  if (looksLikeAddress(target))
    return `${target.toText()} is an IP address, and ${typeName(type)} needs a name; add an A or AAAA record for a name and write that`;
  if (target.labelCount === 1)
    return `${target.toText()} is only one label; write the whole name, such as ${target.toText()}.${context.zone.toText()}.`;
  if (pointsToHost(type) && !isHostName(target))
    return `${target.toText()} is not a host name: only letters, digits and hyphens; write the name of a host`;
  return loopProblem(type, owner, target, context) ?? hostProblem(type, target, context);
}

/** `.` says "not offered" in SRV (RFC 2782) and, with preference 0, in MX (RFC 7505 §3). */
function rootProblem(type: number, rdata: Uint8Array): string | undefined {
  if (type === Type.SRV) return undefined;
  if (type !== Type.MX) return `"." is no target of a ${typeName(type)} record; write a name`;
  return rdata[0] === 0 && rdata[1] === 0
    ? undefined
    : 'An MX that says "no mail" must be written as 0 . (RFC 7505)';
}

function loopProblem(type: number, owner: Name, target: Name, context: RecordContext): string | undefined {
  if (type === Type.DNAME && target.isAtOrBelow(owner))
    return `${target.toText()} is at or below ${owner.toText()}, so the DNAME would lead to itself; write another name`;
  return type === Type.CNAME && leadsBack(owner, target, context)
    ? `${target.toText()} leads back to ${owner.toText()}; write a name that has the records itself`
    : undefined;
}

function leadsBack(owner: Name, target: Name, context: RecordContext): boolean {
  let at: Name | undefined = target;
  for (let step = 0; at && step < MAX_CHAIN; step++) {
    if (at.equals(owner)) return true;
    at = aliasOf(at, context);
  }
  return at !== undefined;
}

function aliasOf(name: Name, context: RecordContext): Name | undefined {
  const alias = context.customAt(name).rrset(Type.CNAME)?.first();
  return alias && resolveCustom(alias, context.box).map((rdata) => targetOf(Type.CNAME, rdata))[0];
}

/** In this zone we can tell: the target has addresses and is no alias. Names elsewhere are looked at by the status checks. */
function hostProblem(type: number, target: Name, context: RecordContext): string | undefined {
  if (!pointsToHost(type) || !target.isAtOrBelow(context.zone)) return undefined;
  const name = target.toText();
  if (context.customAt(target).has(Type.CNAME))
    return `${name} is a CNAME, and ${typeName(type)} must lead to a name with addresses of its own; write the name it stands for`;
  if (hasAddress(context, target)) return undefined;
  // Behind a delegation the addresses are somebody else's, but a nameserver's are needed here as glue.
  if (type !== Type.NS && isDelegated(target, context)) return undefined;
  return `${name} has no address yet; add an A or AAAA record for it first`;
}

function isDelegated(name: Name, context: RecordContext): boolean {
  const names = [name, ...above(name, context.zone)];
  return names.some((at) => context.customAt(at).has(Type.NS));
}
