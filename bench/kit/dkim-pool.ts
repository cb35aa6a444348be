import { generateKeyPairSync } from 'node:crypto';
import { join } from 'node:path';
import BetterSqlite3 from 'better-sqlite3';
import { systemRandom } from '../../src/core/random.ts';
import { createSealer } from '../../src/core/seal.ts';
import { readSecretKey } from '../../src/core/secret-key.ts';
import { POOL_CONTEXT } from '../../src/mail/dkim/store.ts';

/**
 * Gives a box that does not run so many DKIM keys to take (all the same one): with those, domains that are added are complete at once. A box makes its own for minutes
 * afterwards, on one of the cores of what is measured.
 */
export function fillDkimPool(data: string, count: number): void {
  const sealer = createSealer(readSecretKey(join(data, 'secret.key'))!, systemRandom);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const sealed = sealer.seal(privateKey.export({ format: 'der', type: 'pkcs8' }), POOL_CONTEXT);
  const spki = publicKey.export({ format: 'der', type: 'spki' }).toString('base64');
  const database = new BetterSqlite3(join(data, 'signpost.sqlite'));
  const insert = database.prepare('INSERT INTO dkim_pool (public_key, sealed_private_key) VALUES (?, ?)');
  database.transaction(() => {
    for (let n = 0; n < count; n++) insert.run(spki, sealed);
  })();
  database.close();
}
