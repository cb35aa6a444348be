import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { captured } from './child.mjs';

/** What the process ends with when the registry cannot be reached; docs/errors.md lists it. */
const NETWORK = 4;

/** How npm says that it reached nobody. */
const unreachable =
  /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ENETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT)\b/;

const quiet = ['--no-audit', '--no-fund', '--no-update-notifier', '--loglevel=error'];
// No install scripts: every native package we use ships its binaries inside, and no compiler is needed.
const install = ['ci', '--ignore-scripts', '--fetch-retry-mintimeout=1000', '--fetch-retry-maxtimeout=5000'];
const ping = ['ping', '--fetch-retries=0', '--fetch-timeout=5000'];

/** Installs the dependencies into `root` unless those of this very lock file are there already. Ends the process where it cannot. */
export async function installDependencies(root) {
  const stamp = join(root, 'node_modules/.signpost-installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(root, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  console.error('signpost: installing dependencies (npm ci) …');
  const asked = sayIfUnreachable(root);
  const { status, stderr } = await captured('npm', [...install, ...quiet], root);
  if (status !== 0) process.exit((await asked) || refused(status, stderr));
  writeFileSync(stamp, wanted);
}

/** npm tries for a long time; the person hears of it within seconds. It goes on, as it may have kept all it needs from before. */
async function sayIfUnreachable(root) {
  const { status, stderr } = await captured('npm', [...ping, ...quiet], root);
  return status !== 0 && unreachable.test(stderr) ? noNetwork(stderr) : 0;
}

function refused(status, stderr) {
  if (unreachable.test(stderr)) return noNetwork(stderr);
  console.error(stderr.trim());
  console.error(
    'signpost: npm ci failed; see the lines above. Run the same command again when it is mended.',
  );
  return status ?? 1;
}

function noNetwork(stderr) {
  const [code] = unreachable.exec(stderr);
  console.error(
    `signpost: the npm registry cannot be reached (${code}), and the first start installs from there. Connect this machine to the network, tell npm of a proxy or a mirror (npm config set proxy URL, or registry URL), or bring the node_modules folder of a machine of the same kind; then run the same command again.`,
  );
  return NETWORK;
}
