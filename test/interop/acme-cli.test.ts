import { execFileSync } from 'node:child_process';
import {
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startBox, type RunningBox } from '../kit/box.ts';
import { signpost, type CliResult } from '../kit/cli.ts';
import { freePort } from '../kit/free-port.ts';
import { startPebble, type Pebble } from '../kit/pebble.ts';
import { missing } from '../kit/requires.ts';

const reason = missing({ commands: ['pebble', 'openssl'] });

describe.skipIf(reason)(`signpost cert with a real CA ${reason ?? ''}`, () => {
  let box: RunningBox;
  let pebble: Pebble;

  beforeAll(async () => {
    const dns = `127.0.0.1:${await freePort()}`;
    pebble = await startPebble({ dns });
    const flags = ['--acme-directory', pebble.directory, '--acme-ca', pebble.ca];
    box = await startBox({ dns, workers: 1, flags });
    expect(await box.local('POST', '/domains', { name: 'example.com' })).toMatchObject({ status: 201 });
  }, 180_000);
  afterAll(async () => {
    await box.stop();
    await pebble.stop();
  });

  const run = (...args: string[]): Promise<CliResult> => signpost(box.data, 'cert', ...args);

  it('issues, shows, renews and revokes', async () => {
    const issued = await run('issue', 'mail.example.com', '*.mail.example.com');
    expect(issued).toMatchObject({ code: 0, stderr: '' });
    const steps = ['order placed', 'records written', 'records live', 'validated', 'issued', 'in use'];
    expect(issued.stdout).toMatch(new RegExp(steps.join('[^]*')));
    const before = JSON.parse((await run('show', '*.mail.example.com', '--json')).stdout) as Certificate;
    expect(before).toMatchObject({ state: 'valid', kind: 'acme', step: 'installed' });

    expect((await run('issue', '*.mail.example.com', 'mail.example.com')).stdout).toMatch(/there already/);
    const renewed = JSON.parse((await run('renew', before.id, '--json')).stdout) as Certificate;
    expect(renewed.state).toBe('valid');
    expect(renewed.serialNumber).not.toBe(before.serialNumber);

    const revoked = await run('revoke', before.id, '--reason', 'superseded', '--yes');
    expect(revoked).toMatchObject({ code: 0, stderr: '' });
  }, 180_000);

  it('exports chain and key, which fit; says what is unchanged; and the audit log has it', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'signpost-export-'));
    const to = join(folder, 'example.com');
    const file = (name: string): string => readFileSync(join(to, name), 'utf8');
    const exported = async (...args: string[]): Promise<Exported> => {
      const result = await run('export', 'example.com', '--to', to, '--json', ...args);
      expect(result).toMatchObject({ code: 0, stderr: '' });
      return JSON.parse(result.stdout) as Exported;
    };
    try {
      await run('issue', 'example.com', '*.example.com');
      const make = ['create', 'postfix', '--scope', 'certificates:export-key', '--json'];
      const { secret } = JSON.parse((await signpost(box.data, 'token', ...make)).stdout) as {
        secret: string;
      };
      const tokenFile = join(folder, 'token');
      writeFileSync(tokenFile, `${secret}\n`, { mode: 0o600 });
      const withKey = ['--key', '--token-file', tokenFile];

      const shown = JSON.parse((await run('show', 'example.com', '--json')).stdout) as Certificate;
      const plain = await exported();
      expect(plain).toMatchObject({ certificate: shown.id, serialNumber: shown.serialNumber, changed: true });
      expect(plain.names).toEqual(['example.com', '*.example.com']);
      expect(readdirSync(to).filter((name) => !name.startsWith('.'))).toEqual([
        'cert.pem',
        'chain.pem',
        'fullchain.pem',
      ]);
      const first = await exported(...withKey);
      expect([first.changed, first.files]).toEqual([
        true,
        ['cert.pem', 'chain.pem', 'fullchain.pem', 'privkey.pem', 'combined.pem'],
      ]);
      for (const name of ['privkey.pem', 'combined.pem'])
        expect(statSync(join(to, name)).mode & 0o777).toBe(0o600);

      // With other eyes: openssl takes them for a pair, and the chain for one of the CA.
      const openssl = (...args: string[]): string => execFileSync('openssl', args, { encoding: 'utf8' });
      const publicKeys = (): string[] => [
        openssl('x509', '-in', join(to, 'fullchain.pem'), '-noout', '-pubkey'),
        openssl('pkey', '-in', join(to, 'privkey.pem'), '-pubout'),
        openssl('pkey', '-in', join(to, 'combined.pem'), '-pubout'),
      ];
      expect(new Set(publicKeys()).size).toBe(1);
      const root = join(folder, 'root.pem');
      writeFileSync(root, await pebble.root());
      expect(
        openssl('verify', '-CAfile', root, '-untrusted', join(to, 'chain.pem'), join(to, 'cert.pem')),
      ).toContain('OK');
      expect(file('combined.pem')).toBe(file('privkey.pem') + file('fullchain.pem'));

      const before = readlinkSync(join(to, '.signpost-current'));
      expect(await exported(...withKey)).toEqual({ ...first, changed: false });
      expect(readlinkSync(join(to, '.signpost-current'))).toBe(before);
      await run('renew', 'example.com');
      const second = await exported(...withKey);
      expect([second.changed, second.serialNumber === first.serialNumber]).toEqual([true, false]);
      expect(new Set(publicKeys()).size).toBe(1);
      expect(readdirSync(to).filter((name) => /^\.signpost-\w{6}$/.test(name))).toHaveLength(1);

      // Without the key the set would not fit any more.
      expect(await run('export', 'example.com', '--to', to)).toMatchObject({ code: 2 });
      const { items } = (await box.local('GET', '/audit?action=certificate.export-key')).body as {
        items: unknown[];
      };
      expect(items).toHaveLength(2);
      expect(items[0]).toMatchObject({
        target: 'example.com',
        actor: { kind: 'token', name: 'postfix' },
        detail: { names: plain.names, serialNumber: second.serialNumber, notAfter: second.notAfter },
      });
      const secretLine = file('privkey.pem').split('\n')[1]!;
      expect(JSON.stringify(items)).not.toContain(secretLine);
      expect(box.output()).not.toContain(secretLine);
    } finally {
      rmSync(folder, { recursive: true });
    }
  }, 180_000);

  it('shows the account, and goes on with a new key for it', async () => {
    const accountOf = async (command: string) =>
      JSON.parse((await run(command, '--json')).stdout) as { directory: string; accountUri: string };
    const before = await accountOf('account');
    expect(before.directory).toBe(pebble.directory);
    expect(before.accountUri).toMatch(/^https:\/\//);
    expect(await accountOf('roll-account-key')).toEqual(before);
    const issued = await run('issue', 'www.mail.example.com');
    expect(issued).toMatchObject({ code: 0, stderr: '' });
    expect(await accountOf('account')).toEqual(before);
    const { body } = await box.local('GET', '/audit?limit=50');
    expect(JSON.stringify(body)).toContain('acme.roll-key');
  }, 180_000);

  it('refuses names that the box does not serve', async () => {
    const refused = await run('issue', 'www.example.net');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('www.example.net is in no zone of the box');
  });
});

interface Exported {
  certificate: string;
  names: string[];
  serialNumber: string;
  notAfter: string;
  files: string[];
  changed: boolean;
}

interface Certificate {
  id: string;
  state: string;
  serialNumber: string;
}
