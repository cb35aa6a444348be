import { eachStep, type Steps } from '../../core/slices.ts';
import { typeName } from '../../dns/rdata/registry.ts';
import { kindOfNode, storedKey } from '../../dns/zone/node-codec.ts';
import { LOCAL, resolveCustom } from '../custom/resolve.ts';
import type { DamagedKey, KeyRing } from '../keys/key-ring.ts';
import type { Box, CustomRecord } from '../model.ts';
import { readingJournal } from '../publisher/journal.ts';
import type { NodePlace, Reads, StoredPlace, VersionRow, ZoneRow } from '../store.ts';

/** What of the rows of a zone is damaged. */
export interface Damage {
  keys: DamagedKey[];
  records: DamagedRecord[];
  /** Why the nodes of the last version cannot be read; they follow from the rest. */
  nodes: string | undefined;
  /** Versions of which what they changed cannot be read. */
  versions: VersionRow[];
}

export interface DamagedRecord {
  place: StoredPlace;
  /** As the row says, as far as it can be read. */
  record: CustomRecord | undefined;
  /** As the log of changes has it. */
  whole: CustomRecord | undefined;
}

/** Rows read in one go. */
const ROWS = 200;

/** Reads all that is stored of a zone, at the cost of its size. Rows are damaged by disks and memory; SQLite has no checksums. */
export function* inspectZone(reads: Reads, keys: KeyRing, box: Box, zone: ZoneRow): Steps<Damage> {
  const damagedKeys = keys.damaged(reads, zone);
  yield;
  return {
    keys: damagedKeys,
    nodes: yield* damagedNodes(reads, zone),
    records: yield* damagedRecords(reads, box, zone),
    versions: yield* damagedVersions(reads, zone),
  };
}

export function isWhole({ keys, records, nodes, versions }: Damage): boolean {
  return keys.length + records.length + versions.length === 0 && nodes === undefined;
}

function* damagedNodes(reads: Reads, { id, name, serial }: ZoneRow): Steps<string | undefined> {
  try {
    let seen = 0;
    for (let after: NodePlace | undefined; ;) {
      const rows = reads.nodeSlice(id, after, ROWS);
      seen += rows.length;
      if (rows.length < ROWS) break;
      const last = rows.at(-1)!;
      after = { kind: kindOfNode(last), key: storedKey(last, name) };
      yield;
    }
    return seen === 0 && serial !== undefined ? 'there are none' : undefined;
  } catch (error) {
    return (error as Error).message;
  }
}

function* damagedRecords(reads: Reads, box: Box, zone: ZoneRow): Steps<DamagedRecord[]> {
  const damaged: DamagedRecord[] = [];
  for (let after: StoredPlace | undefined; ;) {
    const rows = reads.storedRecords(zone.name, after, ROWS);
    for (const { record, ...place } of rows) {
      if (record && isReadableValue(record, box)) continue;
      const logged = reads.recordAsAdded(zone.name, place.id);
      // A record that a newer version of the box does not take is no damage.
      if (record && logged?.value === record.value && logged.type === record.type) continue;
      damaged.push({ place, record, whole: logged && isReadableValue(logged, box) ? logged : undefined });
    }
    yield;
    if (rows.length < ROWS) return damaged;
    after = rows.at(-1)!;
  }
}

/** Whether its value can be read. */
function isReadableValue(record: CustomRecord, box: Box): boolean {
  return record.value === LOCAL || resolveCustom(record, box).length > 0;
}

function* damagedVersions(reads: Reads, zone: ZoneRow): Steps<VersionRow[]> {
  const damaged: VersionRow[] = [];
  let page: VersionRow[];
  let before: number | undefined;
  do {
    page = reads.versions(zone.id, { before, limit: ROWS });
    for (const version of page) if (!(yield* isReadable(reads, zone, version))) damaged.push(version);
    before = page.at(-1)?.id;
  } while (page.length === ROWS);
  return damaged;
}

function* isReadable(reads: Reads, { id }: ZoneRow, version: VersionRow): Steps<boolean> {
  try {
    for (const { diff, dnssec } of reads.diffs(id, version.id - 1, version.id))
      for (const journal of [diff, dnssec])
        if (journal) yield* eachStep(readingJournal(journal), () => undefined);
    return true;
  } catch {
    return false;
  }
}

/** Which record that is, as far as it is known. */
export function recordText({ place, record, whole }: DamagedRecord): string {
  const known = record ?? whole;
  return known ? `${known.owner.toText()} ${typeName(known.type)} (${place.id})` : place.id;
}
