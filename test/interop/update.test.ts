import { X509Certificate } from 'node:crypto';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ask } from '../kit/ask.ts';
import { type RunningBox, startBox } from '../kit/box.ts';
import { freePort } from '../kit/free-port.ts';
import { type Pebble, startPebble } from '../kit/pebble.ts';
import { missing } from '../kit/requires.ts';

/* Dynamic updates (RFC 2136), by the programs that make them, as their manuals say: nsupdate, lego (rfc2136) and certbot (dns-rfc2136). */

const zone = 'example.com';
const reason = missing({ commands: ['nsupdate', 'lego', 'certbot', 'pebble', 'openssl'] });

describe.skipIf(reason)(`dynamic updates ${reason ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'update-'));
  let pebble: Pebble;
  let box: RunningBox;
  let dns: string;
  let secret: string;

  beforeAll(async () => {
    dns = `127.0.0.1:${await freePort()}`;
    pebble = await startPebble({ dns, sleepTime: 2 });
    box = await startBox({ hostname: 'box.example.net', ipv4: '127.0.0.1', dns });
    expect((await box.api('POST', '/domains', { name: zone })).status).toBe(201);
    const key = { name: 'update.key', transfer: [], update: [{ zone }] };
    const made = await box.api('POST', '/tsig-keys', key);
    ({ secret } = made.body as { secret: string });
  }, 180_000);
  afterAll(async () => {
    await box.stop();
    await pebble.stop();
    rmSync(folder, { recursive: true, force: true });
  }, 180_000);

  /** What nsupdate says; its status is 2 when the server refuses. */
  function nsupdate(lines: string[], flags: string[] = [], key = `hmac-sha256:update.key:${secret}`) {
    const input = [`server 127.0.0.1 ${box.dns.port}`, `zone ${zone}`, ...lines, 'send', ''].join('\n');
    const { status, stderr } = spawnSync('nsupdate', ['-y', key, ...flags], { input, encoding: 'utf8' });
    return { status, said: stderr };
  }

  async function values(owner: string, type: string): Promise<number> {
    return (
      (await ask(box.dns, `${owner}.${zone}`, type))?.answers.filter((one) => one.type !== 46).length ?? 0
    );
  }

  test.each([[['-v']], [[]]])(
    'RFC 2136 §2.1: nsupdate adds and deletes, over TCP or UDP (%j)',
    async (flags) => {
      expect(
        nsupdate([`update add new.${zone} 300 A 192.0.2.1`, `update add new.${zone} 300 A 192.0.2.2`], flags),
      ).toEqual({ status: 0, said: '' });
      // What was acknowledged is served.
      expect(await values('new', 'A')).toBe(2);
      expect(nsupdate([`update delete new.${zone} A 192.0.2.1`], flags).status).toBe(0);
      expect(await values('new', 'A')).toBe(1);
      expect(nsupdate([`update delete new.${zone}`], flags).status).toBe(0);
      expect(await values('new', 'A')).toBe(0);
    },
  );

  test('nsupdate is told what is wrong', async () => {
    expect(nsupdate([`prereq nxdomain www.${zone}`, `update add www.${zone} 300 TXT "a"`]).said).toContain(
      'YXDOMAIN',
    );
    expect(nsupdate([`prereq yxrrset no.${zone} A`, `update add no.${zone} 300 A 192.0.2.1`]).said).toContain(
      'NXRRSET',
    );
    expect(nsupdate([`update add www.example.org 300 A 192.0.2.1`]).said).toContain('NOTZONE');
    expect(nsupdate([`update add ${zone} 300 CNAME example.org.`]).said).toContain('REFUSED');
    const wrong = `hmac-sha256:update.key:${Buffer.alloc(32).toString('base64')}`;
    expect(nsupdate([`update add x.${zone} 300 A 192.0.2.1`], [], wrong).said).toContain('BADSIG');
    expect(await values('x', 'A')).toBe(0);
    const unsigned = spawnSync('nsupdate', [], {
      input: `server 127.0.0.1 ${box.dns.port}\nzone ${zone}\nupdate add x.${zone} 300 A 192.0.2.1\nsend\n`,
      encoding: 'utf8',
    });
    expect(unsigned.stderr).toContain('REFUSED');
  });

  test('RFC 3007 §4.3: what is updated is signed', async () => {
    nsupdate([`update add signed.${zone} 300 TXT "a"`]);
    const answer = await ask(box.dns, `signed.${zone}`, 'TXT');
    expect(answer?.answers.map(({ type }) => type).sort()).toEqual([16, 46]);
  });

  test('lego gets a certificate (rfc2136)', async () => {
    const env = {
      ...process.env,
      LEGO_CA_CERTIFICATES: pebble.ca,
      RFC2136_NAMESERVER: dns,
      RFC2136_TSIG_KEY: 'update.key.',
      RFC2136_TSIG_ALGORITHM: 'hmac-sha256.',
      RFC2136_TSIG_SECRET: secret,
      RFC2136_PROPAGATION_TIMEOUT: '20',
      RFC2136_POLLING_INTERVAL: '1',
      // By default it rests a minute between two names.
      RFC2136_SEQUENCE_INTERVAL: '1',
    };
    const flags = ['--path', join(folder, 'lego'), '--server', pebble.directory, '--accept-tos'];
    const names = ['--email', 'lego@example.com', '--domains', `*.${zone}`, '--domains', zone];
    await finished(
      'lego',
      [...flags, ...names, '--dns', 'rfc2136', '--dns.disable-cp', '--dns.resolvers', dns, 'run'],
      env,
    );
    const file = readFileSync(join(folder, 'lego/certificates', `_.${zone}.crt`));
    expect(new X509Certificate(file).subjectAltName).toContain(`DNS:*.${zone}`);
    // It has tidied up.
    expect(await values('_acme-challenge', 'TXT')).toBe(0);
  }, 180_000);

  test('certbot gets a certificate (dns-rfc2136)', async () => {
    const credentials = join(folder, 'rfc2136.ini');
    writeFileSync(
      credentials,
      `dns_rfc2136_server = 127.0.0.1
dns_rfc2136_port = ${box.dns.port}
dns_rfc2136_name = update.key.
dns_rfc2136_secret = ${secret}
dns_rfc2136_algorithm = HMAC-SHA256
`,
      { mode: 0o600 },
    );
    const at = (name: string): string => join(folder, 'certbot', name);
    const places = ['--config-dir', at('config'), '--work-dir', at('work'), '--logs-dir', at('logs')];
    const ca = ['--server', pebble.directory, '--agree-tos', '--register-unsafely-without-email', '-n'];
    const how = [
      '--dns-rfc2136',
      '--dns-rfc2136-credentials',
      credentials,
      '--dns-rfc2136-propagation-seconds',
      '1',
    ];
    const env = { ...process.env, REQUESTS_CA_BUNDLE: pebble.ca };
    await finished('certbot', ['certonly', ...places, ...ca, ...how, '-d', `*.${zone}`, '-d', zone], env);
    const file = execFileSync('find', [at('config'), '-name', 'cert1.pem'], { encoding: 'utf8' }).trim();
    expect(new X509Certificate(readFileSync(file)).subjectAltName).toContain(`DNS:*.${zone}`);
    expect(await values('_acme-challenge', 'TXT')).toBe(0);
  }, 180_000);

  async function finished(command: string, args: string[], env: NodeJS.ProcessEnv): Promise<void> {
    const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'], env });
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
    const code = await new Promise((resolve) => child.on('close', resolve));
    expect(code, output).toBe(0);
  }
});
