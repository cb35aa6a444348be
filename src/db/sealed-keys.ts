import type { Database } from './database.ts';
import { acmeAccounts, certificates } from './schema/certs.ts';
import { dkimKeys } from './schema/dkim.ts';
import { tsigKeys } from './schema/secondaries.ts';
import { zoneKeys } from './schema/zones.ts';

/** Whether any part keeps a sealed key, which its secret.key alone opens. */
export function hasSealedKeys({ reader: { orm } }: Database): boolean {
  return [zoneKeys, dkimKeys, acmeAccounts, certificates, tsigKeys].some(
    (table) => orm.select().from(table).limit(1).get() !== undefined,
  );
}
