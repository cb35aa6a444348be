import { AppError, type FieldError } from '../../core/errors.ts';
import type { Random } from '../../core/random.ts';
import { eachStep, type Steps } from '../../core/slices.ts';
import { Type } from '../../dns/type-codes.ts';
import type { Name } from '../../dns/wire/name.ts';
import { isAddress, type RecordContext } from '../custom/context.ts';
import type { GrowingContext } from '../custom/growing-context.ts';
import { OwnerRecords } from '../custom/owner-records.ts';
import {
  lossProblem,
  placeRecord,
  readRecord,
  type ReadRecord,
  type RecordRequest,
} from '../custom/validate.ts';
import type { Box, CustomRecord, RecordProblem } from '../model.ts';
import type { ZoneChange } from '../publisher/publisher.ts';
import type { RecordSources } from '../publisher/sources.ts';
import type { Reads, ZoneRow } from '../store.ts';
import { pointersTo, recordContext, recordsBelow } from './context.ts';
import { touchRecords } from './touch.ts';

/** Octets of an id; it is shown in hex. */
const ID_SIZE = 9;
/** After so many problems the rest would only repeat them. */
const MAX_PROBLEMS = 100;

export interface EditTools {
  sources: RecordSources;
  random: Random;
}

/** A record to be written, as it was read before the change began. */
export interface EditRequest extends ReadRecord {
  request: RecordRequest;
}

/** Reads what is to be written: that much can be done while others change the zone. */
export function* readRequests(requests: readonly RecordRequest[], box: Box): Steps<EditRequest[]> {
  const read: EditRequest[] = [];
  for (const request of requests) {
    read.push({ ...readRecord(request, box), request });
    yield;
  }
  return read;
}

/**
 * Adds all of the records, or throws with what is wrong with each of them. A record that is there already keeps its id and takes
 * the new TTL.
 * @throws AppError
 */
export function* addRecords(
  change: ZoneChange,
  tools: EditTools,
  zone: ZoneRow,
  requests: readonly EditRequest[],
): Steps<CustomRecord[]> {
  const pointers = yield* pointersTo(change.tx, zone.name, aliases(requests));
  const context = recordContext(change.tx, tools.sources, change.box(), zone, pointers);
  return yield* addTo(context, change, tools, zone, requests);
}

/** Removes records that may be spared. @throws AppError when something leads to one of them. */
export function* removeRecords(
  change: ZoneChange,
  { sources }: EditTools,
  zone: ZoneRow,
  records: readonly CustomRecord[],
): Steps<void> {
  yield* takeOut(change, sources, zone, records);
  const lost = addressesOf(records);
  const pointers = yield* pointersTo(change.tx, zone.name, lost);
  checkLosses(recordContext(change.tx, sources, change.box(), zone, pointers), lost);
}

/** Replaces all records at the owners and types of the requests. @throws AppError */
export function* replaceRecords(
  change: ZoneChange,
  tools: EditTools,
  zone: ZoneRow,
  requests: readonly EditRequest[],
): Steps<CustomRecord[]> {
  const { tx } = change;
  const { sources } = tools;
  const replaced = yield* recordsAtRRsets(tx, requests);
  yield* takeOut(change, sources, zone, replaced);
  const lost = addressesOf(replaced);
  const pointers = yield* pointersTo(tx, zone.name, [...aliases(requests), ...lost]);
  const context = recordContext(tx, sources, change.box(), zone, pointers);
  const records = yield* addTo(context, change, tools, zone, requests);
  checkLosses(context, lost);
  return records;
}

/** Takes records out of a zone and puts others in, one after the other; what it knows of a name it reads once, however often that is changed. */
export interface RecordEditor {
  /** The person's records at a name, as they are now. */
  at(owner: Name): OwnerRecords;
  remove(records: readonly CustomRecord[]): Steps<void>;
  /** @throws AppError */
  add(request: RecordRequest): void;
  /**
   * Publishes what hangs on all of it. What leads to addresses that went is looked at here, when others may have come.
   * @throws AppError
   */
  finish(): Steps<void>;
}

export function createRecordEditor(
  change: ZoneChange,
  { sources, random }: EditTools,
  zone: ZoneRow,
): RecordEditor {
  const { tx } = change;
  const box = change.box();
  const owners = new Map<string, OwnerRecords>();
  const touched: Pick<CustomRecord, 'owner' | 'type'>[] = [];
  const lost: Name[] = [];
  const at = (owner: Name): OwnerRecords => {
    let there = owners.get(owner.key);
    if (!there) owners.set(owner.key, (there = new OwnerRecords(box, tx.recordsAt(owner))));
    return there;
  };
  // All else is asked of the store, where every step is written at once.
  const context: RecordContext = {
    ...recordContext(tx, sources, box, zone),
    customAt: at,
    customBelow: (owner) => recordsBelow(tx, owner),
    pointingAt: (name) => tx.recordsTo(name, zone.name, 1),
  };
  const takeOne = (record: CustomRecord): void => {
    tx.deleteRecord(zone.id, record);
    at(record.owner).drop(record);
    touched.push(record);
  };
  return {
    at,
    *remove(records) {
      yield* eachStep(records, takeOne);
      lost.push(...addressesOf(records));
    },
    add(request) {
      const result = placeRecord(readRecord(request, box), context);
      if (!result.ok)
        throw refusal(
          result.problems.map((problem) => ({ ...problem, index: 0 })),
          1,
        );
      const { existing } = result;
      if (existing && existing.ttl === result.record.ttl) return;
      if (existing) takeOne(existing);
      const record = { ...result.record, id: existing?.id ?? newId(random) };
      tx.insertRecord(zone.id, record);
      at(record.owner).take(record);
      touched.push(record);
    },
    *finish() {
      yield* touchRecords(change, sources, zone, touched);
      if (lost.length === 0) return;
      const pointers = yield* pointersTo(tx, zone.name, lost);
      checkLosses(recordContext(tx, sources, box, zone, pointers), lost);
    },
  };
}

/** The person's records at the owners and types of the requests. */
function* recordsAtRRsets(tx: Reads, requests: readonly EditRequest[]): Steps<CustomRecord[]> {
  const owners = new Map<string, { owner: Name; types: Set<number> }>();
  for (const { owner, type } of requests) {
    if (!owner || type === undefined) continue;
    const known = owners.get(owner.key);
    if (known) known.types.add(type);
    else owners.set(owner.key, { owner, types: new Set([type]) });
  }
  const found: CustomRecord[] = [];
  for (const { owner, types } of owners.values()) {
    for (const record of tx.recordsAt(owner)) if (types.has(record.type)) found.push(record);
    yield;
  }
  return found;
}

function* takeOut(
  change: ZoneChange,
  sources: RecordSources,
  zone: ZoneRow,
  records: readonly CustomRecord[],
): Steps<void> {
  yield* eachStep(records, (record) => {
    change.tx.deleteRecord(zone.id, record);
  });
  yield* touchRecords(change, sources, zone, records);
}

/** Writes nothing before all of the records are known to be right. */
function* addTo(
  context: GrowingContext,
  change: ZoneChange,
  { sources, random }: EditTools,
  zone: ZoneRow,
  requests: readonly EditRequest[],
): Steps<CustomRecord[]> {
  const added = yield* accept(context, random, requests);
  const written: CustomRecord[] = [];
  for (const { record, existing } of added.values()) {
    if (existing && existing.ttl === record.ttl) continue;
    if (existing) change.tx.deleteRecord(zone.id, existing);
    change.tx.insertRecord(zone.id, record);
    written.push(record);
    yield;
  }
  yield* touchRecords(change, sources, zone, written);
  return [...added.values()].map(({ record }) => record);
}

interface Accepted {
  record: CustomRecord;
  /** The same one, as it is stored. */
  existing: CustomRecord | undefined;
}

/** The records, by their ids, as they will be: of two that say the same, the later counts. @throws AppError */
function* accept(
  context: GrowingContext,
  random: Random,
  requests: readonly EditRequest[],
): Steps<Map<string, Accepted>> {
  const problems: (RecordProblem & { index: number })[] = [];
  const accepted = new Map<string, Accepted>();
  for (const [index, request] of requests.entries()) {
    const result = placeRecord(reread(request, context.box), context);
    if (result.ok) {
      const { existing } = result;
      const id = existing?.id ?? newId(random);
      const record = { ...result.record, id };
      const before = accepted.get(id);
      accepted.set(id, { record, existing: before ? before.existing : existing });
      if (existing) context.customAt(record.owner).drop(existing);
      context.take(record);
    } else problems.push(...result.problems.map((problem) => ({ ...problem, index })));
    if (problems.length >= MAX_PROBLEMS) break;
    yield;
  }
  if (problems.length > 0) throw refusal(problems, requests.length);
  return accepted;
}

const newId = (random: Random): string => Buffer.from(random.bytes(ID_SIZE)).toString('hex');

/** `local` depends on the box, which may have changed since. */
function reread(read: EditRequest, box: Box): ReadRecord {
  return read.value && !read.value.rdata ? readRecord(read.request, box) : read;
}

/** The names that would become aliases. */
function aliases(requests: readonly EditRequest[]): Name[] {
  return requests.flatMap(({ owner, type }) => (owner && type === Type.CNAME ? [owner] : []));
}

/** The names of which addresses are removed. */
function addressesOf(records: readonly CustomRecord[]): Name[] {
  const owners = records.filter(({ type }) => isAddress(type)).map(({ owner }) => owner);
  return [...new Map(owners.map((owner) => [owner.key, owner])).values()];
}

/** @throws AppError record-conflict when something leads to a name that has no address left. */
function checkLosses(context: RecordContext, owners: readonly Name[]): void {
  for (const owner of owners) {
    const problem = lossProblem(owner, context);
    if (problem) throw new AppError(problem.code, problem.message);
  }
}

function refusal(problems: readonly (RecordProblem & { index: number })[], count: number): AppError {
  const errors: FieldError[] = problems.map(({ index, field, message }) => ({
    path: count === 1 ? field : `records[${index}].${field}`,
    message,
  }));
  return new AppError(problems[0]!.code, problems[0]!.message, { errors });
}
