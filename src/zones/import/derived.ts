import type { ResourceRecord } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { above } from '../custom/context.ts';
import type { GrowingContext } from '../custom/growing-context.ts';
import { isCut } from '../custom/placement.ts';
import { noMail, noMailDmarc } from '../derive/no-mail.ts';
import type { Derived } from '../derive/rule.ts';
import { dmarcSubject } from '../owner-keys.ts';

/**
 * What the box derives where a record of an import stands: by its rules, and because of the addresses that the import has
 * brought so far (that there is no mail at them). `compose` says the same of the whole zone; asked for each record it would take too long.
 */
export function derivedAt(
  owner: Name,
  context: GrowingContext,
  mailNames: ReadonlySet<string>,
): readonly Pick<ResourceRecord, 'type' | 'rdata'>[] {
  const isPolicy = dmarcSubject(owner.key) !== undefined;
  const subject = isPolicy ? owner.parent() : owner;
  const known = context.derivedAt(owner);
  if (mailNames.has(subject.key) || !hasAddressesOnly(subject, context)) return known;
  const sayNoMail: Derived[] = (isPolicy ? noMailDmarc : noMail).derive(subject);
  return [...known, ...sayNoMail];
}

/** Whether addresses have come for the name, and neither mail nor a cut that takes it out of the zone. */
function hasAddressesOnly(name: Name, context: GrowingContext): boolean {
  const custom = context.customAt(name);
  if (!custom.has(Type.A) && !custom.has(Type.AAAA)) return false;
  const mx = custom.rrset(Type.MX);
  if (mx && mx.nullMxs < mx.count) return false;
  return ![name, ...above(name, context.zone)].some((at) => context.customAt(at).types().some(isCut));
}
