import { and, asc, count, desc, eq, gt, gte, inArray, isNotNull, like, lt, lte, sql } from 'drizzle-orm';
import { Name } from '../dns/wire/name.ts';
import type { StoredNode } from '../dns/zone/node-codec.ts';
import type { NodeKind } from '../dns/zone/node-layout.ts';
import type { CustomRecord, Domain } from '../zones/model.ts';
import type { Reads, RecordChange, VersionDiff, ZoneKeyRow, ZoneRow } from '../zones/store.ts';
import type { Connection } from './database.ts';
import { acmeAccounts, certificates } from './schema/certs.ts';
import { dkimKeys } from './schema/dkim.ts';
import {
  box,
  customRecordChanges,
  customRecords,
  domains,
  meta,
  zoneKeys,
  zones,
  zoneVersions,
} from './schema/zones.ts';

export const NODE_KINDS: readonly NodeKind[] = ['name', 'nsec3'];

const recordOrder = [customRecords.ownerKey, customRecords.type, customRecords.value, customRecords.id];

/** The reads of the zones' store over one connection; the statements of hot paths are prepared once. */
export function zoneReads({ orm, sqlite }: Connection): Reads {
  const key = sql.placeholder('key');
  const boxRow = orm.select().from(box).prepare();
  const domainAt = orm.select().from(domains).where(eq(domains.key, key)).prepare();
  const zoneAt = orm.select().from(zones).where(eq(zones.key, key)).prepare();
  const recordsOf = orm
    .select()
    .from(customRecords)
    .where(eq(customRecords.ownerKey, key))
    .orderBy(...recordOrder)
    .prepare();
  const subtree = (column: KeyColumn) => and(gte(column, key), lt(column, sql.placeholder('end')));
  const domainsIn = orm.select().from(domains).where(subtree(domains.key)).orderBy(domains.key).prepare();
  const zonesIn = orm
    .select()
    .from(zones)
    .where(and(eq(zones.active, true), subtree(zones.key)))
    .orderBy(zones.key)
    .prepare();
  const recordsIn = orm
    .select()
    .from(customRecords)
    .where(subtree(customRecords.ownerKey))
    .orderBy(...recordOrder)
    .prepare();
  const recordAt = orm.select().from(customRecords).where(eq(customRecords.id, key)).prepare();
  const lastChange = sqlite.prepare<[], number | null>('SELECT max(id) FROM custom_record_changes').pluck();
  const keysOf = orm.select().from(zoneKeys).where(eq(zoneKeys.zoneId, key)).orderBy(zoneKeys.id).prepare();
  const nodesOf = sqlite.prepare<[number], NodeRecord>(
    'SELECT kind, key, node FROM zone_nodes WHERE zone_id = ? ORDER BY kind, key',
  );
  const nodesFrom = sqlite
    .prepare<[number, number, Uint8Array, number], Buffer>(
      'SELECT node FROM zone_nodes WHERE zone_id = ? AND (kind, key) > (?, ?) ORDER BY kind, key LIMIT ?',
    )
    .pluck();
  const activeNames = sqlite.prepare<
    [Uint8Array | string, number],
    { id: number; name: string; records: number }
  >('SELECT id, name, records FROM zones WHERE active = 1 AND key > ? ORDER BY key LIMIT ?');
  return {
    box: () => {
      const row = boxRow.get();
      if (!row) return undefined;
      const { hostname, ipv4, ipv6, adminEmail, ttl, secondaries, caaIssuer } = row;
      return {
        hostname: Name.parse(hostname),
        ipv4,
        ipv6,
        adminEmail: adminEmail ?? undefined,
        ttl,
        secondaries: secondaries.map((name) => Name.parse(name)),
        caaIssuer: caaIssuer ?? undefined,
      };
    },

    domain: (name) => optional(domainAt.get({ key: keyOf(name) }), readDomain),
    domains: ({ after, limit }, search) => {
      const text = search && like(domains.name, `%${search.replaceAll(/[%_]/g, '')}%`);
      const from = after && gt(domains.key, keyOf(after));
      const rows = orm
        .select()
        .from(domains)
        .where(and(text || undefined, from));
      return rows.orderBy(asc(domains.key)).limit(limit).all().map(readDomain);
    },
    domainCounts: () => {
      const rows = orm.select({ dns: domains.dns, count: count() }).from(domains).groupBy(domains.dns).all();
      return { local: 0, external: 0, ...Object.fromEntries(rows.map((row) => [row.dns, row.count])) };
    },
    domainsBelow: (name) => domainsIn.all(rangeOf(name)).map(readDomain),
    mailDomains: () =>
      orm
        .select({ name: domains.name })
        .from(domains)
        .where(eq(domains.mail, true))
        .all()
        .map(({ name }) => Name.parse(name)),

    zone: (name) => optional(zoneAt.get({ key: keyOf(name) }), readZone),
    activeZones: ({ after, limit }) => {
      const from = after && gt(zones.key, keyOf(after));
      const rows = orm
        .select()
        .from(zones)
        .where(and(eq(zones.active, true), from));
      return rows.orderBy(asc(zones.key)).limit(limit).all().map(readZone);
    },
    activeZoneNames: ({ after, limit }) =>
      activeNames
        .all(after?.sortKey ?? BEFORE_ALL, limit)
        .map((row) => ({ ...row, name: Name.parse(row.name) })),
    activeZonesBelow: (name) => zonesIn.all(rangeOf(name)).map(readZone),
    activeZoneCount: () =>
      orm
        .select({ count: sql<number>`count(*)` })
        .from(zones)
        .where(eq(zones.active, true))
        .get()!.count,
    zonesToResign: (time, limit) =>
      orm
        .select()
        .from(zones)
        .where(and(eq(zones.active, true), lte(zones.resignAt, time)))
        .orderBy(zones.resignAt)
        .limit(limit)
        .all()
        .map(readZone),
    zonesToResignCount: (time) =>
      orm
        .select({ count: count() })
        .from(zones)
        .where(and(eq(zones.active, true), lte(zones.resignAt, time)))
        .get()!.count,
    nextResign: () =>
      orm
        .select({ at: zones.resignAt })
        .from(zones)
        .where(and(eq(zones.active, true), isNotNull(zones.resignAt)))
        .orderBy(zones.resignAt)
        .limit(1)
        .get()?.at ?? undefined,
    dirtyZones: (limit) =>
      orm
        .select()
        .from(zones)
        .where(and(eq(zones.dirty, true), eq(zones.active, true)))
        .limit(limit)
        .all()
        .map(readZone),
    nodes: (zoneId) => nodesOf.all(zoneId).map(readNode),
    nodeSlice: (zoneId, after, limit) => {
      const kind = after ? NODE_KINDS.indexOf(after.kind) : -1;
      return nodesFrom.all(zoneId, kind, after?.key ?? NO_KEY, limit);
    },

    keys: (zoneId) => keysOf.all({ key: zoneId }).map(readKey),
    activeDnskeys: () =>
      orm
        .select({ name: zones.name, key: zoneKeys })
        .from(zoneKeys)
        .innerJoin(zones, eq(zones.id, zoneKeys.zoneId))
        .where(eq(zones.active, true))
        .all()
        .map((row) => ({ zone: Name.parse(row.name), key: readKey(row.key) })),

    record: (id) => optional(recordAt.get({ key: id }), readRecord),
    recordsAt: (owner) => recordsOf.all({ key: keyOf(owner) }).map(readRecord),
    recordsBelow: (name, slice) => {
      if (!slice) return recordsIn.all(rangeOf(name)).map(readRecord);
      const { after, limit } = slice;
      const from =
        after &&
        sql`(${customRecords.ownerKey}, ${customRecords.type}, ${customRecords.value}, ${customRecords.id}) > (${keyOf(after.owner)}, ${after.type}, ${after.value}, ${after.id})`;
      const rows = orm
        .select()
        .from(customRecords)
        .where(and(inSubtree(customRecords.ownerKey, name), from))
        .orderBy(...recordOrder);
      return rows.limit(limit).all().map(readRecord);
    },

    recordsOfTypes: (name, types) =>
      orm
        .select()
        .from(customRecords)
        .where(and(inSubtree(customRecords.ownerKey, name), inArray(customRecords.type, [...types])))
        .orderBy(customRecords.ownerKey)
        .all()
        .map(readRecord),

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
        // Rare, and few: the owners are looked at one by one.
        .where(gt(customRecordChanges.id, after))
        .orderBy(desc(customRecordChanges.id))
        .all()
        .map(({ id, op, recordId, ...row }) => ({ id, op, record: readRecord({ ...row, id: recordId }) }))
        .filter(({ record }) => record.owner.isAtOrBelow(name)),
    lastRecordChange: () => lastChange.get() ?? 0,

    meta: (name) => orm.select().from(meta).where(eq(meta.key, name)).get()?.value,
    hasSealedKeys: () =>
      orm.select({ id: zoneKeys.id }).from(zoneKeys).limit(1).get() !== undefined ||
      orm.select({ id: dkimKeys.id }).from(dkimKeys).limit(1).get() !== undefined ||
      orm.select({ key: acmeAccounts.sealedKey }).from(acmeAccounts).limit(1).get() !== undefined ||
      orm.select({ id: certificates.id }).from(certificates).limit(1).get() !== undefined,
  };
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

interface NodeRecord {
  kind: number;
  key: Buffer;
  node: Buffer;
}

function readNode({ kind, key, node }: NodeRecord): StoredNode {
  return { kind: NODE_KINDS[kind]!, key, node };
}

const NO_KEY = new Uint8Array(0);
/** SQLite orders every text before every blob, an empty one included. */
const BEFORE_ALL = '';

/** The key under which a name is stored. */
export function keyOf(name: Name): Buffer {
  return Buffer.from(name.sortKey);
}

type KeyColumn = typeof domains.key | typeof zones.key | typeof customRecords.ownerKey;

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

function readDomain({ name, ttl, key: _key, ...row }: typeof domains.$inferSelect): Domain {
  return { ...row, name: Name.parse(name), ttl: ttl ?? undefined };
}

export function readZone({ key: _key, ...row }: typeof zones.$inferSelect): ZoneRow {
  return {
    ...row,
    name: Name.parse(row.name),
    ttl: row.ttl ?? undefined,
    serial: row.serial ?? undefined,
    resignAt: row.resignAt ?? undefined,
  };
}

export function readKey({ zoneId: _zone, privateKey, ...row }: typeof zoneKeys.$inferSelect): ZoneKeyRow {
  return { ...row, sealedPrivateKey: privateKey };
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
