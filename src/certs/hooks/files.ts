import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { access, lstat, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { CertificateFile } from '../../core/certificate-files.ts';

/** Where hooks find the certificate and its key: in memory where there is a place for that, and only for as long as a hook runs. */
export interface HookFiles {
  /** In a new folder that nobody else may look into. */
  write(files: readonly CertificateFile[]): Promise<string>;
  remove(folder: string): Promise<void>;
  /** Removes what a crash has left. */
  clean(): Promise<void>;
}

export interface HookPlaces {
  /** The data folder of the box. */
  data: string;
  /** systemd's, for this service alone and in memory (RuntimeDirectory=). */
  runtime: string | undefined;
}

const SHARED_MEMORY = '/dev/shm';

export function hookFiles({ data, runtime }: HookPlaces): HookFiles {
  // Other boxes of this machine have folders in the same place.
  const box = createHash('sha256').update(resolve(data)).digest('hex').slice(0, 12);
  const prefix = `signpost-hook-${box}-`;

  async function place(): Promise<string> {
    if (runtime !== undefined) return runtime;
    const isThere = await access(SHARED_MEMORY, constants.W_OK).then(
      () => true,
      () => false,
    );
    return isThere ? SHARED_MEMORY : data;
  }

  return {
    async write(files) {
      const folder = await mkdtemp(join(await place(), prefix));
      for (const { name, content, secret } of files)
        await writeFile(join(folder, name), content, { mode: secret ? 0o600 : 0o644 });
      return folder;
    },
    remove: (folder) => rm(folder, { recursive: true, force: true }),
    async clean() {
      const parent = await place();
      for (const name of (await readdir(parent)).filter((one) => one.startsWith(prefix))) {
        const path = join(parent, name);
        const stat = await lstat(path);
        if (stat.isDirectory() && stat.uid === process.getuid?.()) await rm(path, { recursive: true });
      }
    },
  };
}
