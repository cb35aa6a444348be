import { toRfc3339 } from '../../core/rfc3339.ts';
import { secondsUntil } from '../../dns/dnssec/verify.ts';
import { Type } from '../../dns/type-codes.ts';
import type { ZoneView } from '../../dns/zone/node.ts';
import type { ZoneRow } from '../store.ts';

/** From when to when the signatures that are served hold, and when they are made anew; all RFC 3339. */
export interface SignatureTimes {
  /** Of the DNSKEY RRset: of all signatures one of the oldest, as it changes with the keys alone. */
  validFrom: string;
  /** When the renewal is due: a time past while it is under way, or could not be done. */
  renewAt: string;
  /** When the first of them expires. */
  expireAt: string;
}

/** @returns undefined for a zone that was not published yet, and for one that cannot be read */
export function signatureTimes(
  { name, resignAt, expiresAt }: Pick<ZoneRow, 'name' | 'resignAt' | 'expiresAt'>,
  view: ZoneView | undefined,
  now: number,
): SignatureTimes | undefined {
  const keys = view?.node(name)?.rrsets.find(({ type }) => type === Type.DNSKEY);
  const signature = keys?.signatures[0];
  if (!signature || resignAt === undefined || expiresAt === undefined) return undefined;
  // RRSIG rdata holds its inception at octet 12 (RFC 4034 §3.1).
  const inception = Buffer.from(signature.buffer, signature.byteOffset).readUInt32BE(12);
  const validFrom = now + secondsUntil(inception, now);
  return {
    validFrom: toRfc3339(validFrom * 1000),
    // A restored backup has 0: at once.
    renewAt: toRfc3339(Math.max(resignAt, validFrom) * 1000),
    expireAt: toRfc3339(expiresAt * 1000),
  };
}
