import { eq, sql } from './drizzle.ts';
import type { Snapshot } from '../work/rows.ts';
import { hostOf } from '../zones/custom/targets.ts';
import type { CustomRecord } from '../zones/model.ts';
import type { Transaction } from '../zones/store.ts';
import type { Connection } from './database.ts';
import { historyWrites } from './history-repository.ts';
import { keyOf, rangeOf } from './name-keys.ts';
import { checkedOctets } from './node-octets.ts';
import { prepared } from './prepared.ts';
import { box, domains, zoneKeys, zones, zoneSerials } from './schema/zones.ts';
import { NODE_KINDS, readKey, readZone, zoneReads } from './zone-reads.ts';

/** What is kept of zones, in SQLite. */
export function zoneRepository(connection: Connection, state: Snapshot): Transaction {
  return {
    ...zoneReads(connection, state),
    ...domainWrites(connection),
    ...zoneWrites(connection),
    ...nodeWrites(connection),
    ...recordWrites(connection),
    ...historyWrites(connection),
  };
}

function domainWrites(connection: Connection) {
  const { orm, sqlite } = connection;
  const put = prepared((row: typeof domains.$inferInsert) =>
    orm
      .insert(domains)
      .values(row)
      .onConflictDoUpdate({
        target: domains.key,
        // What its parent said stands while it asks the same of it.
        set: { ...row, parent: sql`iif(excluded.dns = dns, parent, excluded.parent)` },
      }),
  );
  // The plus keeps SQLite from looking for all that are local (sqlite.org/optoverview.html, "Disqualifying WHERE clause terms").
  const judged = sqlite.prepare<[{ key: Buffer; end: Buffer; state: string }]>(
    `UPDATE domains SET parent = @state
     WHERE key >= @key AND key < @end AND +dns = 'local' AND parent <> @state`,
  );
  return {
    putBox(value) {
      const row = {
        ...value,
        id: 1,
        hostname: value.hostname.toText(),
        ipv4: [...value.ipv4],
        ipv6: [...value.ipv6],
        adminEmail: value.adminEmail ?? null,
        secondaries: value.secondaries.map((name) => name.toText()),
        caaIssuer: value.caaIssuer ?? null,
        retention: value.retention ?? null,
        formerHostnames: (value.formerHostnames ?? []).map((former) => ({
          ...former,
          hostname: former.hostname.toText(),
        })),
      };
      orm.insert(box).values(row).onConflictDoUpdate({ target: box.id, set: row }).run();
    },
    putDomain({ name, dns, mail, web, ttl, createdAt }) {
      const row = {
        ...{ name: name.toText(), dns, mail, web, ttl: ttl ?? null, createdAt },
        key: keyOf(name),
      };
      put({ ...row, parent: 'unknown' }).run({ ...row, parent: dns === 'external' ? dns : 'unknown' });
    },
    putParentState(name, state) {
      const { key, end } = rangeOf(name);
      judged.run({ key, end, state });
    },
    deleteDomain: (name) =>
      void orm
        .delete(domains)
        .where(eq(domains.key, keyOf(name)))
        .run(),
    raiseGeneration: () =>
      void orm
        .update(box)
        .set({ generation: sql`${box.generation} + 1` })
        .run(),
  } satisfies Partial<Transaction>;
}

function zoneWrites({ orm }: Connection) {
  const id = sql.placeholder('id');
  const takeSerial = orm
    .delete(zoneSerials)
    .where(eq(zoneSerials.key, sql.placeholder('key')))
    .returning()
    .prepare();
  const insert = prepared((row: typeof zones.$inferInsert) => orm.insert(zones).values(row).returning());
  const update = prepared((row: Partial<typeof zones.$inferInsert>) =>
    orm.update(zones).set(row).where(eq(zones.id, id)),
  );
  const insertKey = prepared((row: typeof zoneKeys.$inferInsert) =>
    orm.insert(zoneKeys).values(row).returning({ id: zoneKeys.id }),
  );
  const sealKey = prepared((row: Pick<typeof zoneKeys.$inferInsert, 'privateKey'>) =>
    orm.update(zoneKeys).set(row).where(eq(zoneKeys.id, id)).returning(),
  );
  return {
    insertZone({ name, ttl, denial }) {
      const key = keyOf(name);
      const purged = takeSerial.get({ key });
      const serial = purged?.serial ?? null;
      const row = { key, name: name.toText(), active: false, ttl: ttl ?? null, denial, serial };
      return readZone(insert(row).get(row));
    },
    updateZone(id, change) {
      if (Object.keys(change).length === 0) return;
      const ttl = 'ttl' in change ? { ttl: change.ttl ?? null } : {};
      const removed = 'removedAt' in change ? { removedAt: change.removedAt ?? null } : {};
      const row = { ...change, ...ttl, ...removed };
      update(row).run({ ...row, id });
    },
    insertKey(zoneId, key, seal) {
      const row = { ...key, zoneId, dnskey: Buffer.from(key.dnskey), privateKey: Buffer.alloc(0) };
      const { id } = insertKey(row).get(row);
      // The seal binds the key to its row, whose id is only known now.
      const sealed = { privateKey: Buffer.from(seal(id)) };
      return readKey(sealKey(sealed).get({ ...sealed, id }));
    },
    mendKey: (id, { dnskey, sealedPrivateKey }) =>
      void orm
        .update(zoneKeys)
        .set({ dnskey: Buffer.from(dnskey), privateKey: Buffer.from(sealedPrivateKey) })
        .where(eq(zoneKeys.id, id))
        .run(),
  } satisfies Partial<Transaction>;
}

/** The statements that every publication runs: prepared once. */
function nodeWrites({ sqlite }: Connection) {
  const put = sqlite.prepare(
    `INSERT INTO zone_nodes (zone_id, kind, key, node) VALUES (?, ?, ?, ?)
     ON CONFLICT (zone_id, kind, key) DO UPDATE SET node = excluded.node`,
  );
  const remove = sqlite.prepare('DELETE FROM zone_nodes WHERE zone_id = ? AND kind = ? AND key = ?');
  const version = sqlite.prepare(
    `INSERT INTO zone_versions (zone_id, serial, published_at, cause, actor, added, removed, change_id, diff, dnssec_diff)
     VALUES (@zoneId, @serial, @publishedAt, @cause, @actor, @added, @removed, @changeId, @diff, @dnssec)`,
  );
  const forget = sqlite.prepare("UPDATE zone_versions SET diff = x'', dnssec_diff = NULL WHERE id = ?");
  return {
    putNodes(zoneId, rows) {
      for (const { kind, key, node } of rows) {
        if (node) put.run(zoneId, NODE_KINDS.indexOf(kind), key, checkedOctets(node));
        else remove.run(zoneId, NODE_KINDS.indexOf(kind), key);
      }
    },
    insertVersion: (zoneId, row) => void version.run({ ...row, dnssec: row.dnssec ?? null, zoneId }),
    forgetDiff: (versionId) => void forget.run(versionId),
  } satisfies Partial<Transaction>;
}

function recordWrites({ sqlite }: Connection) {
  const insert = sqlite.prepare(
    'INSERT INTO custom_records (id, owner_key, owner, type, ttl, value, target_key) VALUES (@id, @ownerKey, @owner, @type, @ttl, @value, @targetKey)',
  );
  const mend = sqlite.prepare(
    'UPDATE custom_records SET owner_key = @ownerKey, owner = @owner, type = @type, ttl = @ttl, value = @value WHERE id = @id',
  );
  const remove = sqlite.prepare('DELETE FROM custom_records WHERE id = ?');
  const note = sqlite.prepare(
    `INSERT INTO custom_record_changes (zone_id, op, record_id, owner_key, owner, type, ttl, value)
     VALUES (@zoneId, @op, @id, @ownerKey, @owner, @type, @ttl, @value)`,
  );
  const rowOf = (record: CustomRecord) => ({
    ...record,
    owner: record.owner.toText(),
    ownerKey: keyOf(record.owner),
    ttl: record.ttl ?? null,
  });
  return {
    insertRecord(zoneId, record) {
      const row = rowOf(record);
      const host = hostOf(record);
      insert.run({ ...row, targetKey: host ? keyOf(host) : null });
      note.run({ ...row, zoneId, op: 'add' });
    },
    mendRecord: (record) => void mend.run(rowOf(record)),
    deleteRecord(zoneId, record) {
      remove.run(record.id);
      note.run({ ...rowOf(record), zoneId, op: 'remove' });
    },
  } satisfies Partial<Transaction>;
}
