import { and, asc, count, eq, gt, gte, isNotNull, lt, lte, sql } from './drizzle.ts';
import { Name } from '../dns/wire/name.ts';
import type { NodeKind } from '../dns/zone/node-layout.ts';
import type { Snapshot } from '../work/rows.ts';
import type { Reads, ZoneKeyRow, ZoneRow } from '../zones/store.ts';
import type { Connection } from './database.ts';
import { domainReads } from './domain-reads.ts';
import { historyReads } from './history-reads.ts';
import { keyOf, NO_KEY, rangeOf } from './name-keys.ts';
import { nodeOctets } from './node-octets.ts';
import { recordReads } from './record-reads.ts';
import { box, zoneKeys, zones } from './schema/zones.ts';

export const NODE_KINDS: readonly NodeKind[] = ['name', 'nsec3'];

/** Written as the partial indexes have it, or they would not be used. */
const isActive = sql`${zones.active} = 1`;

const isStale = () => and(isActive, lt(zones.generation, sql`(select ${box.generation} from ${box})`));

/** SQLite orders every text before every blob, an empty one included. */
const BEFORE_ALL = '';

/** The reads of the zones' store over one connection; the statements of hot paths are prepared once. */
export function zoneReads(connection: Connection, state: Snapshot): Reads {
  return {
    rows: state.rows,
    ...domainReads(connection),
    ...readsOfZones(connection),
    ...nodeReads(connection),
    ...recordReads(connection),
    ...historyReads(connection),
  };
}

function readsOfZones({ orm, sqlite }: Connection) {
  const key = sql.placeholder('key');
  const zoneAt = orm.select().from(zones).where(eq(zones.key, key)).prepare();
  const zonesIn = orm
    .select()
    .from(zones)
    .where(and(isActive, gte(zones.key, key), lt(zones.key, sql.placeholder('end'))))
    .orderBy(zones.key)
    .prepare();
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
  return {
    zone: (name) => {
      const row = zoneAt.get({ key: keyOf(name) });
      return row && readZone(row);
    },
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
    staleZones: ({ before, after, limit }) => {
      const from = after ?? { generation: -1, name: undefined };
      const key = from.name ? keyOf(from.name) : NO_KEY;
      return stale
        .all({ before, generation: from.generation, key, limit })
        .map((row) => ({ name: Name.parse(row.name), generation: row.generation, mail: row.mail === 1 }));
    },
    staleZoneCount: () => orm.select({ count: count() }).from(zones).where(isStale()).get()!.count,
  } satisfies Partial<Reads>;
}

function nodeReads({ orm, sqlite }: Connection) {
  const keysOf = orm
    .select()
    .from(zoneKeys)
    .where(eq(zoneKeys.zoneId, sql.placeholder('zone')))
    .prepare();
  const placesOf = sqlite.prepare<[number, number], { kind: number; key: Buffer }>(
    'SELECT kind, key FROM zone_nodes WHERE zone_id = ? ORDER BY kind, key LIMIT ?',
  );
  const nodesFrom = sqlite
    .prepare<[number, number, Uint8Array, number], Buffer>(
      'SELECT node FROM zone_nodes WHERE zone_id = ? AND (kind, key) > (?, ?) ORDER BY kind, key LIMIT ?',
    )
    .pluck();
  return {
    nodePlaces: (zoneId, limit) =>
      placesOf.all(zoneId, limit).map(({ kind, key }) => ({ kind: NODE_KINDS[kind]!, key })),
    nodeSlice: (zoneId, after, limit) => {
      const kind = after ? NODE_KINDS.indexOf(after.kind) : -1;
      return nodesFrom.all(zoneId, kind, after?.key ?? NO_KEY, limit).map(nodeOctets);
    },

    // Sorted here: a zone has few.
    keys: (zoneId) =>
      keysOf
        .all({ zone: zoneId })
        .sort((a, b) => a.id - b.id)
        .map(readKey),
  } satisfies Partial<Reads>;
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
