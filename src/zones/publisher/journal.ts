import { eachStep, type Steps } from '../../core/slices.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { WireReader } from '../../dns/wire/reader.ts';

/** A record that a version removed (`-`) or added (`+`). */
export interface JournalEntry extends ResourceRecord {
  op: '+' | '-';
}

/** Stored of a version when what it changed is not known any more: every version changes the SOA at least, so none has this. */
export const LOST = new Uint8Array(0);

const REMOVED = 0;
const ADDED = 1;
/** Octets of an entry besides owner and rdata. */
const FIXED = 9;

/** The stored form: for each entry an octet (0 removed, 1 added), owner, u16 type, u32 TTL, u16 length, rdata. */
export function* encodeJournal(entries: readonly JournalEntry[]): Steps<Uint8Array> {
  let size = 0;
  yield* eachStep(entries, ({ owner, rdata }) => (size += owner.wire.length + FIXED + rdata.length));
  // Made at once: of many records a buffer that grows would be copied again and again.
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  yield* eachStep(entries, ({ op, owner, type, ttl, rdata }) => {
    bytes[at] = op === '+' ? ADDED : REMOVED;
    bytes.set(owner.wire, at + 1);
    at += 1 + owner.wire.length;
    view.setUint16(at, type);
    view.setUint32(at + 2, ttl);
    view.setUint16(at + 6, rdata.length);
    bytes.set(rdata, at + 8);
    at += 8 + rdata.length;
  });
  return bytes;
}

export function decodeJournal(bytes: Uint8Array): JournalEntry[] {
  return [...readingJournal(bytes)];
}

/** What is stored, an entry at a time. @throws Error when it is damaged */
export function* readingJournal(bytes: Uint8Array): Generator<JournalEntry> {
  const reader = new WireReader(bytes, 0, bytes.length, false);
  while (reader.remaining > 0) {
    const op = reader.u8() === ADDED ? '+' : '-';
    const owner = reader.name(false);
    const type = reader.u16();
    const ttl = reader.u32();
    yield { op, owner, type, ttl, rdata: reader.take(reader.u16()) };
  }
}

/** What makes a record the same record: owner (case and all, as it is served), type, TTL, rdata. */
function identity({ owner, type, ttl, rdata }: ResourceRecord): string {
  return `${Buffer.from(owner.wire).toString('latin1')}/${type}/${ttl}/${Buffer.from(rdata).toString('latin1')}`;
}

/** The net difference of consecutive versions, given oldest first: what came and went again is left out. */
export function foldJournals(journals: Iterable<readonly JournalEntry[]>): JournalEntry[] {
  const net = new Map<string, JournalEntry>();
  for (const journal of journals) for (const entry of journal) fold(net, entry);
  return [...net.values()];
}

/** The same of journals as they are stored, in steps. */
export function* foldedJournals(journals: Iterable<Uint8Array>): Steps<JournalEntry[]> {
  const net = new Map<string, JournalEntry>();
  for (const journal of journals) yield* eachStep(readingJournal(journal), (entry) => fold(net, entry));
  return [...net.values()];
}

function fold(net: Map<string, JournalEntry>, entry: JournalEntry): void {
  const key = identity(entry);
  const before = net.get(key);
  if (before && before.op !== entry.op) net.delete(key);
  else net.set(key, entry);
}

/** The way back. */
export function invertJournal(entries: readonly JournalEntry[]): JournalEntry[] {
  return entries.map((entry) => ({ ...entry, op: entry.op === '+' ? '-' : '+' }));
}

/** `records` with the difference laid over them. */
export function* applyJournal(
  records: Iterable<ResourceRecord>,
  journal: readonly JournalEntry[],
): Steps<ResourceRecord[]> {
  const result = new Map<string, ResourceRecord>();
  yield* eachStep(records, (record) => result.set(identity(record), record));
  yield* eachStep(journal, ({ op, ...record }) => {
    if (op === '+') result.set(identity(record), record);
    else result.delete(identity(record));
  });
  return [...result.values()];
}
