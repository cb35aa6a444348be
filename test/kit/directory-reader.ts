import { spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** nobody and nogroup of Debian. */
const NOBODY = { uid: 65_534, gid: 65_534 };

/** Asks the directory of mail as a mail server does: with Postfix's own driver, as a user who may read it and no more. */
export interface DirectoryReader {
  /** What a map of Postfix's finds with this query, `%s` being the key; undefined: nothing. @throws Error with what postmap said */
  find(query: string, key: string): string | undefined;
}

/** `folder` is one that anybody may enter. */
export function postfixReader(folder: string, directory: string): DirectoryReader {
  mkdirSync(folder, { recursive: true });
  chmodSync(folder, 0o755);
  writeFileSync(
    join(folder, 'main.cf'),
    `compatibility_level = 3.6\nqueue_directory = ${folder}\ndata_directory = ${folder}\n`,
  );
  return {
    find(query, key) {
      const map = join(folder, 'map.cf');
      writeFileSync(map, `dbpath = ${directory}\nquery = ${query}\n`, { mode: 0o644 });
      const { status, stdout, stderr } = spawnSync('postmap', ['-c', folder, '-q', key, `sqlite:${map}`], {
        encoding: 'utf8',
        ...NOBODY,
      });
      if (status === 0) return stdout.trim();
      // It says nothing of a key that is not there.
      if (stderr.trim() === '') return undefined;
      throw new Error(stderr);
    },
  };
}
