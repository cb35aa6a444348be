import { AppError } from '../../core/errors.ts';
import { sorted, type Steps } from '../../core/slices.ts';
import { printRdata, typeName } from '../../dns/rdata/registry.ts';
import type { Name } from '../../dns/wire/name.ts';
import type { Reads, VersionRow, ZoneRow } from '../store.ts';
import { foldedJournals, invertJournal, type JournalEntry } from './journal.ts';

/** A line of a diff: a record of the zone without its DNSSEC machinery (RRSIG, NSEC, NSEC3 only when asked for). */
export interface DiffLine {
  op: '+' | '-';
  owner: Name;
  type: string;
  ttl: number;
  value: string;
}

/** @throws AppError not-found */
export function existingVersion(reads: Reads, zone: ZoneRow, serial: number): VersionRow {
  const version = reads.version(zone.id, serial);
  if (version) return version;
  const oldest = reads.oldestVersion(zone.id);
  // RFC 1982 §3.2: whether it is before the oldest one.
  if (oldest && (serial - oldest.serial) >>> 0 >= 0x8000_0000)
    throw new AppError(
      'not-found',
      `The version ${serial} of ${zone.name.toText()} is not kept any more: the oldest one is ${oldest.serial}, of ${oldest.publishedAt}. The settings of the box say for how long versions are kept.`,
    );
  throw new AppError('not-found', `The zone ${zone.name.toText()} has no version ${serial}.`);
}

/** The net difference that leads from version `a` to version `b`, whichever is older. */
export function* difference(
  reads: Reads,
  zone: ZoneRow,
  a: VersionRow,
  b: VersionRow,
  dnssec: boolean,
): Steps<JournalEntry[]> {
  if (a.id > b.id) return invertJournal(yield* difference(reads, zone, b, a, dnssec));
  const diffs = reads.diffs(zone.id, a.id, b.id);
  const journals = diffs.flatMap(({ serial, diff, dnssec: machinery }) => {
    if (diff.length === 0) throw unknownDifference(serial);
    if (!dnssec) return [diff];
    if (machinery) return [diff, machinery];
    throw new AppError(
      'not-found',
      `The signatures of version ${serial} are no longer kept; ask for it without them.`,
    );
  });
  try {
    return yield* foldedJournals(journals);
  } catch (cause) {
    throw damagedHistory(zone, cause);
  }
}

function unknownDifference(serial: number): AppError {
  const message = `What the version ${serial} changed was damaged and is not known any more; compare versions that are both before it, or none of them.`;
  return new AppError('not-found', message);
}

function damagedHistory({ name }: ZoneRow, cause: unknown): AppError {
  const text = name.toText();
  const message = `What is stored of these versions of ${text} is damaged; POST /api/v1/zones/${text}/rebuild (signpost zone rebuild ${text}) finds which, and puts the rest right.`;
  return new AppError('zone-damaged', message, { cause });
}

export function* diffLines(
  reads: Reads,
  zone: ZoneRow,
  a: VersionRow,
  b: VersionRow,
  dnssec: boolean,
): Steps<DiffLine[]> {
  const entries = yield* difference(reads, zone, a, b, dnssec);
  const lines: DiffLine[] = [];
  for (const entry of yield* sorted(entries, inDiffOrder)) {
    lines.push(diffLine(entry));
    yield;
  }
  return lines;
}

/** By owner and type; what was removed before what was added; the SOA first. */
function inDiffOrder(a: JournalEntry, b: JournalEntry): number {
  return a.owner.compare(b.owner) || a.type - b.type || b.op.charCodeAt(0) - a.op.charCodeAt(0);
}

function diffLine({ op, owner, type, ttl, rdata }: JournalEntry): DiffLine {
  return { op, owner, type: typeName(type), ttl, value: printRdata(type, rdata) };
}
