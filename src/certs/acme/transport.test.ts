import type { IncomingHttpHeaders } from 'node:http';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { systemClock } from '../../core/clock.ts';
import { seededRandom } from '../../core/random.ts';
import { createKey } from '../x509/key.ts';
import { selfSigned } from '../x509/self-signed.ts';
import { createTransport } from './transport.ts';

const ends: (() => unknown)[] = [];
afterEach(() => {
  for (const end of ends.splice(0)) end();
});

/** A CA that answers the first request of each connection, and ends those that come again without a word. */
async function closingCa({ answers = 1 } = {}) {
  const key = await createKey('ecdsa-p256');
  const now = systemClock.now();
  const names = ['localhost'];
  const cert = await selfSigned({ names, key, now, days: 30, random: seededRandom(1) });
  const seen: string[] = [];
  const asked = new WeakMap<object, number>();
  const headers: IncomingHttpHeaders[] = [];
  const server: Server = createServer(
    { key: key.privateKey.export({ type: 'pkcs8', format: 'pem' }), cert },
    (request, response) => {
      headers.push(request.headers);
      const count = (asked.get(request.socket) ?? 0) + 1;
      asked.set(request.socket, count);
      if (count > answers) {
        request.socket.destroy();
        return;
      }
      request.on('data', (chunk: Buffer) => seen.push(chunk.toString()));
      request.on('end', () => response.end('done'));
    },
  );
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const transport = createTransport({ roots: cert, userAgent: 'test', clock: systemClock });
  ends.push(
    () => transport.close(),
    () => server.close(),
    () => server.closeAllConnections(),
  );
  return { headers, url: `https://localhost:${(server.address() as AddressInfo).port}/`, transport, seen };
}

test('what the CA closed while it was idle is asked over another connection', async () => {
  const { url, transport, seen } = await closingCa();
  for (const body of ['one', 'two', 'three'])
    expect((await transport.send('POST', url, body)).body).toBe('done');
  expect(seen).toEqual(['one', 'two', 'three']);
});

test('a CA that ends a new connection without a word cannot be reached', async () => {
  const { url, transport } = await closingCa({ answers: 0 });
  await expect(transport.send('POST', url, 'one')).rejects.toMatchObject({
    problem: { type: 'unreachable' },
  });
});

test('RFC 8555 §6.1, §6.2, §6.5.1: a request says who asks, by what and in which language, what its body is, and no nonce outside of that', async () => {
  const { url, transport, headers } = await closingCa({ answers: 2 });
  await transport.send('POST', url, 'one');
  await transport.send('HEAD', url);
  const who = { 'user-agent': `test node/${process.versions.node}`, 'accept-language': 'en' };
  expect(headers).toMatchObject([{ ...who, 'content-type': 'application/jose+json' }, who]);
  expect(headers[1]).not.toHaveProperty('content-type');
  for (const one of headers) expect(one).not.toHaveProperty('replay-nonce');
});

test('RFC 8555 §6.1: a CA is trusted by its certificate alone', async () => {
  const { url } = await closingCa();
  const transport = createTransport({ roots: undefined, userAgent: 'test', clock: systemClock });
  ends.push(() => transport.close());
  await expect(transport.send('GET', url)).rejects.toMatchObject({ problem: { type: 'untrusted' } });
});

test('RFC 8555 §6.1: nothing but https is asked', async () => {
  const { transport } = await closingCa();
  for (const url of ['http://localhost/', 'nonsense'])
    await expect(transport.send('GET', url)).rejects.toMatchObject({ problem: { type: 'malformedAnswer' } });
});
