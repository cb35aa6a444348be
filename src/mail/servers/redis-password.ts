import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Random } from '../../core/random.ts';

/** Made once, and kept in the data folder for the box alone. It guards what Rspamd learnt from other users of the machine. */
export function redisPassword(data: string, random: Random): string {
  const path = join(data, 'redis.password');
  try {
    writeFileSync(path, Buffer.from(random.bytes(24)).toString('base64url'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return readFileSync(path, 'utf8');
}
