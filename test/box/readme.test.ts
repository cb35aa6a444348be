import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { freePort } from '../kit/free-port.ts';
import { readWalk, walk } from '../kit/readme-walk.ts';
import { secretOf } from '../kit/started.ts';

const root = join(import.meta.dirname, '../..');

it('a first domain in five minutes: the README as it is written', { timeout: 180_000 }, async () => {
  const [start, ...steps] = readWalk();
  expect(steps.length).toBeGreaterThanOrEqual(5);
  const data = mkdtempSync(join(tmpdir(), 'signpost-readme-'));
  const ports = { dns: await freePort(), http: await freePort() };
  // Only ports, the data folder and that no CA of the internet is asked differ from what the person types.
  const places = `--dns 127.0.0.1:${ports.dns} --http 127.0.0.1:${ports.http} --https 127.0.0.1:0`;
  const flags = ` --data ${data} ${places} --acme-directory none`;
  const box = spawn('sh', ['-c', `exec ${start!.commands.trim()}${flags}`], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  try {
    walk(steps, ports, { secret: await secretOf(box) });
  } finally {
    process.kill(-box.pid!, 'SIGTERM');
    await new Promise((resolve) => box.on('exit', resolve));
    rmSync(data, { recursive: true, force: true });
  }
});
