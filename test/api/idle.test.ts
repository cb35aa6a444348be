import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { connect, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { MAX_CONNECTIONS } from '../../src/api/connections.ts';
import { type ApiServer, startApi } from '../../src/api/server.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import { memoryServices, type MemoryServices, testBox } from '../kit/memory-services.ts';

let folder: string;
let services: MemoryServices;
let server: ApiServer;
const sockets: Socket[] = [];

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-idle-'));
  services = memoryServices({ box: testBox });
  server = await startApi({
    services,
    http: { address: '127.0.0.1', port: 0 },
    socketPath: join(folder, 'signpost.sock'),
    log: createLog({ level: 'silent' }),
    clock: systemClock,
    random: systemRandom,
  });
});
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await server.close();
  await services.close();
  rmSync(folder, { recursive: true });
});

const port = (): number => Number(new URL(server.http).port);

async function open(): Promise<Socket> {
  const socket = connect(port(), '127.0.0.1');
  sockets.push(socket);
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  return socket.resume();
}

async function get(path: string, token?: string): Promise<IncomingMessage> {
  const headers = token === undefined ? {} : { Authorization: `Bearer ${token}` };
  const sent = request({ host: '127.0.0.1', port: port(), path, headers, agent: false });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

test('as many idle connections as there may be, from loopback, shut out nobody and end no answer', async () => {
  services.tokens.ensureAdminToken('an-admin-token-of-this-test-with-thirty-two');
  const stream = await get('/api/v1/events', 'an-admin-token-of-this-test-with-thirty-two');
  let events = '';
  stream.on('data', (chunk) => (events += String(chunk)));
  for (let opened = 0; opened < MAX_CONNECTIONS; opened += 100)
    await Promise.all(Array.from({ length: 100 }, open));
  // The fastest of three: this machine is not ours alone.
  const times: number[] = [];
  for (let attempt = 0; attempt < 3; attempt++) {
    const began = performance.now();
    const health = await get('/health');
    health.resume();
    expect(health.statusCode).toBe(200);
    times.push(performance.now() - began);
  }
  expect(Math.min(...times)).toBeLessThan(1_000);
  services.events.publish('domain.added', { name: 'example.com' });
  await expect.poll(() => events).toContain('domain.added');
});

test('a connection without a request, or with half of one, is closed in time', async () => {
  const idle = await open();
  const half = await open();
  half.write('GET /health HTTP/1.1\r\nHost: x\r\n');
  const began = performance.now();
  await Promise.all([once(idle, 'close'), once(half, 'close')]);
  // Ten seconds for the headers, looked at every five.
  expect(performance.now() - began).toBeLessThan(40_000);
});
