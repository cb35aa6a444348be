import { constants, setPriority } from 'node:os';
import BetterSqlite3 from 'better-sqlite3';
import { faultsOf, isDamage } from './damage.ts';

/**
 * Makes the table of the zones' nodes anew in the database of its argument, with all of it that can be read: nodes follow from the rest, so what
 * cannot be read is left out. Nobody else may write meanwhile. Prints `zone NAME` for each zone that is not whole any more, then `fault …` for
 * each fault that is left.
 */
setPriority(constants.priority.PRIORITY_LOW);
process.umask(0o077);
const sqlite = new BetterSqlite3(process.argv[2], { timeout: 5000 });
// A transaction that meets damage cannot be committed any more, so that another connection reads.
const before = new BetterSqlite3(process.argv[2], { readonly: true, timeout: 5000 });
try {
  // Of a mending that was cut off.
  forgetDamaged();
  for (const name of sqlite.transaction(remake).immediate()) process.stdout.write(`zone ${name}\n`);
  before.close();
  forgetDamaged();
  for (const fault of [...vacuumFaults(), ...faultsOf(sqlite)]) process.stdout.write(`fault ${fault}\n`);
} catch (error) {
  process.stderr.write((error as Error).message);
  process.exitCode = 1;
}

/** @returns the zones whose nodes could not be taken over */
function remake(): string[] {
  before.exec('BEGIN');
  const definition = before
    .prepare("SELECT sql FROM sqlite_master WHERE name = 'zone_nodes'")
    .pluck()
    .get() as string;
  // Renaming and making read no page of the table itself.
  sqlite.exec(`ALTER TABLE zone_nodes RENAME TO zone_nodes_damaged; ${definition}`);
  const read = before.prepare('SELECT kind, key, node FROM zone_nodes WHERE zone_id = ?').raw();
  const write = sqlite.prepare('INSERT INTO zone_nodes (zone_id, kind, key, node) VALUES (?, ?, ?, ?)');
  const zones = sqlite.prepare('SELECT id, name FROM zones').all() as { id: number; name: string }[];
  return zones.flatMap(({ id, name }) => {
    const nodes = rowsOf(read, id);
    for (const node of nodes ?? []) write.run(id, ...node);
    return nodes ? [] : [name];
  });
}

/** The pages of the damaged table are nobody's now: leaves them behind. @returns why that could not be done */
function vacuumFaults(): string[] {
  try {
    sqlite.exec('VACUUM');
    sqlite.pragma('wal_checkpoint(TRUNCATE)');
    return [];
  } catch (error) {
    return [(error as Error).message];
  }
}

/** Undefined when they cannot be read. */
function rowsOf(read: BetterSqlite3.Statement, id: number): unknown[][] | undefined {
  try {
    return read.all(id) as unknown[][];
  } catch (error) {
    if (!isDamage(error)) throw error;
    return undefined;
  }
}

/** To drop the table its pages would have to be read. */
function forgetDamaged(): void {
  sqlite.unsafeMode(true);
  sqlite.pragma('writable_schema = ON');
  sqlite.exec("DELETE FROM sqlite_master WHERE tbl_name = 'zone_nodes_damaged'");
  sqlite.pragma('writable_schema = RESET');
  sqlite.unsafeMode(false);
}
