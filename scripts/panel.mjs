// Builds the control panel where it is missing or older than its source. Runs on any Node from 20; the build itself under the pinned one.
import { existsSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { captured } from './child.mjs';
import { sourceHash } from './source-hash.mjs';

/** Files that become smaller by it. */
const compressible = /\.(?:js|css|svg|html)$/;

/**
 * Builds the panel of the checkout at `root` into `panel/dist`, unless what is there was made of this very source. Says so on the terminal.
 * Resolves with whether the panel is there and new: without it the box serves a plain page, and everything else.
 */
export async function buildPanel(root, node) {
  if (!existsSync(join(root, 'panel'))) return false;
  const wanted = sourceHash(root, 'panel', (file) => !/^dist(?:\.|\/|$)/.test(file));
  const built = join(root, 'panel/dist');
  const stamp = join(built, '.built');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
  console.error('signpost: building the control panel …');
  // Beside each other, in case that two start at once: both are the same.
  const next = join(root, `panel/dist.${process.pid}`);
  try {
    const vite = join(root, 'node_modules/vite/bin/vite.js');
    const { status, stderr } = await captured(
      node,
      [vite, 'build', 'panel', '--outDir', next, '--emptyOutDir', '--logLevel', 'error'],
      root,
      // React is made for development under any other name, larger and slower.
      { ...process.env, NODE_ENV: 'production' },
    );
    if (status !== 0) throw new Error(stderr.trim());
    compress(next);
    writeFileSync(join(next, '.built'), wanted);
    replace(built, next);
    return true;
  } catch (error) {
    if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return true;
    console.error(error.message);
    console.error(
      'signpost: the control panel could not be built; see the lines above. The box goes on without a new one.',
    );
    return false;
  } finally {
    rmSync(next, { recursive: true, force: true });
  }
}

/** Others may do the same at this moment: whoever is last stays, and none fails for that. */
function replace(built, next) {
  for (let tries = 10; ; tries--)
    try {
      rmSync(built, { recursive: true, force: true });
      renameSync(next, built);
      return;
    } catch (error) {
      if (tries === 0) throw error;
    }
}

/** Puts `.br` and `.gz` beside each file, so that the box compresses nothing. */
function compress(folder) {
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile() || !compressible.test(entry.name)) continue;
    const file = join(entry.parentPath ?? entry.path, entry.name);
    const content = readFileSync(file);
    const params = {
      [constants.BROTLI_PARAM_QUALITY]: constants.BROTLI_MAX_QUALITY,
      [constants.BROTLI_PARAM_SIZE_HINT]: content.length,
    };
    writeFileSync(`${file}.br`, brotliCompressSync(content, { params }));
    writeFileSync(`${file}.gz`, gzipSync(content, { level: 9 }));
  }
}
