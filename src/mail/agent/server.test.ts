import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { createConnection } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { expect, test } from 'vitest';
import { createLog } from '../../core/log.ts';
import { LONGEST_REQUEST } from './protocol.ts';
import { serveAgent } from './server.ts';

/** Octets of buffers that somebody still has: what is garbage is collected first. */
function heldOctets(): number {
  setFlagsFromString('--expose-gc');
  (runInNewContext('gc') as () => void)();
  return process.memoryUsage().arrayBuffers;
}

test('says once that a request is too long, and keeps nothing of what comes after', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-agent-'));
  const path = join(folder, 'agent.sock');
  const agent = {
    start: () => Promise.resolve(),
    answer: () => Promise.resolve({ ok: true as const, status: [] }),
    close: () => Promise.resolve(),
  };
  const peerOf = () => ({ pid: 1, uid: 0 });
  const log = createLog({ level: 'silent' });
  const server = await serveAgent({ agent, path, peerOf, allowed: () => true, log });
  try {
    const socket = createConnection({ path, allowHalfOpen: true });
    let said = '';
    socket.setEncoding('utf8').on('data', (text: string) => (said += text));
    socket.on('error', () => undefined);
    const closed = new Promise((resolve) => socket.once('close', resolve));
    const before = heldOctets();
    const chunk = Buffer.alloc(1024 * 1024, 'x');
    let sent = 0;
    while (sent < 8 * LONGEST_REQUEST && !socket.destroyed) {
      if (!socket.write(chunk)) await Promise.race([once(socket, 'drain'), closed]);
      sent += chunk.length;
    }
    socket.end();
    await closed;
    expect(said.trim().split('\n')).toEqual([
      JSON.stringify({ ok: false, problem: 'The request is too long.' }),
    ]);
    expect(heldOctets() - before).toBeLessThan(3 * LONGEST_REQUEST);
  } finally {
    server.close();
    rmSync(folder, { recursive: true });
  }
});
