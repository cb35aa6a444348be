import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../core/random.ts';

export type KeptSecret = 'redis.password' | 'webmail.key' | 'srs.secret';

/**
 * A secret that programs of this machine share: 32 characters, made once, and kept in a file of the data folder for the box alone.
 * `redis.password` guards what Rspamd learnt from other users of the machine; `webmail.key` seals the sessions of webmail;
 * `srs.secret` tells senders that mail was sent on with from those that others made up.
 */
export function keptSecret(data: string, file: KeptSecret, random: Random): string {
  const path = join(data, file);
  try {
    writeFileSync(path, Buffer.from(random.bytes(24)).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8');
}
