import { createHash } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/**
 * Of all that something is made of: names and contents of the files below `folder` for which `isSource` holds (it gets the path inside the
 * folder) and of `others`; also of the packages, by the lock file. Runs on any Node from 20.
 */
export function sourceHash(root, folder, isSource, others = []) {
  const at = join(root, folder);
  const sources = readdirSync(at, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, path, name }) => join(parentPath ?? path, name))
    .filter((file) => isSource(file.slice(at.length + 1)))
    .sort();
  const hash = createHash('sha256');
  for (const file of [...sources, join(root, 'package-lock.json'), ...others]) {
    const content = readFileSync(file);
    hash.update(`${file.slice(root.length)}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}
