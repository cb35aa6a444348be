import { chmodSync } from 'node:fs';
import BetterSqlite3 from 'better-sqlite3';
import { faultsOf, isDamage } from './damage.ts';

/** What is wrong with a copy of the database, and the fact of this key in it: reads all of it. */
export function inspectCopy(path: string, fact: string): { faults: string[]; check: Buffer | undefined } {
  const sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
  try {
    const faults = faultsOf(sqlite);
    if (faults.length > 0) return { faults, check: undefined };
    const row = sqlite.prepare<[string], Buffer>('SELECT value FROM meta WHERE key = ?').pluck().get(fact);
    return { faults, check: row };
  } catch (error) {
    if (!isDamage(error)) throw error;
    return { faults: [(error as Error).message], check: undefined };
  } finally {
    sqlite.close();
  }
}

/** The sealed private key of this id in a copy of the database; undefined when there is none, or it cannot be read. */
export function sealedKeyIn(path: string, keyId: number): Buffer | undefined {
  let sqlite: BetterSqlite3.Database | undefined;
  try {
    sqlite = new BetterSqlite3(path, { readonly: true, fileMustExist: true });
    return sqlite
      .prepare<[number], Buffer>('SELECT private_key FROM zone_keys WHERE id = ?')
      .pluck()
      .get(keyId);
  } catch {
    // A copy is a last resort: what is wrong with it helps nobody here.
    return undefined;
  } finally {
    sqlite?.close();
  }
}

/**
 * Has the next start sign and publish all zones anew, the catalog among them: secondaries have later versions than those of the copy, and its
 * signatures may have expired.
 */
export function renewAllZones(path: string): void {
  chmodSync(path, 0o600);
  const sqlite = new BetterSqlite3(path);
  try {
    sqlite.exec('UPDATE zones SET resign_at = 0 WHERE active = 1; DELETE FROM catalog_changes');
  } finally {
    sqlite.close();
  }
}
