import { eachStep, type Steps } from '../../core/slices.ts';
import type { ResourceRecord } from '../../dns/rr.ts';
import { Type } from '../../dns/type-codes.ts';
import { nsec3OwnerHash } from '../../dns/zone/node-codec.ts';
import type { NodeChange, ZoneNode, ZoneView } from '../../dns/zone/node.ts';
import { foldJournals, type JournalEntry } from './journal.ts';

/**
 * Whether a record is part of the DNSSEC machinery that signing adds: shown only when asked for. A digest is of a zone with its
 * signatures, and would be wrong without them.
 */
export function isMachinery(type: number): boolean {
  return type === Type.RRSIG || type === Type.NSEC || type === Type.NSEC3 || type === Type.ZONEMD;
}

/** The records of a node, each RRSIG as a record of its own. */
export function nodeRecords({ owner, rrsets }: ZoneNode): ResourceRecord[] {
  return rrsets.flatMap(({ type, ttl, rdatas, signatures }) => [
    ...rdatas.map((rdata) => ({ owner, type, ttl, rdata })),
    ...signatures.map((rdata) => ({ owner, type: Type.RRSIG, ttl, rdata })),
  ]);
}

/** All records of a zone in canonical order, the NSEC3 chain last. */
export function* zoneRecords(view: ZoneView): Iterable<ResourceRecord> {
  for (const node of view.nodes()) yield* nodeRecords(node);
  for (const node of view.nsec3Nodes()) yield* nodeRecords(node);
}

/** What the nodes of a first version add, without what signing adds. */
export function* firstJournal(changes: readonly NodeChange[]): Steps<JournalEntry[]> {
  const journal: JournalEntry[] = [];
  yield* eachStep(changes, ({ node }) => {
    for (const { owner, type, ttl, rdatas } of node?.rrsets ?? [])
      if (!isMachinery(type)) for (const rdata of rdatas) journal.push({ op: '+', owner, type, ttl, rdata });
  });
  return journal;
}

/** What the changed nodes remove and add, as compared with the version served. */
export function* journalOf(view: ZoneView, changes: readonly NodeChange[]): Steps<JournalEntry[]> {
  const journal: JournalEntry[] = [];
  for (const change of changes) {
    const before = servedNode(view, change);
    const removed = before ? nodeRecords(before) : [];
    const added = change.node ? nodeRecords(change.node) : [];
    const entries = foldJournals([
      removed.map((record) => ({ ...record, op: '-' as const })),
      added.map((record) => ({ ...record, op: '+' as const })),
    ]);
    for (const entry of entries) journal.push(entry);
    yield;
  }
  return journal;
}

function servedNode(view: ZoneView, { kind, owner }: NodeChange): ZoneNode | undefined {
  return kind === 'name' ? view.node(owner) : view.nsec3Node(nsec3OwnerHash(owner));
}
