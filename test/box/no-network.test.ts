import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';

const root = join(import.meta.dirname, '../..');

it('the first npm start without a network says so, and what can be done', { timeout: 180_000 }, () => {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-no-network-'));
  try {
    for (const name of ['package.json', 'package-lock.json', 'scripts'])
      cpSync(join(root, name), join(folder, name), { recursive: true });
    const began = performance.now();
    const { status, stderr } = spawnSync('npm', ['start'], {
      cwd: folder,
      encoding: 'utf8',
      // Nobody serves at this port, and nothing was fetched before.
      env: {
        ...process.env,
        HOME: folder,
        npm_config_cache: join(folder, 'cache'),
        npm_config_registry: 'http://127.0.0.1:9/',
      },
    });
    expect(status, stderr).toBe(4);
    // A registry that refuses is known at once, one that is silent after five seconds; the rest is npm's own, on a busy machine.
    expect(performance.now() - began).toBeLessThan(60_000);
    const said = stderr.split('\n').filter((line) => line.startsWith('signpost:'));
    expect(said).toEqual([
      'signpost: installing dependencies (npm ci) …',
      expect.stringMatching(
        /^signpost: the npm registry cannot be reached \(ECONNREFUSED\).*Connect this machine/,
      ),
    ]);
    expect(stderr).not.toMatch(/npm error|\n +at /);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});
