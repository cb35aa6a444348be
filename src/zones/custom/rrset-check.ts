import { typeName } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { textKind } from '../text.ts';
import type { RecordContext } from './context.ts';
import { resolveCustom } from './resolve.ts';

/** Of these a name has one, or readers take none at all (RFC 7208 §4.5, RFC 9989, RFC 8461 §3.1, RFC 8460 §3, RFC 6376 §3.6.2.2). */
const ONE_OF_A_KIND: Readonly<Record<string, string>> = {
  'v=spf1': 'SPF',
  'v=dmarc1': 'DMARC',
  'v=dkim1': 'DKIM',
  'v=stsv1': 'MTA-STS',
  'v=tlsrptv1': 'TLS-RPT',
  'v=bimi1': 'BIMI',
};

/** Octets of rdata in an RRset. A message holds 65535 (RFC 1035 §4.2.2), with owners, other sections and signatures. */
const MAX_RRSET = 49_152;
/** Octets of an RR beside its rdata when the owner is compressed: pointer, type, class, TTL, length. */
const RR_OVERHEAD = 12;

/** Why the rdata cannot join the others of its RRset; undefined when it can. */
export function rrsetProblem(
  type: number,
  owner: Name,
  rdata: Uint8Array,
  context: RecordContext,
): string | undefined {
  const others = context
    .customAt(owner)
    .filter((record) => record.type === type)
    .flatMap((record) => resolveCustom(record, context.box));
  const size = [rdata, ...others].reduce((sum, one) => sum + one.length + RR_OVERHEAD, 0);
  if (size > MAX_RRSET)
    return `${owner.toText()} has so many ${typeName(type)} records that an answer would not fit into a DNS message; spread them over several names`;
  if (type === Type.MX) return nullMxProblem(owner, rdata, others);
  if (type === Type.TXT) return kindProblem(owner, rdata, others);
  return undefined;
}

/** RFC 7505 §3: a null MX stands alone. */
function nullMxProblem(owner: Name, rdata: Uint8Array, others: readonly Uint8Array[]): string | undefined {
  const isNull = (one: Uint8Array) => one.length === 3;
  return others.some((other) => isNull(other) !== isNull(rdata))
    ? `${owner.toText()} cannot both receive mail and say by "0 ." that it does not; remove the other MX records first`
    : undefined;
}

function kindProblem(owner: Name, rdata: Uint8Array, others: readonly Uint8Array[]): string | undefined {
  const kind = textKind(rdata);
  const name = kind === undefined ? undefined : ONE_OF_A_KIND[kind];
  return name !== undefined && others.some((other) => textKind(other) === kind)
    ? `${owner.toText()} has an ${name} record already, and with two of them neither counts; change that one`
    : undefined;
}
