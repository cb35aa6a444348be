import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, lt, lte, sql, type SQL } from './drizzle.ts';
import { Name } from '../dns/wire/name.ts';
import type { NodeKind } from '../dns/zone/node-layout.ts';
import type { Snapshot } from '../work/rows.ts';
import { hostOf } from '../zones/custom/targets.ts';
import type { CustomRecord, Domain, ParentState } from '../zones/model.ts';
import type {
  Reads,
  RecordChange,
  RecordPlace,
  RecordSlice,
  StoredPlace,
  VersionDiff,
  ZoneKeyRow,
  ZoneRow,
} from '../zones/store.ts';
import type { Connection } from './database.ts';
import { listDomains } from './domain-list.ts';
import { nodeOctets } from './node-octets.ts';
import {
  box,
  customRecordChanges,
  customRecords,
  domains,
  zoneKeys,
  zones,
  zoneVersions,
} from './schema/zones.ts';

export const NODE_KINDS: readonly NodeKind[] = ['name', 'nsec3'];

/** Written as the partial indexes have it, or they would not be used. */
const isActive = sql`${zones.active} = 1`;

const isStale = () => and(isActive, lt(zones.generation, sql`(select ${box.generation} from ${box})`));

const recordOrder = [customRecords.ownerKey, customRecords.type, customRecords.value, customRecords.id];

/** The reads of the zones' store over one connection; the statements of hot paths are prepared once. */
export function zoneReads({ orm, sqlite }: Connection, state: Snapshot): Reads {
  const key = sql.placeholder('key');
  const boxRow = orm.select().from(box).prepare();
  // Not mapped by Drizzle: a change asks for the domains at and above each owner.
  const domainAt = sqlite.prepare<[Buffer], StoredDomain>(
    'SELECT name, dns, mail, web, ttl, created_at AS createdAt FROM domains WHERE key = ?',
  );
  const parentAt = sqlite
    .prepare<[Buffer], ParentState | 'external'>('SELECT parent FROM domains WHERE key = ?')
    .pluck();
  const mailNames = orm
    .select({ name: domains.name })
    .from(domains)
    .where(and(eq(domains.mail, true), gt(domains.key, key)))
    .orderBy(asc(domains.key))
    .limit(sql.placeholder('limit'))
    .prepare();
  const zoneAt = orm.select().from(zones).where(eq(zones.key, key)).prepare();
  const recordsOf = orm.select().from(customRecords).where(eq(customRecords.ownerKey, key)).prepare();
  const subtree = (column: KeyColumn) => and(gte(column, key), lt(column, sql.placeholder('end')));
  const domainsIn = orm.select().from(domains).where(subtree(domains.key)).orderBy(domains.key).prepare();
  const zonesIn = orm
    .select()
    .from(zones)
    .where(and(isActive, subtree(zones.key)))
    .orderBy(zones.key)
    .prepare();
  const recordsIn = orm
    .select()
    .from(customRecords)
    .where(subtree(customRecords.ownerKey))
    .orderBy(...recordOrder)
    .prepare();
  const recordAt = orm.select().from(customRecords).where(eq(customRecords.id, key)).prepare();
  const oldest = orm
    .select(versionColumns)
    .from(zoneVersions)
    .where(eq(zoneVersions.zoneId, key))
    .orderBy(asc(zoneVersions.id))
    .limit(1)
    .prepare();
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
  const lastChange = sqlite.prepare<[], number | null>('SELECT max(id) FROM custom_record_changes').pluck();
  const keysOf = orm.select().from(zoneKeys).where(eq(zoneKeys.zoneId, key)).prepare();
  const placesOf = sqlite.prepare<[number, number], { kind: number; key: Buffer }>(
    'SELECT kind, key FROM zone_nodes WHERE zone_id = ? ORDER BY kind, key LIMIT ?',
  );
  const nodesFrom = sqlite
    .prepare<[number, number, Uint8Array, number], Buffer>(
      'SELECT node FROM zone_nodes WHERE zone_id = ? AND (kind, key) > (?, ?) ORDER BY kind, key LIMIT ?',
    )
    .pluck();
  const stale = sqlite.prepare<
    [{ before: number; generation: number; key: Uint8Array; limit: number }],
    { name: string; generation: number; mail: number }
  >(
    `SELECT zones.name, zones.generation, domains.key IS NOT NULL AS mail
     FROM zones LEFT JOIN domains ON domains.key = zones.key AND domains.mail = 1 AND domains.dns = 'local'
     WHERE zones.active = 1 AND zones.generation < @before AND (zones.generation, zones.key) > (@generation, @key)
     ORDER BY zones.generation, zones.key LIMIT @limit`,
  );
  const activeNames = sqlite.prepare<
    [Uint8Array | string, number],
    { id: number; name: string; records: number }
  >('SELECT id, name, records FROM zones WHERE active = 1 AND key > ? ORDER BY key LIMIT ?');
  const activeKeys = sqlite
    .prepare<[Uint8Array | string, number], Buffer>(
      'SELECT key FROM zones WHERE active = 1 AND key > ? ORDER BY key LIMIT ?',
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
    rows: state.rows,
    box: () => {
      const row = boxRow.get();
      if (!row) return undefined;
      const { hostname, ipv4, ipv6, adminEmail, ttl, secondaries, caaIssuer, retention } = row;
      const formerHostnames = (row.formerHostnames ?? []).map((former) => ({
        ...former,
        hostname: Name.parse(former.hostname),
        leftAt: former.leftAt,
      }));
      return {
        hostname: Name.parse(hostname),
        ipv4,
        ipv6,
        adminEmail: adminEmail ?? undefined,
        ttl,
        secondaries: secondaries.map((name) => Name.parse(name)),
        caaIssuer: caaIssuer ?? undefined,
        retention: retention ?? undefined,
        ...(formerHostnames.length > 0 ? { formerHostnames } : {}),
      };
    },

    domain: (name) => optional(domainAt.get(keyOf(name)), ofStored),
    domains: ({ after, limit }) => {
      const rows = orm
        .select()
        .from(domains)
        .where(after && gt(domains.key, keyOf(after)));
      return rows.orderBy(asc(domains.key)).limit(limit).all().map(readDomain);
    },
    listDomains: (list) => listDomains(sqlite, list),
    parentState: (name) => {
      const state = parentAt.get(keyOf(name));
      return state === undefined || state === 'external' ? 'unknown' : state;
    },
    domainCounts: () => {
      const rows = orm.select({ dns: domains.dns, count: count() }).from(domains).groupBy(domains.dns).all();
      return { local: 0, external: 0, ...Object.fromEntries(rows.map((row) => [row.dns, row.count])) };
    },
    domainsBelow: (name) => domainsIn.all(rangeOf(name)).map(readDomain),
    mailDomains: ({ after, limit }) =>
      mailNames.all({ key: after ? keyOf(after) : NO_KEY, limit }).map(({ name }) => Name.parse(name)),

    zone: (name) => optional(zoneAt.get({ key: keyOf(name) }), readZone),
    activeZones: ({ after, limit }) => {
      const from = after && gt(zones.key, keyOf(after));
      const rows = orm.select().from(zones).where(and(isActive, from));
      return rows.orderBy(asc(zones.key)).limit(limit).all().map(readZone);
    },
    activeZoneNames: ({ after, limit }) =>
      activeNames
        .all(after?.sortKey ?? BEFORE_ALL, limit)
        .map((row) => ({ ...row, name: Name.parse(row.name) })),
    activeNames: ({ after, limit }) =>
      activeKeys.all(after?.sortKey ?? BEFORE_ALL, limit).map((key) => Name.fromSortKey(key)),
    activeZonesBelow: (name) => zonesIn.all(rangeOf(name)).map(readZone),
    activeZoneCount: () =>
      orm
        .select({ count: sql<number>`count(*)` })
        .from(zones)
        .where(isActive)
        .get()!.count,
    zonesToResign: (time, limit) =>
      orm
        .select()
        .from(zones)
        .where(and(isActive, lte(zones.resignAt, time)))
        .orderBy(zones.resignAt)
        .limit(limit)
        .all()
        .map(readZone),
    zonesToResignCount: (time) =>
      orm
        .select({ count: count() })
        .from(zones)
        .where(and(isActive, lte(zones.resignAt, time)))
        .get()!.count,
    firstExpiration: () =>
      orm
        .select({ at: zones.expiresAt })
        .from(zones)
        .where(and(isActive, isNotNull(zones.expiresAt)))
        .orderBy(zones.expiresAt)
        .limit(1)
        .get()?.at ?? undefined,
    nextResign: () =>
      orm
        .select({ at: zones.resignAt })
        .from(zones)
        .where(and(isActive, isNotNull(zones.resignAt)))
        .orderBy(zones.resignAt)
        .limit(1)
        .get()?.at ?? undefined,
    generation: () => boxRow.get()?.generation ?? 0,
    staleZones: ({ before, after, limit }) => {
      const from = after ?? { generation: -1, name: undefined };
      const key = from.name ? keyOf(from.name) : NO_KEY;
      return stale
        .all({ before, generation: from.generation, key, limit })
        .map((row) => ({ name: Name.parse(row.name), generation: row.generation, mail: row.mail === 1 }));
    },
    staleZoneCount: () => orm.select({ count: count() }).from(zones).where(isStale()).get()!.count,
    nodePlaces: (zoneId, limit) =>
      placesOf.all(zoneId, limit).map(({ kind, key }) => ({ kind: NODE_KINDS[kind]!, key })),
    nodeSlice: (zoneId, after, limit) => {
      const kind = after ? NODE_KINDS.indexOf(after.kind) : -1;
      return nodesFrom.all(zoneId, kind, after?.key ?? NO_KEY, limit).map(nodeOctets);
    },

    // Sorted here, as records are below.
    keys: (zoneId) =>
      keysOf
        .all({ key: zoneId })
        .sort((a, b) => a.id - b.id)
        .map(readKey),

    record: (id) => optional(recordAt.get({ key: id }), readRecord),
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

    versions: (zoneId, { before, limit }) =>
      orm
        .select(versionColumns)
        .from(zoneVersions)
        .where(
          and(
            eq(zoneVersions.zoneId, zoneId),
            before === undefined ? undefined : lt(zoneVersions.id, before),
          ),
        )
        .orderBy(desc(zoneVersions.id))
        .limit(limit)
        .all(),
    version: (zoneId, serial) =>
      orm
        .select(versionColumns)
        .from(zoneVersions)
        .where(and(eq(zoneVersions.zoneId, zoneId), eq(zoneVersions.serial, serial)))
        .get(),
    diffs: (zoneId, fromId, toId): VersionDiff[] =>
      orm
        .select({ serial: zoneVersions.serial, diff: zoneVersions.diff, dnssec: zoneVersions.dnssecDiff })
        .from(zoneVersions)
        .where(and(eq(zoneVersions.zoneId, zoneId), gt(zoneVersions.id, fromId), lte(zoneVersions.id, toId)))
        .orderBy(zoneVersions.id)
        .all()
        .map(({ dnssec, ...row }) => ({ ...row, dnssec: dnssec ?? undefined })),
    recordChangesSince: (name, after): RecordChange[] =>
      orm
        .select()
        .from(customRecordChanges)
        .where(and(inSubtree(customRecordChanges.ownerKey, name), gt(customRecordChanges.id, after)))
        .orderBy(desc(customRecordChanges.id))
        .all()
        .map(({ id, op, recordId, ...row }) => ({ id, op, record: readRecord({ ...row, id: recordId }) })),
    oldestVersion: (zoneId) => oldest.get({ key: zoneId }),
    lastRecordChange: () => lastChange.get() ?? 0,
  };
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

const versionColumns = {
  id: zoneVersions.id,
  serial: zoneVersions.serial,
  publishedAt: zoneVersions.publishedAt,
  cause: zoneVersions.cause,
  actor: zoneVersions.actor,
  added: zoneVersions.added,
  removed: zoneVersions.removed,
  changeId: zoneVersions.changeId,
};

/** The first key behind this one. */
function afterKey(key: Buffer): Buffer {
  return Buffer.concat([key, Buffer.of(0)]);
}

const NO_KEY = new Uint8Array(0);
/** SQLite orders every text before every blob, an empty one included. */
const BEFORE_ALL = '';

/** The key under which a name is stored. */
export function keyOf(name: Name): Buffer {
  return Buffer.from(name.sortKey);
}

type KeyColumn =
  typeof domains.key | typeof zones.key | typeof customRecords.ownerKey | typeof customRecordChanges.ownerKey;

/** From a name to behind all below it: a sort key ends in 0x00, and is a prefix of those of its descendants. */
export function rangeOf(name: Name): { key: Buffer; end: Buffer } {
  const end = keyOf(name);
  end[end.length - 1] = 1;
  return { key: keyOf(name), end };
}

function inSubtree(column: KeyColumn, name: Name) {
  const { key, end } = rangeOf(name);
  return and(gte(column, key), lt(column, end));
}

function optional<T, U>(row: T | undefined, read: (row: T) => U): U | undefined {
  return row === undefined ? undefined : read(row);
}

type StoredDomain = Pick<Domain, 'dns' | 'createdAt'> & {
  name: string;
  mail: number;
  web: number;
  ttl: number | null;
};

function ofStored({ name, dns, mail, web, ttl, createdAt }: StoredDomain): Domain {
  return { name: Name.parse(name), dns, mail: mail === 1, web: web === 1, ttl: ttl ?? undefined, createdAt };
}

function readDomain({ name, ttl, key: _key, parent: _parent, ...row }: typeof domains.$inferSelect): Domain {
  return { ...row, name: Name.parse(name), ttl: ttl ?? undefined };
}

export function readZone({
  key: _key,
  removedAt: _removed,
  purging: _purging,
  ...row
}: typeof zones.$inferSelect): ZoneRow {
  return {
    ...row,
    name: Name.parse(row.name),
    ttl: row.ttl ?? undefined,
    serial: row.serial ?? undefined,
    resignAt: row.resignAt ?? undefined,
    expiresAt: row.expiresAt ?? undefined,
  };
}

export function readKey({ zoneId: _zone, privateKey, ...row }: typeof zoneKeys.$inferSelect): ZoneKeyRow {
  return { ...row, sealedPrivateKey: privateKey };
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

interface StoredRecord {
  id: string;
  owner: string;
  type: number;
  ttl: number | null;
  value: string;
}

function readRecord({ id, owner, type, ttl, value }: StoredRecord): CustomRecord {
  return { id, owner: Name.parse(owner), type, ttl: ttl ?? undefined, value };
}
