import { and, asc, eq, isNotNull, lt, sql } from './drizzle.ts';
import { Name } from '../dns/wire/name.ts';
import type { Transaction } from '../zones/store.ts';
import type { Connection } from './database.ts';
import { zones, zoneSerials } from './schema/zones.ts';
import { readZone } from './zone-reads.ts';

/** How what is old of zones is found and goes. */
export function historyWrites(connection: Connection) {
  return { ...versionWrites(connection), ...changeWrites(connection), ...purgeWrites(connection) };
}

function versionWrites({ sqlite }: Connection) {
  const after = sqlite.prepare<[number, number], { id: number; zoneId: number; publishedAt: string }>(
    'SELECT id, zone_id AS zoneId, published_at AS publishedAt FROM zone_versions WHERE id > ? ORDER BY id LIMIT ?',
  );
  const newest = sqlite
    .prepare<[number, number], number>(
      'SELECT id FROM zone_versions WHERE zone_id = ? ORDER BY id DESC LIMIT 1 OFFSET ?',
    )
    .pluck();
  const drop = sqlite.prepare(
    `DELETE FROM zone_versions WHERE id IN (
       SELECT id FROM zone_versions WHERE zone_id = ? AND id <= ? ORDER BY id LIMIT ?)`,
  );
  const dropDnssec = sqlite.prepare(
    'UPDATE zone_versions SET dnssec_diff = NULL WHERE id = ? AND dnssec_diff IS NOT NULL',
  );
  return {
    versionsAfter: (id, limit) => after.all(id, limit),
    dropVersions(zoneId, { through, atLeast, limit }) {
      // The newest of those that may go.
      const last = newest.get(zoneId, atLeast);
      return last === undefined ? 0 : drop.run(zoneId, Math.min(last, through), limit).changes;
    },
    dropDnssecDiff: (id) => dropDnssec.run(id).changes > 0,
  } satisfies Partial<Transaction>;
}

function changeWrites({ sqlite }: Connection) {
  const changesOf = sqlite.prepare<[number, number, number], { id: number; owner: string }>(
    'SELECT id, owner FROM custom_record_changes WHERE zone_id = ? AND id <= ? ORDER BY id LIMIT ?',
  );
  const give = sqlite.prepare('UPDATE custom_record_changes SET zone_id = ? WHERE id = ?');
  const remove = sqlite.prepare('DELETE FROM custom_record_changes WHERE id = ?');
  return {
    recordChangesOf: (zoneId, through, limit) =>
      changesOf.all(zoneId, through, limit).map(({ id, owner }) => ({ id, owner: Name.parse(owner) })),
    giveRecordChange: (id, zoneId) => void give.run(zoneId, id),
    deleteRecordChange: (id) => void remove.run(id),
  } satisfies Partial<Transaction>;
}

function purgeWrites({ orm, sqlite }: Connection) {
  const purging = sqlite
    .prepare<[], number>('SELECT id FROM zones WHERE purging = 1 ORDER BY id LIMIT 1')
    .pluck();
  // No name has such a sort key: those end in 0x00.
  const unname = sqlite.prepare(
    "UPDATE zones SET key = CAST('purged ' || id AS BLOB), purging = 1, removed_at = NULL WHERE id = ?",
  );
  const nodes = sqlite.prepare(
    'DELETE FROM zone_nodes WHERE rowid IN (SELECT rowid FROM zone_nodes WHERE zone_id = ? LIMIT ?)',
  );
  const keys = sqlite.prepare('DELETE FROM zone_keys WHERE zone_id = ?');
  const zone = sqlite.prepare('DELETE FROM zones WHERE id = ?');
  return {
    removedZone(time) {
      const row = orm
        .select()
        .from(zones)
        .where(and(isNotNull(zones.removedAt), lt(zones.removedAt, time)))
        .orderBy(asc(zones.removedAt))
        .limit(1)
        .get();
      return row && readZone(row);
    },
    beginPurge({ id, serial }) {
      const key = sql`(select ${zones.key} from ${zones} where ${eq(zones.id, id)})`;
      if (serial !== undefined) orm.insert(zoneSerials).values({ key, serial }).run();
      unname.run(id);
    },
    purgingZone: () => purging.get(),
    purgeNodes: (zoneId, limit) => nodes.run(zoneId, limit).changes,
    endPurge(zoneId) {
      keys.run(zoneId);
      zone.run(zoneId);
    },
  } satisfies Partial<Transaction>;
}
