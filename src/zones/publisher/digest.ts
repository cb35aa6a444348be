import type { ContentChange } from '../../dns/dnssec/draft.ts';
import { Type } from '../../dns/type-codes.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import type { ZoneRow } from '../store.ts';

/**
 * Records, signatures apart, of the largest zone that gets a digest. Each version takes one of all its records, some twenty milliseconds for
 * so many, and is served only then.
 */
export const DIGEST_RECORDS = 2500;

/** Whether the version to be made gets a digest; `content` is all of it when `whole`. */
export function takesDigest(
  { digest, records }: Pick<ZoneRow, 'digest' | 'records'>,
  content: readonly ContentChange[],
  whole: boolean,
): boolean {
  return digest && (whole ? count(content) : records) <= DIGEST_RECORDS;
}

function count(content: readonly ContentChange[]): number {
  let records = 0;
  for (const { rrsets } of content) for (const { rdatas } of rrsets) records += rdatas.length;
  return records;
}

/** Whether this version has a digest. */
export function hasDigest(view: ZoneView): boolean {
  return view.node(view.origin)?.rrsets.some(({ type }) => type === Type.ZONEMD) === true;
}

/** What to say of a zone whose digest is left out, wanted as it is; undefined when it is there, or not wanted. */
export function digestWarning(zone: ZoneRow, view: ZoneView | undefined): string | undefined {
  if (!zone.digest || !view || hasDigest(view)) return undefined;
  return `${tooLarge(zone)} It is left out; it comes back by itself in a smaller zone.`;
}

/** Why a zone of so many records has no digest. */
export function tooLarge({ name, records }: Pick<ZoneRow, 'name' | 'records'>): string {
  return `${name.toText()} has ${records} records, and a digest (ZONEMD) is made of ${DIGEST_RECORDS} at most: it is made anew for every version, and would hold each change up.`;
}
