import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { printRdata, typeName } from '../../src/dns/rdata/registry.ts';
import { mtaStsPolicyId } from '../../src/mail/discovery/mta-sts.ts';
import { ask } from '../kit/ask.ts';
import { startBox, type RunningBox } from '../kit/box.ts';
import { profileComplaints, xmlComplaints } from '../kit/document-complaints.ts';
import { freePort } from '../kit/free-port.ts';
import { startPebble, type Pebble } from '../kit/pebble.ts';
import { missing } from '../kit/requires.ts';

const schemas = 'http://schemas.microsoft.com/exchange/autodiscover/outlook';
const outlookRequest = (address: string): string =>
  `<Autodiscover xmlns="${schemas}/requestschema/2006"><Request><EMailAddress>${address}</EMailAddress><AcceptableResponseSchema>${schemas}/responseschema/2006a</AcceptableResponseSchema></Request></Autodiscover>`;

const reason = missing({
  commands: ['pebble', 'openssl', 'xmllint'],
  pythonModules: ['jsonschema'],
});

describe.skipIf(reason)(`discovery, as clients that trust the CA see it ${reason ?? ''}`, () => {
  let box: RunningBox;
  let pebble: Pebble;
  let root: string;

  beforeAll(async () => {
    const dns = `127.0.0.1:${await freePort()}`;
    pebble = await startPebble({ dns });
    const flags = ['--acme-directory', pebble.directory, '--acme-ca', pebble.ca];
    box = await startBox({ dns, workers: 1, flags });
    await box.local('POST', '/domains', { name: 'example.com' });
    root = await pebble.root();
    for (let tries = 0; (await announced()) === undefined; tries++) {
      if (tries === 200) throw new Error(`no MTA-STS record came\n${box.output()}`);
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }, 180_000);
  afterAll(async () => {
    await box.stop();
    await pebble.stop();
  });

  async function announced(): Promise<string | undefined> {
    const answer = await ask(box.dns, '_mta-sts.example.com', 'TXT');
    const record = answer!.answers.find(({ type }) => typeName(type) === 'TXT');
    return record && printRdata(record.type, record.rdata);
  }

  /** With SNI and the checks of a real client. */
  async function fetchText(host: string, path: string, body?: string): Promise<[number, string]> {
    const [status, octets] = await fetchOctets(host, path, body);
    return [status, octets.toString()];
  }

  /** The profile inside the signature, which `openssl` has found to be the box's. */
  async function fetchProfile(host: string, query: string): Promise<[number, string]> {
    const [status, octets] = await fetchOctets(host, `/email.mobileconfig?${query}`);
    const trusted = join(mkdtempSync(join(tmpdir(), 'signpost-profile-')), 'root.pem');
    writeFileSync(trusted, root);
    const verify = ['cms', '-verify', '-inform', 'DER', '-binary', '-purpose', 'any', '-CAfile', trusted];
    const text = execFileSync('openssl', verify, { input: octets, stdio: ['pipe', 'pipe', 'ignore'] });
    rmSync(dirname(trusted), { recursive: true });
    return [status, text.toString()];
  }

  async function fetchOctets(host: string, path: string, body?: string): Promise<[number, Buffer]> {
    const { hostname, port } = new URL(box.https!);
    const method = body === undefined ? 'GET' : 'POST';
    const headers = { host };
    const sent = request({ host: hostname, port, path, method, headers, servername: host, ca: root });
    sent.end(body);
    const [response] = (await once(sent, 'response')) as [IncomingMessage];
    const octets: Buffer[] = [];
    for await (const chunk of response) octets.push(chunk as Buffer);
    return [response.statusCode!, Buffer.concat(octets)];
  }

  it('the policy is the one whose id is announced', async () => {
    const [status, text] = await fetchText('mta-sts.example.com', '/.well-known/mta-sts.txt');
    expect([status, text.split('\r\n')[2]]).toEqual([200, 'mx: box.example.net']);
    expect(await announced()).toBe(`"v=STSv1; id=${mtaStsPolicyId(text)}"`);
  });

  it('they are valid as they are served, at every name', async () => {
    const query = "emailaddress=o'neill%26sons+tag@example.com";
    const draft = `/.well-known/mail-v1.xml?${query}`;
    for (const host of ['autoconfig.example.com', 'example.com', 'box.example.net']) {
      const [status, text] = await fetchText(host, draft);
      expect([status, xmlComplaints(text, 'config-v1.1.rng')], host).toEqual([200, '']);
    }
    for (const host of ['example.com', 'autoconfig.example.com', 'box.example.net']) {
      const [status, text] = await fetchProfile(host, query);
      expect([status, profileComplaints(text)], host).toEqual([200, '']);
      expect(text).toContain('<string>o&apos;neill&amp;sons+tag@example.com</string>');
    }
    for (const host of ['autodiscover.example.com', 'example.com', 'box.example.net'])
      for (const body of [
        outlookRequest('o&apos;neill&amp;sons@example.com'),
        outlookRequest('nobody'),
        '',
      ]) {
        const [status, text] = await fetchText(host, '/autodiscover/autodiscover.xml', body);
        expect([status, xmlComplaints(text, 'autodiscover-pox.rng')], host).toEqual([200, '']);
      }
  });

  it('Thunderbird, Outlook and Apple find their settings at the names that DNS leads to', async () => {
    const config = '/mail/config-v1.1.xml?emailaddress=alice@example.com';
    expect((await fetchText('autoconfig.example.com', config))[1]).toContain('<domain>example.com</domain>');
    const body = outlookRequest('alice@example.com');
    for (const host of ['autodiscover.example.com', 'example.com', 'box.example.net'])
      expect((await fetchText(host, '/Autodiscover/Autodiscover.xml', body))[1]).toContain(
        '<Port>993</Port>',
      );
    const profile = await fetchProfile('example.com', 'email=alice@example.com');
    expect([profile[0], profile[1].includes('com.apple.mail.managed')]).toEqual([200, true]);
  });

  it('404 under names that have a certificate, but nothing to discover', async () => {
    for (const host of ['www.example.com', 'mta-sts.example.com'])
      expect((await fetchText(host, '/mail/config-v1.1.xml'))[0]).toBe(404);
  });
});
