import { typeName } from '../../dns/rdata/registry.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { textKind } from '../text.ts';
import { MAX_RECORDS_AT_OWNER, MAX_RRSET_OCTETS, MAX_TYPES_AT_OWNER, RR_OVERHEAD } from './limits.ts';
import { readCustom } from './resolve.ts';
import { isAliasMode, isBinding } from './self-check.ts';
import type { RecordsAt, RRsetRecords } from './owner-records.ts';

/** Of these a name has one, or readers take none at all (RFC 7208 §4.5, RFC 9989, RFC 8461 §3.1, RFC 8460 §3, RFC 6376 §3.6.2.2). */
const ONE_OF_A_KIND: Readonly<Record<string, string>> = {
  'v=spf1': 'SPF',
  'v=dmarc1': 'DMARC',
  'v=dkim1': 'DKIM',
  'v=stsv1': 'MTA-STS',
  'v=tlsrptv1': 'TLS-RPT',
  'v=bimi1': 'BIMI',
};

/** Why the name, or the RRset, cannot take one more record of this type with so many octets of rdata; undefined when it can. */
export function limitProblem(
  type: number,
  owner: Name,
  octets: number,
  there: RecordsAt,
): string | undefined {
  const rrset = there.rrset(type);
  if ((rrset?.octets ?? 0) + octets + RR_OVERHEAD > MAX_RRSET_OCTETS)
    return `${owner.toText()} has so many ${typeName(type)} records that an answer would not fit into a DNS message; spread them over several names`;
  if (there.count >= MAX_RECORDS_AT_OWNER)
    return `${owner.toText()} has ${MAX_RECORDS_AT_OWNER} records, which is as many as a name can have; spread them over several names`;
  return !rrset && there.types().length >= MAX_TYPES_AT_OWNER
    ? `${owner.toText()} has records of ${MAX_TYPES_AT_OWNER} types, which is as many as a name can have; spread them over several names`
    : undefined;
}

/** Why rdata cannot join the others of its RRset; undefined when it can. */
export function rrsetProblem(
  type: number,
  owner: Name,
  rdata: Uint8Array,
  others: RRsetRecords | undefined,
): string | undefined {
  if (!others) return undefined;
  if (type === Type.MX) return nullMxProblem(owner, rdata, others);
  if (isBinding(type)) return modeProblem(type, owner, rdata, others);
  return type === Type.TXT ? kindProblem(owner, rdata, others) : undefined;
}

/** RFC 7505 §3: a null MX stands alone. */
function nullMxProblem(owner: Name, rdata: Uint8Array, others: RRsetRecords): string | undefined {
  const alike = rdata.length === 3 ? others.nullMxs : others.count - others.nullMxs;
  return alike === others.count
    ? undefined
    : `${owner.toText()} cannot both receive mail and say by "0 ." that it does not; remove the other MX records first`;
}

/** RFC 9460 §2.4.1, §2.4.2: records of an RRset have the same mode, and one in AliasMode stands alone. As all are looked at so, one tells of the others. */
function modeProblem(type: number, owner: Name, rdata: Uint8Array, others: RRsetRecords): string | undefined {
  const first = others.first();
  return first && [rdata, ...readCustom(first)].some(isAliasMode)
    ? `${owner.toText()} has ${typeName(type)} records already, and one with priority 0 (AliasMode) stands alone; remove the others first`
    : undefined;
}

function kindProblem(owner: Name, rdata: Uint8Array, others: RRsetRecords): string | undefined {
  const kind = textKind(rdata);
  const name = kind === undefined ? undefined : ONE_OF_A_KIND[kind];
  return name !== undefined && others.hasKind(kind!)
    ? `${owner.toText()} has an ${name} record already, and with two of them neither counts; change that one`
    : undefined;
}
