import { join } from 'node:path';
import { run } from './debian-root.ts';

const root = join(import.meta.dirname, '../..');

/** Makes the package of this checkout, into `folder`: one test at a time, as what `npm pack` makes on the way is in one place. */
export function packInto(folder: string): void {
  const pack = ['npm', 'pack', root, '--silent', '--pack-destination', folder];
  run('flock', join(root, 'package.json'), ...pack);
}
