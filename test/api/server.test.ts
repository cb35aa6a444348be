import { once } from 'node:events';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { type IncomingMessage, request } from 'node:http';
import { type AddressInfo, connect, createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect as connectTls } from 'node:tls';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type ApiServer, type HttpsPart, startApi } from '../../src/api/server.ts';
import { listenOnSocket } from '../../src/api/unix-socket.ts';
import { createKey } from '../../src/certs/x509/key.ts';
import { selfSigned } from '../../src/certs/x509/self-signed.ts';
import { systemClock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import { createMemoryCertificates } from '../kit/installed-certificates.ts';
import { memoryServices, type MemoryServices, testBox } from '../kit/memory-services.ts';

let folder: string;
let services: MemoryServices;
let server: ApiServer | undefined;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'signpost-socket-'));
  services = memoryServices({ box: testBox });
});
afterEach(async () => {
  await server?.close();
  server = undefined;
  await services.close();
  rmSync(folder, { recursive: true });
});

const socketPath = (): string => join(folder, 'signpost.sock');
const log = createLog({ level: 'silent' });

async function start(address = '127.0.0.1', https?: HttpsPart): Promise<ApiServer> {
  const http = { address, port: 0 };
  server = await startApi({
    services,
    http,
    https,
    socketPath: socketPath(),
    log,
    clock: systemClock,
    random: systemRandom,
  });
  return server;
}

interface Answer {
  status: number;
  text: string;
}

async function ask(
  target: string,
  path: string,
  options: { body?: unknown; token?: string } = {},
): Promise<Answer> {
  const response = await send(target, path, options);
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode!, text };
}

async function send(
  target: string,
  path: string,
  options: { body?: unknown; token?: string },
): Promise<IncomingMessage> {
  const { body, token } = options;
  const where = target.startsWith('http')
    ? { host: new URL(target).hostname, port: new URL(target).port }
    : { socketPath: target };
  const headers = {
    ...(token !== undefined && { Authorization: `Bearer ${token}` }),
    ...(body !== undefined && { 'Content-Type': 'application/json' }),
  };
  const sent = request({
    ...where,
    path,
    method: body === undefined ? 'GET' : 'POST',
    headers,
    agent: false,
  });
  sent.end(body === undefined ? undefined : JSON.stringify(body));
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  return response;
}

test('TCP needs a token, the unix socket only permission to open it', async () => {
  const { http, socket } = await start();
  services.tokens.ensureAdminToken('sp_the-admin-token-of-this-test');
  expect((await ask(http, '/api/v1/domains')).status).toBe(401);
  expect((await ask(http, '/api/v1/domains', { token: 'sp_the-admin-token-of-this-test' })).status).toBe(200);
  expect((await ask(socket, '/api/v1/domains', { body: { name: 'example.com' } })).status).toBe(201);
  expect(statSync(socket).mode & 0o777).toBe(0o600);
});

test('bodies of unknown length, none, and too many octets', async () => {
  const { socket } = await start();
  const status = async (method: string, path: string, chunks: string[]): Promise<number> => {
    const headers = { 'Content-Type': 'application/json', 'Transfer-Encoding': 'chunked' };
    const sent = request({ socketPath: socket, path, method, headers, agent: false });
    // The refusal of a long body comes while it is still being sent.
    sent.on('error', () => undefined);
    for (const chunk of chunks) sent.write(chunk);
    sent.end();
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    response.resume();
    return response.statusCode!;
  };
  expect(await status('POST', '/api/v1/domains', ['{"name":', '"example.com"}'])).toBe(201);
  expect(await status('POST', '/api/v1/domains', [])).toBe(400);
  expect(await status('DELETE', '/api/v1/domains/example.com', [])).toBe(200);
  expect(await status('POST', '/api/v1/domains', Array<string>(20).fill(' '.repeat(1 << 16)))).toBe(413);
});

test('X-Forwarded-For over the unix socket makes nobody else of the local administrator', async () => {
  const { socket } = await start();
  const sent = request({
    socketPath: socket,
    path: '/api/v1/tokens',
    headers: { 'X-Forwarded-For': '203.0.113.1' },
  });
  sent.end();
  const [response] = (await once(sent, 'response')) as [IncomingMessage];
  response.resume();
  expect(response.statusCode).toBe(200);
});

test('a socket that a killed process left behind is replaced, a living one is not', async () => {
  writeFileSync(socketPath(), '');
  const { socket } = await start();
  expect((await ask(socket, '/health')).status).toBe(200);
  const again = startApi({
    services,
    http: { address: '127.0.0.1', port: 0 },
    socketPath: socketPath(),
    log,
    clock: systemClock,
    random: systemRandom,
  });
  await expect(again).rejects.toThrow(
    /cannot listen at its socket .*signpost\.sock: another process answers/,
  );
  expect((await ask(socket, '/health')).status).toBe(200);
});

test('a port that is taken is an error, and nothing stays open', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as { port: number };
  const http = { address: '127.0.0.1', port };
  await expect(
    startApi({ services, http, socketPath: socketPath(), log, clock: systemClock, random: systemRandom }),
  ).rejects.toThrow(`cannot listen at 127.0.0.1 port ${port} (--http): another program listens there`);
  expect(existsSync(socketPath())).toBe(false);
  other.close();
});

test('close lets a running request finish, ends streams, and takes no more', async () => {
  const started = await start();
  const { http, socket } = started;
  const entered = Promise.withResolvers<undefined>();
  const gate = Promise.withResolvers<undefined>();
  const add = services.domains.add.bind(services.domains);
  services.domains.add = async (...args) => {
    entered.resolve(undefined);
    await gate.promise;
    return add(...args);
  };
  const stream = await send(socket, '/api/v1/events', {});
  const streamEnd = once(stream, 'end');
  stream.resume();
  const running = ask(socket, '/api/v1/domains', { body: { name: 'example.com' } });
  await entered.promise;
  const closed = started.close();
  await streamEnd;
  gate.resolve(undefined);
  expect((await running).status).toBe(201);
  await closed;
  expect(existsSync(socketPath())).toBe(false);
  await expect(ask(http, '/health')).rejects.toThrow(/ECONNREFUSED/);
});

test('a client that leaves a stream is forgotten', async () => {
  const { socket } = await start();
  const left = Promise.withResolvers<undefined>();
  const subscribe = services.events.subscribe.bind(services.events);
  services.events.subscribe = (...args) => {
    const leave = subscribe(...args);
    return () => {
      leave();
      left.resolve(undefined);
    };
  };
  const stream = await send(socket, '/api/v1/events', {});
  await once(stream, 'data');
  stream.destroy();
  await left.promise;
});

test('400 and the end of the connection for what is no HTTP', async () => {
  const { http } = await start();
  const raw = connect(Number(new URL(http).port), '127.0.0.1');
  raw.write('\u0000\u0001\u0002\r\n\r\n');
  let text = '';
  raw.on('data', (chunk) => (text += String(chunk)));
  await once(raw, 'close');
  expect(text).toMatch(/^HTTP\/1\.1 400 /);
});

/** Sends octets as they are; the answer's status line and body. */
async function raw(http: string, octets: string): Promise<string> {
  const socket = connect(Number(new URL(http).port), '127.0.0.1');
  socket.end(octets, 'latin1');
  let text = '';
  socket.on('data', (chunk) => (text += String(chunk)));
  await once(socket, 'close');
  return text;
}

test('400: two Host headers, and a path outside of ASCII', async () => {
  const { http } = await start();
  const two = await raw(http, 'GET /health HTTP/1.1\r\nHost: a\r\nhost: b\r\n\r\n');
  expect(two).toMatch(/^HTTP\/1\.1 400 [^]*two Host headers/);
  const same = await raw(http, 'GET /health HTTP/1.1\r\nHost: a\r\nHost: a\r\n\r\n');
  expect(same).toMatch(/^HTTP\/1\.1 400 /);
  const octets = await raw(http, 'GET /health?\xc3\xa4 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n');
  expect(octets).toMatch(/^HTTP\/1\.1 400 /);
  const one = await raw(http, 'GET /health HTTP/1.1\r\nHost: A.example.\r\nConnection: close\r\n\r\n');
  expect(one).toMatch(/^HTTP\/1\.1 200 /);
});

test('431 for headers without end', async () => {
  const { http } = await start();
  const raw = connect(Number(new URL(http).port), '127.0.0.1');
  raw.write(`GET /health HTTP/1.1\r\nHost: x\r\nX: ${'a'.repeat(20_000)}\r\n\r\n`);
  let text = '';
  raw.on('data', (chunk) => (text += String(chunk)));
  await once(raw, 'close');
  expect(text).toMatch(/^HTTP\/1\.1 431 /);
});

/** HTTPS with a self-signed certificate, where it can be had first. */
async function overTls(ports: number[]): Promise<HttpsPart> {
  const key = await createKey('ecdsa-p256');
  const names = ['box.example.net'];
  const chain = await selfSigned({ names, key, now: systemClock.now(), days: 1, random: systemRandom });
  const dates = { notBefore: '2026-01-01T00:00:00.000Z', notAfter: '2036-01-01T00:00:00.000Z' };
  const { pkcs8: privateKey, spkiSha256 } = key;
  const fallback = {
    id: 'box',
    names,
    kind: 'self-signed' as const,
    chain,
    privateKey,
    spkiSha256,
    ...dates,
  };
  return {
    store: createMemoryCertificates({
      fallback,
      clock: systemClock,
      onError: (error) => expect.fail(String(error)),
    }),
    addresses: ports.map((port) => ({ address: '127.0.0.1', port })),
    discovery: { fetch: () => new Response('public'), routes: [] },
  };
}

test('HTTPS takes the next address when one cannot be had, and is left out when none can', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const { https } = await start('127.0.0.1', await overTls([port, 0]));
  expect(https).toEqual(expect.objectContaining({ url: expect.not.stringContaining(`:${port}`) as string }));
  await server!.close();
  const { https: none, http } = await start('127.0.0.1', await overTls([port]));
  expect(none).toEqual({ error: expect.objectContaining({ code: 'EADDRINUSE' }) as Error });
  expect((await ask(http, '/api/v1/domains')).status).toBe(401);
  taken.close();
});

test('HTTPS has the limits of HTTP, and counts failed attempts together with it', async () => {
  const { https, http } = await start('127.0.0.1', await overTls([0]));
  const port = Number(new URL((https as { url: string }).url).port);
  const over = async (lines: string[]): Promise<string> => {
    const socket = connectTls({ host: '127.0.0.1', port, rejectUnauthorized: false });
    socket.write(
      ['GET /api/v1/domains HTTP/1.1', 'Host: 127.0.0.1', 'Connection: close', ...lines, '', ''].join('\r\n'),
    );
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    await once(socket, 'close');
    return text;
  };
  expect(await over([`X: ${'a'.repeat(20_000)}`])).toMatch(/^HTTP\/1\.1 431 /);
  for (let attempt = 0; attempt < 50; attempt++)
    if ((await ask(http, '/api/v1/domains', { token: 'sp_wrong' })).status === 429) break;
  expect(await over(['Authorization: Bearer sp_wrong'])).toMatch(/^HTTP\/1\.1 429 /);
});

/** An address of this machine that is not loopback, whose clients count as strangers. */
const outside = Object.values(networkInterfaces())
  .flatMap((addresses) => addresses ?? [])
  .find(({ internal, family }) => !internal && family === 'IPv4')?.address;

test.skipIf(outside === undefined)('one stranger cannot take every connection', async () => {
  const { http } = await start(outside);
  const port = Number(new URL(http).port);
  const sockets = await Promise.all(
    Array.from({ length: 120 }, async () => {
      const socket = connect({ host: outside!, port });
      socket.on('error', () => undefined);
      await once(socket, 'connect');
      return socket.resume();
    }),
  );
  await expect.poll(() => sockets.filter(({ closed }) => closed).length).toBe(20);
  for (const socket of sockets) socket.destroy();
});

test('a server that cannot get its socket listens nowhere, and leaves nothing behind', async () => {
  mkdirSync(join(socketPath(), 'in-the-way'), { recursive: true });
  const alone = createServer();
  await expect(listenOnSocket(alone, socketPath())).rejects.toThrow();
  expect(alone.listening).toBe(false);
  expect(readdirSync(folder)).toEqual(['signpost.sock']);
});
