import type { Lp } from '../../dns/rdata/ilnp.ts';
import { fromWire, rdataType, typeName } from '../../dns/rdata/registry.ts';
import type { Svcb } from '../../dns/rdata/svcb.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';

/** Why rdata would lead to its own name; undefined when it does not. */
export function selfProblem(type: number, owner: Name, rdata: Uint8Array): string | undefined {
  return elsewhere(type, rdata)?.equals(owner)
    ? `The ${typeName(type)} record of ${owner.toText()} would lead to itself; write another name`
    : undefined;
}

/** A name that must be another than the owner's: of LP (RFC 6742 §2.4.1.2), and of SVCB and HTTPS in AliasMode (RFC 9460 §2.4.2). */
function elsewhere(type: number, rdata: Uint8Array): Name | undefined {
  if (type === Type.LP) return (fromWire(rdataType(type)!, rdata) as Lp).target;
  return isBinding(type) && isAliasMode(rdata)
    ? (fromWire(rdataType(type)!, rdata) as Svcb).target
    : undefined;
}

/** SVCB, and what has its form (RFC 9460 §6). */
export function isBinding(type: number): boolean {
  return type === Type.SVCB || type === Type.HTTPS;
}

/** RFC 9460 §2.4.1: priority 0. */
export function isAliasMode(rdata: Uint8Array): boolean {
  return rdata[0] === 0 && rdata[1] === 0;
}
