import { AppError, type FieldError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { typeCode } from '../../dns/rdata/registry.ts';
import type { Name } from '../../dns/wire/name.ts';
import { affectedOwners } from '../compose.ts';
import type { RecordContext } from '../custom/context.ts';
import { type RecordRequest, removalProblem, validateRecord } from '../custom/validate.ts';
import type { CustomRecord, RecordProblem } from '../model.ts';
import { parseOwner } from '../names.ts';
import type { ZoneChange } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import type { ZoneRow } from '../store.ts';
import { recordContext } from './context.ts';

/** Octets of an id; it is shown in hex. */
const ID_SIZE = 9;

export interface EditTools {
  sources: RecordSources;
  random: Random;
}

/**
 * Adds all of the records, or throws with what is wrong with each of them. A record that is there already keeps its id and takes
 * the new TTL.
 * @throws AppError
 */
export function addRecords(
  change: ZoneChange,
  { sources, random }: EditTools,
  zone: ZoneRow,
  requests: readonly RecordRequest[],
): CustomRecord[] {
  const { tx } = change;
  const context = recordContext(tx, sources, change.box(), zone, ownersOf(requests));
  const problems: (RecordProblem & { index: number })[] = [];
  const added = new Map<string, CustomRecord>();
  requests.forEach((request, index) => {
    const result = validateRecord(request, context);
    if (!result.ok) {
      problems.push(...result.problems.map((problem) => ({ ...problem, index })));
      return;
    }
    const { existing } = result;
    const id = existing?.id ?? Buffer.from(random.bytes(ID_SIZE)).toString('hex');
    const record = { ...result.record, id };
    if (!existing || existing.ttl !== record.ttl) {
      if (existing) tx.deleteRecord(zone.id, existing);
      tx.insertRecord(zone.id, record);
      touchRecord(change, zone, record);
    }
    added.set(id, record);
  });
  if (problems.length > 0) throw refusal(problems, requests.length);
  return [...added.values()];
}

/** Removes records that may be spared. @throws AppError when something leads to one of them. */
export function removeRecords(
  change: ZoneChange,
  { sources }: EditTools,
  zone: ZoneRow,
  records: readonly CustomRecord[],
): void {
  takeOut(change, zone, records);
  checkRemoval(change, sources, zone, records);
}

/** Replaces all records at the owners and types of the requests. @throws AppError */
export function replaceRecords(
  change: ZoneChange,
  tools: EditTools,
  zone: ZoneRow,
  requests: readonly RecordRequest[],
): CustomRecord[] {
  const { tx } = change;
  const wanted = new Set(requests.flatMap((request) => rrsetKey(request) ?? []));
  const before = ownersOf(requests)
    .flatMap((owner) => tx.recordsAt(owner))
    .filter((record) => wanted.has(`${record.type} ${record.owner.key}`));
  const replaced = [...new Map(before.map((record) => [record.id, record])).values()];
  takeOut(change, zone, replaced);
  const records = addRecords(change, tools, zone, requests);
  checkRemoval(change, tools.sources, zone, replaced);
  return records;
}

function takeOut(change: ZoneChange, zone: ZoneRow, records: readonly CustomRecord[]): void {
  for (const record of records) {
    change.tx.deleteRecord(zone.id, record);
    touchRecord(change, zone, record);
  }
}

/** The records are gone already: each is checked as if it alone were still there. */
function checkRemoval(
  change: ZoneChange,
  sources: RecordSources,
  zone: ZoneRow,
  removed: readonly CustomRecord[],
): void {
  const owners = removed.map((record) => record.owner);
  const context = recordContext(change.tx, sources, change.box(), zone, owners);
  for (const record of removed) {
    const withIt: RecordContext = {
      ...context,
      customAt: (owner) =>
        owner.equals(record.owner) ? [...context.customAt(owner), record] : context.customAt(owner),
    };
    const problem = removalProblem(record, withIt);
    if (problem) throw new AppError(problem.code, problem.message);
  }
}

/** Publishes what hangs on a record. */
export function touchRecord(change: ZoneChange, zone: ZoneRow, { owner, type }: CustomRecord): void {
  const owners = affectedOwners(owner, [type]);
  change.touch(zone.name, {
    owners: owners === 'all' ? 'all' : owners.filter((name) => name.isAtOrBelow(zone.name)),
  });
}

/** The owners that can be read; the others are refused by the validation. */
function ownersOf(requests: readonly RecordRequest[]): Name[] {
  const owners = new Map<string, Name>();
  for (const { owner } of requests) {
    const parsed = parseOwner(owner);
    if (parsed.ok) owners.set(parsed.name.key, parsed.name);
  }
  return [...owners.values()];
}

function rrsetKey({ owner, type }: RecordRequest): string | undefined {
  const parsed = parseOwner(owner);
  const code = typeCode(type);
  return parsed.ok && code !== undefined ? `${code} ${parsed.name.key}` : undefined;
}

function refusal(problems: readonly (RecordProblem & { index: number })[], count: number): AppError {
  const errors: FieldError[] = problems.map(({ index, field, message }) => ({
    path: count === 1 ? field : `records[${index}].${field}`,
    message,
  }));
  return new AppError(problems[0]!.code, problems[0]!.message, { errors });
}
