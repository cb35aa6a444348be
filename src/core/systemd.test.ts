import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { missing } from '../../test/kit/requires.ts';
import { notifySystemd } from './systemd.ts';

/** Node cannot receive datagrams over a unix socket either. */
const receiver = `
import socket, sys
s = socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM)
s.bind(sys.argv[1])
print('bound', flush=True)
s.settimeout(10)
print(s.recv(4096).decode(), flush=True)
`;

const reason = missing({ commands: ['systemd-notify', 'python3'] });

it.skipIf(reason)(`tells systemd that the service is ready${reason ? ` (${reason})` : ''}`, async () => {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-notify-'));
  const path = join(folder, 'socket');
  const python = spawn('python3', ['-c', receiver, path], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  python.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  await expect.poll(() => output, { timeout: 10_000 }).toContain('bound');
  notifySystemd('READY=1', { ...process.env, NOTIFY_SOCKET: path });
  await once(python, 'close');
  expect(output).toContain('READY=1');
  expect(output).toContain(`MAINPID=${process.pid}`);
  rmSync(folder, { recursive: true });
});

it('says nothing outside of systemd', () => {
  expect(() => notifySystemd('READY=1', {})).not.toThrow();
});
