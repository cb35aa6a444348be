import { and, eq, gte, inArray, lt, sql, type SQL } from './drizzle.ts';
import { Name } from '../dns/wire/name.ts';
import { hostOf } from '../zones/custom/targets.ts';
import type { CustomRecord } from '../zones/model.ts';
import type { Reads, RecordPlace, RecordSlice, StoredPlace } from '../zones/store.ts';
import type { Connection } from './database.ts';
import { afterKey, inSubtree, keyOf, rangeOf } from './name-keys.ts';
import { customRecords } from './schema/zones.ts';

const recordOrder = [customRecords.ownerKey, customRecords.type, customRecords.value, customRecords.id];

/** What is kept of custom records. */
export function recordReads({ orm, sqlite }: Connection) {
  const key = sql.placeholder('key');
  const recordsOf = orm.select().from(customRecords).where(eq(customRecords.ownerKey, key)).prepare();
  const recordsIn = orm
    .select()
    .from(customRecords)
    .where(and(gte(customRecords.ownerKey, key), lt(customRecords.ownerKey, sql.placeholder('end'))))
    .orderBy(...recordOrder)
    .prepare();
  const recordAt = orm.select().from(customRecords).where(eq(customRecords.id, key)).prepare();
  const pointing = sqlite.prepare<
    [{ target: Buffer; from: Buffer; end: Buffer; limit: number }],
    StoredRecord
  >(
    `SELECT id, owner, type, ttl, value FROM custom_records
     WHERE target_key = @target AND owner_key >= @from AND owner_key < @end ORDER BY owner_key LIMIT @limit`,
  );
  const nextTarget = sqlite
    .prepare<[{ key: Buffer; end: Buffer }], Buffer>(
      'SELECT target_key FROM custom_records WHERE target_key >= @key AND target_key < @end ORDER BY target_key LIMIT 1',
    )
    .pluck();
  const anyRecord = sqlite
    .prepare<[Buffer, Buffer], number>(
      'SELECT 1 FROM custom_records WHERE owner_key >= ? AND owner_key < ? LIMIT 1',
    )
    .pluck();
  const recordsFrom = sqlite.prepare<
    [StoredPlace & { end: Buffer; limit: number }],
    StoredRecord & { ownerKey: Buffer }
  >(
    `SELECT id, owner_key AS ownerKey, owner, type, ttl, value FROM custom_records
     WHERE owner_key >= @ownerKey AND owner_key < @end
       AND (owner_key, type, value, id) > (@ownerKey, @type, @value, @id)
     ORDER BY owner_key, type, value, id LIMIT @limit`,
  );
  const addedRecord = sqlite.prepare<
    [{ key: Buffer; end: Buffer; id: string }],
    Omit<StoredRecord, 'id'> & { ownerKey: Buffer }
  >(
    `SELECT owner_key AS ownerKey, owner, type, ttl, value FROM custom_record_changes
     WHERE owner_key >= @key AND owner_key < @end AND record_id = @id AND op = 'add' ORDER BY id DESC LIMIT 1`,
  );
  return {
    record: (id) => {
      const row = recordAt.get({ key: id });
      return row && readRecord(row);
    },
    // Sorted here: SQLite makes ready to sort even where there is nothing, which takes it longer than all the rest.
    recordsAt: (owner) =>
      recordsOf
        .all({ key: keyOf(owner) })
        .sort(atOneOwner)
        .map(readRecord),
    recordsBelow(name, slice) {
      const range = rangeOf(name);
      if (!slice) return recordsIn.all(range).map(readRecord);
      // Most zones have none, and to be ready to sort takes longer than to see that.
      if (!slice.after && !anyRecord.get(range.key, range.end)) return [];
      const from = placeIn(range, slice.after);
      return recordsFrom.all({ ...from, end: range.end, limit: slice.limit }).map(readRecord);
    },
    storedRecords: (name, after, limit) => {
      const range = rangeOf(name);
      const from = after ?? placeIn(range, undefined);
      return recordsFrom
        .all({ ...from, end: range.end, limit })
        .map((row) => ({ ...row, record: readWhole(row) }));
    },
    recordAsAdded: (name, id) => {
      const row = addedRecord.get({ ...rangeOf(name), id });
      return row && readWhole({ ...row, id });
    },
    recordsOfTypes: (name, types, slice) =>
      recordsWhere(orm, name, slice, inArray(customRecords.type, [...types])),
    recordsTo: (host, zone, limit) => {
      const { key: from, end } = rangeOf(zone);
      return pointing.all({ target: keyOf(host), from, end, limit }).map(readRecord);
    },
    targetsBelow(name, zone) {
      const { key: from, end } = rangeOf(zone);
      const range = rangeOf(name);
      const found: Name[] = [];
      // From one target to the next: of how many records lead to each, one is read.
      for (let at = nextTarget.get(range); at; at = nextTarget.get({ key: afterKey(at), end: range.end })) {
        const [record] = pointing.all({ target: at, from, end, limit: 1 }).map(readRecord);
        const host = record && hostOf(record);
        if (host) found.push(host);
      }
      return found;
    },
  } satisfies Partial<Reads>;
}

/** Where the rows behind `after` begin; without it, before all of the range. */
function placeIn({ key }: { key: Buffer }, after: RecordPlace | undefined): StoredPlace {
  const ownerKey = after && keyOf(after.owner);
  if (!ownerKey || Buffer.compare(ownerKey, key) < 0) return { ownerKey: key, type: -1, value: '', id: '' };
  return { ownerKey, type: after.type, value: after.value, id: after.id };
}

/** At or below a name, in their order; with a slice, only that. */
function recordsWhere(orm: Connection['orm'], name: Name, slice?: RecordSlice, also?: SQL): CustomRecord[] {
  const rows = orm
    .select()
    .from(customRecords)
    .where(and(rangeAfter(name, slice?.after), also))
    .orderBy(...recordOrder);
  return (slice ? rows.limit(slice.limit).all() : rows.all()).map(readRecord);
}

/** The rows before `after` are not even gone through: the index begins at its owner. */
function rangeAfter(name: Name, after: RecordPlace | undefined): SQL | undefined {
  if (!after) return inSubtree(customRecords.ownerKey, name);
  const { owner, type, value, id } = after;
  const { key: first, end } = rangeOf(name);
  const key = keyOf(owner);
  return and(
    gte(customRecords.ownerKey, Buffer.compare(key, first) < 0 ? first : key),
    lt(customRecords.ownerKey, end),
    sql`(${customRecords.ownerKey}, ${customRecords.type}, ${customRecords.value}, ${customRecords.id}) > (${key}, ${type}, ${value}, ${id})`,
  );
}

/** The order of records at one owner: that of {@link recordOrder}, whose texts SQLite compares by their octets. */
function atOneOwner(a: StoredRecord, b: StoredRecord): number {
  return a.type - b.type || octetOrder(a.value, b.value) || octetOrder(a.id, b.id);
}

function octetOrder(a: string, b: string): number {
  return a === b ? 0 : Buffer.compare(Buffer.from(a), Buffer.from(b));
}

/** The record of a row, when what the row says of its owner fits together. */
function readWhole(row: StoredRecord & { ownerKey: Buffer }): CustomRecord | undefined {
  try {
    const record = readRecord(row);
    return Buffer.compare(record.owner.sortKey, row.ownerKey) === 0 ? record : undefined;
  } catch {
    // The owner is no name.
    return undefined;
  }
}

export interface StoredRecord {
  id: string;
  owner: string;
  type: number;
  ttl: number | null;
  value: string;
}

export function readRecord({ id, owner, type, ttl, value }: StoredRecord): CustomRecord {
  return { id, owner: Name.parse(owner), type, ttl: ttl ?? undefined, value };
}
