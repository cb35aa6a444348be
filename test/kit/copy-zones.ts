import type BetterSqlite3 from 'better-sqlite3';
import { Name } from '../../src/dns/wire/name.ts';

/** Stores copies of a zone, copy0.example and so on: many in no time. What is in them beside their nodes is of no use. */
export function copyZones(sqlite: BetterSqlite3.Database, of: string, count: number): void {
  const zone = sqlite.prepare(
    `INSERT INTO zones (key, name, active, denial, serial, records)
     SELECT ?, ?, 1, denial, serial, records FROM zones WHERE name = ?`,
  );
  const nodes = sqlite.prepare(
    `INSERT INTO zone_nodes (zone_id, kind, key, node)
     SELECT ?, kind, key, node FROM zone_nodes WHERE zone_id = (SELECT id FROM zones WHERE name = ?)`,
  );
  for (let i = 0; i < count; i++) {
    const name = Name.parse(`copy${i}.example`);
    nodes.run(zone.run(name.sortKey, name.toText(), of).lastInsertRowid, of);
  }
}
