import { once } from 'node:events';
import { createServer, isIP, type AddressInfo } from 'node:net';
import { mkdtempSync, rmSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TLSSocket } from 'node:tls';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openssl } from '../kit/openssl.ts';
import { adminToken, startBox, type RunningBox } from '../kit/box.ts';

let data: string;
let box: RunningBox | undefined;
beforeEach(() => {
  data = mkdtempSync(join(tmpdir(), 'signpost-https-'));
});
afterEach(async () => {
  await box?.stop();
  box = undefined;
  rmSync(data, { recursive: true, force: true });
});

interface Got {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
  names: string | undefined;
  key: string;
}

/** Asks the box for `host`, trusting whatever certificate it shows. */
async function get(host: string, path: string, token?: string): Promise<Got> {
  const { hostname, port } = new URL(box!.https!);
  const sent = request({
    host: hostname,
    port,
    path,
    // No SNI for an address (RFC 6066 §3).
    servername: isIP(host) > 0 ? '' : host,
    headers: { host, ...(token !== undefined && { authorization: `Bearer ${token}` }) },
    rejectUnauthorized: false,
    agent: false,
  });
  sent.end();
  const [response] = (await once(sent, 'response')) as [
    AsyncIterable<Buffer> & { statusCode: number; headers: Got['headers']; socket: TLSSocket },
  ];
  const { subjectaltname, pubkey } = response.socket.getPeerCertificate();
  let text = '';
  for await (const chunk of response) text += String(chunk);
  const { statusCode: status, headers } = response;
  return { status, headers, text, names: subjectaltname, key: pubkey!.toString('hex') };
}

it('serves the API at the name of the box, and elsewhere only what is public', async () => {
  box = await startBox({ data });
  expect(box.https).toMatch(/^https:\/\/127\.0\.0\.1:\d+$/);
  await box.api('POST', '/domains', { name: 'example.com' });
  const refused = await get('box.example.net', '/api/v1/domains');
  expect([refused.status, refused.names]).toEqual([401, 'DNS:box.example.net']);
  expect(refused.headers['strict-transport-security']).toBe('max-age=15552000');
  expect((await get('box.example.net', '/api/v1/domains', adminToken)).text).toContain('example.com');
  expect((await get('127.0.0.1', '/health')).status).toBe(200);

  const config = await get('autoconfig.example.com', '/mail/config-v1.1.xml');
  expect([config.status, config.text]).toEqual([200, expect.stringContaining('box.example.net')]);
  // The box's own name has both.
  const path = '/.well-known/autoconfig/mail/config-v1.1.xml?emailaddress=someone@example.com';
  expect((await get('box.example.net', path)).status).toBe(200);

  for (const host of ['autoconfig.example.com', 'example.com', 'example.org'])
    expect((await get(host, '/api/v1/domains', adminToken)).status, host).toBe(404);
  for (const path of ['/.well-known/mta-sts.txt', '/mail/config-v1.1.xml', '/'])
    expect((await get('example.org', path)).status, path).toBe(404);
});

it('has a certificate before it has a name, and keeps its key', async () => {
  box = await startBox({ data, hostname: undefined });
  const first = await get('localhost', '/health');
  expect(first.names).toBe('DNS:localhost');
  // Until then, whatever name leads here is good for setting it up.
  expect((await get('example.org', '/api/v1/domains')).status).toBe(401);
  await box.api('PUT', '/box', { hostname: 'box.example.net', ipv4: ['192.0.2.1'] });
  await expect.poll(async () => (await get('box.example.net', '/health')).names).toBe('DNS:box.example.net');
  expect((await get('box.example.net', '/health')).key).toBe(first.key);
  expect((await get('example.org', '/health')).status).toBe(404);
  await box.stop();
  box = await startBox({ data, hostname: undefined });
  const later = await get('box.example.net', '/health');
  expect([later.names, later.key]).toEqual(['DNS:box.example.net', first.key]);
});

it("serves a person's own certificate at once, and from the first handshake after a restart", async () => {
  const tool = openssl();
  const root = tool.issue({ subject: 'Root', ca: true });
  const own = tool.issue({ names: ['box.example.net', 'www.box.example.net'], issuer: root });
  tool.remove();
  box = await startBox({ data });
  const before = await get('box.example.net', '/health');
  const given = { chain: own.certificate + root.certificate, privateKey: own.key };
  const installed = await box.api('POST', '/certificates/install', given);
  expect(installed.status, JSON.stringify(installed.body)).toBeLessThan(300);
  const after = await get('box.example.net', '/health');
  expect(after.names).toBe('DNS:box.example.net, DNS:www.box.example.net');
  expect(after.key).not.toBe(before.key);
  await box.stop();
  box = await startBox({ data });
  expect((await get('box.example.net', '/health')).key).toBe(after.key);
});

it('is switched off by --https none', async () => {
  box = await startBox({ data, https: 'none' });
  expect(box.https).toBeUndefined();
});

it('says so when the address that was asked for cannot be had', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const https = `127.0.0.1:${(taken.address() as AddressInfo).port}`;
  await expect(startBox({ data, https })).rejects.toThrow(
    `HTTPS cannot be served at ${https} (--https): another program listens`,
  );
  taken.close();
});
