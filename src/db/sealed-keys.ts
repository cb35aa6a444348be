import type { Database } from './database.ts';
import { acmeAccounts, certificates } from './schema/certs.ts';
import { dkimKeys } from './schema/dkim.ts';
import { zoneKeys } from './schema/zones.ts';

/** Whether any part keeps a sealed private key, which its secret.key alone opens. */
export function hasSealedKeys({ reader: { orm } }: Database): boolean {
  return [zoneKeys, dkimKeys, acmeAccounts, certificates].some(
    (table) => orm.select().from(table).limit(1).get() !== undefined,
  );
}
