import { CliError } from './error.ts';
import { exitCodes } from './exit-codes.ts';
import { didYouMean } from './values.ts';

/** Record types that people write: those that are offered, and that a slip may have been meant for. */
export const commonTypes: readonly string[] =
  'A AAAA CAA CERT CNAME DNAME DS HTTPS LOC MX NAPTR NS OPENPGPKEY PTR SMIMEA SRV SSHFP SVCB TLSA TXT URI'.split(
    ' ',
  );

/** The rest of those that have a name (IANA DNS parameters), so that none of them is taken for a slip; a test compares them. */
export const rareTypes: readonly string[] = (
  'MD MF SOA MB MG MR NULL WKS HINFO MINFO RP AFSDB X25 ISDN RT NSAP NSAP-PTR SIG KEY PX GPOS NXT EID NIMLOC ' +
  'ATMA KX A6 SINK OPT APL IPSECKEY RRSIG NSEC DNSKEY DHCID NSEC3 NSEC3PARAM HIP NINFO RKEY TALINK CDS ' +
  'CDNSKEY CSYNC ZONEMD DSYNC HHIT BRID SPF UINFO UID GID UNSPEC NID L32 L64 LP EUI48 EUI64 TSIG IXFR AXFR ' +
  'ANY AVC DOA AMTRELAY RESINFO WALLET TA DLV'
).split(' ');

/** The type in capitals. @throws CliError usage for one that is a slip of another, or stands in another's place */
export function typeIn(text: string, owner?: string): string {
  const type = text.toUpperCase();
  if (isType(type)) return type;
  if (owner !== undefined && isType(owner.toUpperCase()))
    throw new CliError(
      `"${text}" is no record type, but "${owner}" is one: the owner comes first, then the type.`,
      exitCodes.usage,
    );
  const hint = didYouMean(type, commonTypes);
  if (hint === '') return type;
  throw new CliError(`There is no record type ${type}.${hint}`, exitCodes.usage);
}

/** RFC 3597 §5: any type has a name of this form. Whether it may be written is the box's to say, as with the rest. */
function isType(type: string): boolean {
  return /^TYPE\d{1,5}$/.test(type) || commonTypes.includes(type) || rareTypes.includes(type);
}
