import {
  firstRRset,
  nameAt,
  nsec3At,
  readerOf,
  rrsetCount,
  rrsetEnd,
  rrsetSignatures,
} from './image-reader.ts';
import { blockAt, ImageField, type ZoneImage } from './image.ts';
import { u16, u32 } from './octets.ts';

/** Where the expiration stands in the rdata of an RRSIG (RFC 4034 §3.1). */
const EXPIRATION = 8;

/**
 * When the first signature of a zone expires, in seconds since the epoch; undefined for a zone without signatures. Looks at each of
 * them: a version never changes, so once is enough. `now`, seconds since the epoch, says in which century (RFC 4034 §3.1.5).
 */
export function firstExpiration(image: ZoneImage, now: number): number | undefined {
  const reader = readerOf(image);
  let least = Infinity;
  for (let i = 0; i < reader.nameCount; i++)
    least = Math.min(least, leastAt(reader.data, nameAt(reader, i), now));
  for (let i = 0; i < reader.nsec3Count; i++)
    least = Math.min(least, leastAt(reader.data, nsec3At(reader, i), now));
  return least === Infinity ? undefined : now + least;
}

/** Seconds from `now` until the first signature of a node expires. */
function leastAt(data: Uint8Array, node: number, now: number): number {
  // Whatever the lengths say: a damaged version must not hold the caller up.
  const last = Math.min(node + u32(data, node), data.length);
  let least = Infinity;
  let rrset = firstRRset(data, node);
  for (let left = rrsetCount(data, node); left > 0 && rrset < last; left--) {
    const end = Math.min(rrsetEnd(data, rrset), last);
    for (let at = rrsetSignatures(data, rrset); at < end; at += 2 + u16(data, at))
      least = Math.min(least, (u32(data, at + 2 + EXPIRATION) - now) | 0);
    rrset = end;
  }
  return least;
}

/** What the word of a version says beside a time. */
const UNKNOWN = 0;
const NONE = 1;

/** The same, looked for once for each version. */
export function knownFirstExpiration(
  image: ZoneImage,
  now: number,
): { at: number | undefined; isNew: boolean } {
  const { words, word } = blockAt(image.memory.pages, image.address);
  const field = word + ImageField.expiration;
  const known = words[field]!;
  if (known !== UNKNOWN) return { at: known === NONE ? undefined : now + ((known - now) | 0), isNew: false };
  const at = firstExpiration(image, now);
  words[field] = at === undefined ? NONE : Math.max(at % 2 ** 32, NONE + 1);
  return { at, isNew: true };
}
