import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { Agent, request } from 'node:https';
import { connect as connectTcp } from 'node:net';
import { connect, type ConnectionOptions, type TLSSocket } from 'node:tls';
import { afterAll, afterEach, beforeAll, beforeEach, expect, it } from 'vitest';
import type { Answer } from '../../src/api/http-server.ts';
import { startHttps, type HttpsServer } from '../../src/api/https/server.ts';
import type { InstalledCertificate } from '../../src/certs/model.ts';
import { parseChain } from '../../src/certs/x509/parse-chain.ts';
import { FakeClock, systemClock, type Clock } from '../../src/core/clock.ts';
import { createLog } from '../../src/core/log.ts';
import { systemRandom } from '../../src/core/random.ts';
import { createMemoryCertificates, type MemoryCertificates } from '../kit/installed-certificates.ts';
import { type Issued, openssl } from '../kit/openssl.ts';

const tool = openssl();
let ca: Issued;
let box: InstalledCertificate;
let store: MemoryCertificates;
let server: HttpsServer;
const log = createLog({ level: 'silent' });

beforeAll(() => {
  ca = tool.issue({ subject: 'Test CA', ca: true });
  box = install('box', ['box.example.net']);
});
afterAll(() => tool.remove());
beforeEach(() => start((request) => new Response(`hello ${new URL(request.url).host}`)));
afterEach(() => server.close());

async function start(answer: Answer, clock: Clock = systemClock): Promise<void> {
  store = createMemoryCertificates({ fallback: box, clock, onError: (error) => expect.fail(String(error)) });
  const listen = { address: '127.0.0.1', port: 0 };
  server = await startHttps({ answer, store, listen, clock, random: systemRandom, log });
}

/** A certificate of the test's CA, in the form in which the store takes it. */
function install(id: string, names: string[], key?: string[]): InstalledCertificate {
  const issued = tool.issue({ names, issuer: ca, ...(key && { key }) });
  const result = parseChain(issued.certificate);
  if (!result.ok) throw new Error(result.problems.join(' '));
  const { chain, leaf } = result.parsed;
  const { spkiSha256, notBefore, notAfter } = leaf;
  return { id, names, kind: 'acme', chain, privateKey: issued.key, spkiSha256, notBefore, notAfter };
}

const port = (): number => Number(new URL(server.url).port);

/** A handshake as a client makes it that trusts the CA and checks the name. */
async function shake(options: ConnectionOptions): Promise<TLSSocket> {
  const socket = connect({ host: '127.0.0.1', port: port(), ca: ca.certificate, ...options });
  await once(socket, 'secureConnect');
  return socket;
}

async function namesServed(servername: string): Promise<string | undefined> {
  const socket = await shake({ servername, rejectUnauthorized: false });
  const { subjectaltname } = socket.getPeerCertificate();
  socket.destroy();
  return subjectaltname;
}

interface Got {
  status: number;
  text: string;
  names: string | undefined;
  socket: TLSSocket;
}

async function get(host: string, agent: Agent | false = false): Promise<Got> {
  const headers = { host };
  const sent = request({
    host: '127.0.0.1',
    port: port(),
    servername: host,
    headers,
    ca: ca.certificate,
    agent,
  });
  sent.end();
  const [response] = (await once(sent, 'response')) as [
    AsyncIterable<Buffer> & { statusCode: number; socket: TLSSocket },
  ];
  const { socket } = response;
  const names = socket.getPeerCertificate().subjectaltname;
  let text = '';
  for await (const chunk of response) text += String(chunk);
  return { status: response.statusCode, text, names, socket };
}

/** `openssl s_client`: what it printed, and how it ended. */
function client(...args: string[]): Promise<{ output: string; code: number }> {
  return new Promise((resolve) => {
    const all = ['s_client', '-connect', `127.0.0.1:${port()}`, ...args];
    const child = execFile('openssl', all, { timeout: 10_000 }, (error, stdout, stderr) =>
      resolve({ output: stdout + stderr, code: error ? Number(error.code ?? 1) : 0 }),
    );
    child.stdin!.end();
  });
}

it('serves each of a hundred hosts its own certificate', async () => {
  const hosts = Array.from({ length: 100 }, (_, index) => `host${index}.example.com`);
  // One key and certificate for every ten: making them is what takes time.
  for (let first = 0; first < 100; first += 10)
    store.put(install(`${first}`, hosts.slice(first, first + 10)));
  const answers = await Promise.all(hosts.map((host) => get(host)));
  answers.forEach(({ status, text, names }, index) => {
    expect([status, text]).toEqual([200, `hello ${hosts[index]!}`]);
    expect(names).toContain(`DNS:${hosts[index]!}`);
    expect(names!.split(',')).toHaveLength(10);
  });
});

it("serves the box's certificate to clients that name no host, or one that it does not know", async () => {
  store.put(install('example', ['example.com', '*.example.com']));
  expect(await namesServed('www.example.com')).toBe('DNS:example.com, DNS:*.example.com');
  expect(await namesServed('example.org')).toBe('DNS:box.example.net');
  const { output } = await client('-noservername', '-CAfile', tool.file(ca.certificate));
  expect(output).toContain('Verify return code: 0 (ok)');
  store.put(install('acme-box', ['box.example.net', 'ns1.box.example.net']));
  const { output: after } = await client('-noservername');
  const certificate = /-----BEGIN[^]*END CERTIFICATE-----/.exec(after)![0];
  expect(tool.run('x509', '-in', tool.file(certificate), '-noout', '-ext', 'subjectAltName')).toContain(
    'ns1.box.example.net',
  );
});

it('offers RSA and ECDSA certificates', async () => {
  const key = ['-algorithm', 'RSA', '-pkeyopt', 'rsa_keygen_bits:2048'];
  store.put(install('rsa', ['rsa.example.com'], key));
  for (const maxVersion of ['TLSv1.2', 'TLSv1.3'] as const) {
    const socket = await shake({ servername: 'rsa.example.com', maxVersion });
    expect([socket.getProtocol(), socket.getPeerCertificate().bits]).toEqual([maxVersion, 2048]);
    socket.destroy();
  }
});

it('swaps certificates under load without failing a request', async () => {
  const host = 'www.example.com';
  const versions = Array.from({ length: 5 }, (_, index) => install('www', [host, `v${index}.example.com`]));
  store.put(versions[0]!);
  const keptAlive = new Agent({ keepAlive: true, maxSockets: 1 });
  const first = await get(host, keptAlive);
  const seen = new Set<string>();
  let done = false;
  const load = Array.from({ length: 8 }, async () => {
    let requests = 0;
    while (!done) {
      const { status, names } = await get(host);
      expect(status).toBe(200);
      seen.add(names!);
      requests++;
    }
    return requests;
  });
  for (const version of versions) {
    store.put(version);
    const now = await get(host);
    expect(now.names).toBe(`DNS:${version.names.join(', DNS:')}`);
  }
  done = true;
  const requests = await Promise.all(load);
  expect(Math.min(...requests)).toBeGreaterThan(0);
  expect(seen.size).toBeGreaterThan(1);
  // The old connection lives on, with what it began with.
  const last = await get(host, keptAlive);
  expect([last.status, last.socket]).toEqual([200, first.socket]);
  keptAlive.destroy();
});

it('refuses TLS 1.1, and ciphers without forward secrecy', async () => {
  const lenient = ['-cipher', 'ALL:@SECLEVEL=0'];
  expect((await client('-tls1_2', ...lenient)).code).toBe(0);
  const old = await client('-tls1_1', ...lenient);
  expect(old.output).toMatch(/alert protocol version/);
  expect(old.code).not.toBe(0);
  for (const cipher of ['AES128-GCM-SHA256', 'ECDHE-ECDSA-AES128-SHA', 'ECDHE-ECDSA-AES256-SHA384']) {
    const { output } = await client('-tls1_2', '-cipher', `${cipher}:@SECLEVEL=0`);
    expect(output, cipher).toMatch(/handshake failure/);
  }
});

it('speaks HTTP/1.1 by ALPN, and nothing that it does not know', async () => {
  const socket = await shake({ servername: 'box.example.net', ALPNProtocols: ['h2', 'http/1.1'] });
  expect(socket.alpnProtocol).toBe('http/1.1');
  socket.destroy();
  const { output } = await client('-alpn', 'imap');
  expect(output).toMatch(/alert no application protocol/);
});

it('closes the connection on plain HTTP, and on junk', async () => {
  for (const sent of ['GET / HTTP/1.1\r\nHost: box.example.net\r\n\r\n', '\0'.repeat(64)]) {
    const socket = connectTcp(port(), '127.0.0.1');
    socket.resume();
    socket.write(sent);
    await once(socket, 'close');
  }
  expect((await get('box.example.net')).status).toBe(200);
});

it('serves the others when one certificate is broken', async () => {
  store.put(install('good', ['www.example.com']));
  store.put({ ...install('bad', ['bad.example.com']), privateKey: 'junk' });
  store.put({ ...install('bad-box', ['box.example.net']), chain: 'junk' });
  expect((await get('www.example.com')).status).toBe(200);
  expect(await namesServed('bad.example.com')).toBe('DNS:box.example.net');
  const { output } = await client('-noservername', '-CAfile', tool.file(ca.certificate));
  expect(output).toContain('Verify return code: 0 (ok)');
});

it.each(['TLSv1.2', 'TLSv1.3'] as const)(
  'resumes %s sessions of a host until the ticket key is a day old',
  async (maxVersion) => {
    await server.close();
    const clock = new FakeClock(systemClock.now());
    await start(() => new Response('hello'), clock);
    store.put(install('www', ['www.example.com']));
    const options = { servername: 'www.example.com', maxVersion };
    // TLS 1.2 sends the ticket within the handshake, TLS 1.3 after it.
    const first = connect({ host: '127.0.0.1', port: port(), ca: ca.certificate, ...options });
    const [session] = (await once(first, 'session')) as [Buffer];
    first.destroy();
    const resumed = async (): Promise<boolean> => {
      const socket = await shake({ ...options, session });
      const isReused = socket.isSessionReused();
      socket.destroy();
      return isReused;
    };
    expect(await resumed()).toBe(true);
    await clock.advance(86_400_000);
    expect(await resumed()).toBe(false);
  },
);
