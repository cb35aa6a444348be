import { Type } from '../../dns/type-codes.ts';
import { decodeJournal, type JournalEntry } from '../../zones/publisher/journal.ts';
import type { Reads } from '../../zones/store.ts';
import { hostZone } from '../../zones/topology.ts';
import { tlsaOwners } from './touch.ts';

/** Milliseconds: the longest for which resolvers are to keep anything, whatever its TTL (RFC 8767 §4). */
const LONGEST = 7 * 86_400_000;
const PAGE = 100;

/**
 * When no cache holds TLSA of H without a key any more that is published since `publishedAt` (milliseconds since the epoch, both): those
 * which it was added to, and those from before them, whose TTL may have been longer.
 */
export function tlsaReplacedAt(reads: Reads, spkiSha256: string, publishedAt: number): number {
  const box = reads.box();
  const zone = box && reads.zone(hostZone(reads, box));
  if (!zone) return publishedAt;
  const owners = new Set(tlsaOwners(box.hostname).map(({ key }) => key));
  let replacedAt = publishedAt;
  let added = false;
  for (const { at, entries } of newestFirst(reads, zone.id, publishedAt - LONGEST)) {
    const tlsa = entries.filter(({ type, owner }) => type === Type.TLSA && owners.has(owner.key));
    // What later versions replaced had the key.
    added ||= adds(tlsa, spkiSha256);
    if (added) replacedAt = Math.max(replacedAt, at + replacedTtl(tlsa));
  }
  return replacedAt;
}

/** The differences of a zone's versions since a moment. */
function* newestFirst(
  reads: Reads,
  zoneId: number,
  since: number,
): Iterable<{ at: number; entries: JournalEntry[] }> {
  for (let before: number | undefined; ;) {
    const page = reads.versions(zoneId, { before, limit: PAGE });
    for (const { id, publishedAt } of page) {
      const at = Date.parse(publishedAt);
      if (at < since) return;
      for (const { diff } of reads.diffs(zoneId, id - 1, id)) yield { at, entries: decodeJournal(diff) };
    }
    if (page.length < PAGE) return;
    before = page.at(-1)!.id;
  }
}

/** Whether the key was not there before. With another TTL it is removed and added. */
function adds(tlsa: readonly JournalEntry[], spkiSha256: string): boolean {
  const ops = tlsa
    .filter(({ rdata }) => Buffer.from(rdata.subarray(3)).toString('hex') === spkiSha256)
    .map(({ op }) => op);
  return ops.includes('+') && !ops.includes('-');
}

/** Of the TLSA that a version took the place of, milliseconds. Where it removed none, those it added have the same (RFC 2181 §5.2). */
function replacedTtl(tlsa: readonly JournalEntry[]): number {
  const removed = tlsa.filter(({ op }) => op === '-');
  const ttls = (removed.length > 0 ? removed : tlsa).map(({ ttl }) => ttl * 1000);
  return Math.min(Math.max(0, ...ttls), LONGEST);
}
