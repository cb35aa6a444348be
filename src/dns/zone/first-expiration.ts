import { INDEX_HEADER, type ZoneImage } from './image.ts';
import { firstRRset, rrsetCount, rrsetEnd, rrsetSignatures, u16, u32 } from './image-reader.ts';

/** Where the expiration stands in the rdata of an RRSIG (RFC 4034 §3.1). */
const EXPIRATION = 8;

/**
 * When the first signature of a zone expires, in seconds since the epoch; undefined for a zone without signatures. Looks at each of
 * them: a version never changes, so once is enough. `now`, seconds since the epoch, says in which century (RFC 4034 §3.1.5).
 */
export function firstExpiration({ data, used, index }: ZoneImage, now: number): number | undefined {
  const bytes = new Uint8Array(data, 0, used);
  let least = Infinity;
  for (const node of new Uint32Array(index, 4 * INDEX_HEADER)) {
    let rrset = firstRRset(bytes, node);
    for (let left = rrsetCount(bytes, node); left > 0; left--) {
      // Whatever the length says: a damaged version must not hold the caller up.
      const end = Math.min(rrsetEnd(bytes, rrset), used);
      for (let at = rrsetSignatures(bytes, rrset); at < end; at += 2 + u16(bytes, at))
        least = Math.min(least, (u32(bytes, at + 2 + EXPIRATION) - now) | 0);
      rrset = end;
    }
  }
  return least === Infinity ? undefined : now + least;
}

/** Octets of memory that a version takes, room for later ones included. */
export function imageSize({ data, index }: ZoneImage): number {
  return data.byteLength + index.byteLength;
}
