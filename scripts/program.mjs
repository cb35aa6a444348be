// Bundles the program where the bundle is missing or older than the source. Runs on any Node from 20; the bundling itself under the pinned one.
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { captured, endIfNotLoaded } from './child.mjs';
import { sourceHash } from './source-hash.mjs';

const bundler = join(dirname(fileURLToPath(import.meta.url)), 'bundle.mjs');

/** Milliseconds that a running box may still load what it was started with. */
const DAY = 86_400_000;

/**
 * Bundles the program of the checkout at `root` into `build`, unless what is there was made of this very source. Says so on the terminal.
 * @throws Error with what was wrong with the source
 */
export async function buildProgram(root, node) {
  const built = join(root, 'build');
  const wanted = sourceHash(root, 'src', (file) => !file.endsWith('.test.ts'), [bundler]);
  if (isOf(built, wanted)) return;
  console.error('signpost: bundling the program …');
  // Beside each other, in case that two start at once: both are the same.
  const next = join(root, `build.${process.pid}`);
  try {
    await bundle(root, node, next);
    replace(built, next);
    writeFileSync(join(built, '.built'), wanted);
  } catch (error) {
    if (!isOf(built, wanted)) throw error;
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/** Bundles the program of the checkout at `root` into `folder`. @throws Error */
export async function bundle(root, node, folder) {
  const { status, stderr } = await captured(node, [bundler, root, folder], root, {
    ...process.env,
    NODE_ENV: 'production',
  });
  await endIfNotLoaded(node, status);
  if (status !== 0)
    throw new Error(`${stderr.trim()}\nsignpost: the program could not be bundled; see the lines above.`);
}

function isOf(built, wanted) {
  const stamp = join(built, '.built');
  return existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted;
}

/**
 * Puts what is in `next` into `built`, first what is new there: whoever starts meanwhile finds all of one of them. What was there stays for
 * a day, as a box that runs loads some of it later; the names of its parts are those of their contents.
 */
function replace(built, next) {
  mkdirSync(built, { recursive: true });
  rmSync(join(built, '.built'), { force: true });
  const files = readdirSync(next);
  const known = new Set(readdirSync(built));
  for (const file of [
    ...files.filter((name) => !known.has(name)),
    ...files.filter((name) => known.has(name)),
  ])
    renameSync(join(next, file), join(built, file));
  for (const file of known) {
    const path = join(built, file);
    if (!files.includes(file) && Date.now() - statSync(path).mtimeMs > DAY) rmSync(path, { force: true });
  }
}
