import type { Steps } from '../../core/slices.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { encodeJournal, readingJournal } from '../publisher/journal.ts';

/** A version as it is stored: what leads to it from nothing, as journals of zones have it. */
export function* encodeContent(records: readonly ResourceRecord[]): Steps<Uint8Array> {
  return yield* encodeJournal(records.map((record) => ({ ...record, op: '+' as const })));
}

/** @throws Error when it is damaged */
export function* decodeContent(content: Uint8Array): Steps<ResourceRecord[]> {
  const records: ResourceRecord[] = [];
  for (const { owner, type, ttl, rdata } of readingJournal(content)) {
    records.push({ owner, type, ttl, rdata });
    yield;
  }
  return records;
}
