import { Name } from '../dns/wire/name.ts';
import type { CatalogWrites, MemberChange } from '../zones/catalog/store.ts';
import type { Snapshot } from '../work/rows.ts';
import type { Connection } from './database.ts';
import { factRepository } from './fact-repository.ts';

/** The fact that says which zone the catalog is. */
const FACT = 'catalog';

interface StoredState {
  name: string;
  serial: number;
  taken: boolean;
}

interface StoredChange {
  id: number;
  op: MemberChange['op'];
  zoneId: number;
  name: string;
}

export function catalogRepository(connection: Connection, _state: Snapshot): CatalogWrites {
  const { sqlite } = connection;
  const facts = factRepository(connection);
  const last = sqlite.prepare<[], number | null>('SELECT max(id) FROM catalog_changes').pluck();
  const lastOf = sqlite
    .prepare<[number], number | null>('SELECT max(id) FROM catalog_changes WHERE serial = ?')
    .pluck();
  const after = sqlite.prepare<[number, number], StoredChange>(
    'SELECT id, op, zone_id AS zoneId, name FROM catalog_changes WHERE id > ? ORDER BY id LIMIT ?',
  );
  const insert = sqlite.prepare(
    'INSERT INTO catalog_changes (serial, op, zone_id, name) VALUES (@serial, @op, @zoneId, @name)',
  );
  const forget = sqlite.prepare('DELETE FROM catalog_changes WHERE id <= ?');
  return {
    catalog() {
      const stored = facts.fact(FACT);
      if (!stored) return undefined;
      const { name, ...state } = JSON.parse(Buffer.from(stored).toString()) as StoredState;
      return { ...state, name: Name.parse(name) };
    },
    lastMemberChange: () => last.get() ?? 0,
    memberChangeOf: (serial) => lastOf.get(serial) ?? undefined,
    memberChanges: (id, limit) => after.all(id, limit).map((row) => ({ ...row, name: Name.parse(row.name) })),
    putCatalog: ({ name, serial, taken }) =>
      facts.putFact(FACT, Buffer.from(JSON.stringify({ name: name.toText(), serial, taken }))),
    addMemberChanges(serial, changes, keep) {
      for (const { op, zoneId, name } of changes) insert.run({ serial, op, zoneId, name: name.toText() });
      forget.run((last.get() ?? 0) - keep);
    },
    clearMemberChanges: () => void forget.run(Number.MAX_SAFE_INTEGER),
  };
}
