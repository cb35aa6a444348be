import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { helpText, readConfig } from './config.ts';

function config(args: string[], env: Record<string, string> = {}) {
  const result = readConfig(args, env);
  if (result.kind !== 'start') throw new Error(JSON.stringify(result));
  return result.config;
}

describe('flags and environment', () => {
  it('has the defaults of the manual', () => {
    expect(config([])).toMatchObject({
      hostname: undefined,
      ipv4: [],
      data: './data',
      dns: undefined,
      http: { address: '127.0.0.1', port: 8080 },
      https: undefined,
      adminToken: undefined,
    });
  });

  it('puts a flag before its variable', () => {
    const env = { SIGNPOST_HOSTNAME: 'env.example.com', SIGNPOST_WORKERS: '3', SIGNPOST_DATA: '' };
    const read = config(['--hostname', 'flag.example.com'], env);
    expect(read).toMatchObject({ hostname: 'flag.example.com', workers: 3, data: './data' });
  });

  it('reads where DNS over TLS is to be', () => {
    expect(config([]).dot).toBeUndefined();
    expect(config(['--dot', '192.0.2.1:853']).dot).toEqual([{ address: '192.0.2.1', port: 853 }]);
    expect(config(['--dot', 'none']).dot).toBe('none');
    expect([config([]).doh, config(['--doh', 'none']).doh]).toEqual(['https', 'none']);
  });

  it('reads how the nameserver limits responses, and what it says of itself', () => {
    expect(config(['--dns-cookie-secrets', 'secrets'])).toMatchObject({ dnsCookieSecrets: 'secrets' });
    expect(config([])).toMatchObject({ dnsRate: undefined, dnsRateExempt: undefined, dnsVersion: undefined });
    const read = config(['--dns-rate', '50', '--dns-rate-exempt', '10.0.0.0/8,::1', '--dns-identity', 'ns1']);
    expect(read).toMatchObject({
      dnsRate: 50,
      dnsRateExempt: [
        { address: '10.0.0.0', prefix: 8 },
        { address: '::1', prefix: 128 },
      ],
      dnsIdentity: 'ns1',
    });
    expect(config(['--dns-rate', 'none', '--dns-rate-exempt', 'none'])).toMatchObject({
      dnsRate: 0,
      dnsRateExempt: [],
    });
    for (const value of ['0', '-1', '1.5', 'many'])
      expect(readConfig([`--dns-rate=${value}`], {})).toMatchObject({ kind: 'error' });
    expect(readConfig(['--dns-version', 'x'.repeat(256)], {})).toMatchObject({ kind: 'error' });
  });

  it('reads where HTTPS is to be', () => {
    expect(config(['--https', '[::]:8443']).https).toEqual({ address: '::', port: 8443 });
    expect(config([], { SIGNPOST_HTTPS: 'none' }).https).toBe('none');
  });

  it('has no web unless it is asked for', () => {
    expect(config([]).web).toBe('none');
    expect(config([], { SIGNPOST_WEB: 'nginx' }).web).toBe('nginx');
    expect(readConfig(['--web', 'apache'], {})).toMatchObject({
      kind: 'error',
      message: '--web (SIGNPOST_WEB): "apache" is not none or nginx',
    });
  });

  it('reads lists of addresses', () => {
    const read = config(['--ipv4', '192.0.2.1, 192.0.2.2', '--dns', '192.0.2.1:53,[2001:db8::1]:5353']);
    expect(read.ipv4).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(read.dns).toEqual([
      { address: '192.0.2.1', port: 53 },
      { address: '2001:db8::1', port: 5353 },
    ]);
  });

  it('believes no proxy unless it is named', () => {
    expect(config([]).trustedProxies).toEqual([]);
    const named = ['127.0.0.1', '10.0.0.0/8', '2001:db8::/32'];
    expect(config(['--trusted-proxies', named.join(', ')]).trustedProxies).toEqual(named);
  });

  it('reads the networks to import from', () => {
    expect(config([]).importNetworks).toEqual([]);
    expect(config([], { SIGNPOST_IMPORT_NETWORKS: '10.0.0.0/8, fd00::1' }).importNetworks).toEqual([
      { address: '10.0.0.0', prefix: 8 },
      { address: 'fd00::1', prefix: 128 },
    ]);
  });

  it.each([
    [['--import-networks', '10.0.0.0/40'], '--import-networks'],
    [['--ipv4', '2001:db8::1'], '--ipv4'],
    [['--ipv6', '192.0.2.1'], '--ipv6'],
    [['--dns', 'example.com:53'], '--dns'],
    [['--dns', '192.0.2.1'], '--dns'],
    [['--http', '192.0.2.1:70000'], '--http'],
    [['--https', 'off'], '--https'],
    [['--workers', '0'], '--workers'],
    [['--admin-token', 'short'], '--admin-token'],
    [['--trusted-proxies', 'proxy.example.com'], '--trusted-proxies'],
    [['--trusted-proxies', '10.0.0.0/33'], '--trusted-proxies'],
    [['--nonsense'], '--nonsense'],
  ])('names the flag that is wrong: %j', (args, flag) => {
    const result = readConfig(args, {});
    expect(result).toMatchObject({ kind: 'error' });
    expect((result as { message: string }).message).toContain(flag);
  });

  describe('the admin token', () => {
    const token = 'sp_an-admin-token-of-thirty-two-characters-or-more';
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'signpost-token-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));
    const write = (name: string, text: string): string => {
      writeFileSync(join(folder, name), text);
      return join(folder, name);
    };

    it('comes from a file, with its line break or without', () => {
      for (const text of [token, `${token}\n`, `${token}\r\n`]) {
        const read = config(['--admin-token-file', write('token', text)]);
        expect(read).toMatchObject({ adminToken: token, warnings: [] });
      }
      expect(config([], { SIGNPOST_ADMIN_TOKEN_FILE: join(folder, 'token') }).adminToken).toBe(token);
    });

    it('comes from the credential of systemd, if there is one', () => {
      expect(config([], { CREDENTIALS_DIRECTORY: folder }).adminToken).toBeUndefined();
      write('admin-token', `${token}\n`);
      expect(config([], { CREDENTIALS_DIRECTORY: folder }).adminToken).toBe(token);
      const other = write('other', token.toUpperCase());
      const read = config(['--admin-token-file', other], { CREDENTIALS_DIRECTORY: folder });
      expect(read.adminToken).toBe(token.toUpperCase());
    });

    it('in the list of processes is warned of, in the environment it is not', () => {
      const [warning] = config(['--admin-token', token]).warnings;
      expect(warning).toContain('--admin-token-file');
      expect(warning).not.toContain(token);
      expect(config([], { SIGNPOST_ADMIN_TOKEN: token })).toMatchObject({ adminToken: token, warnings: [] });
    });

    it.each([
      ['both', () => ['--admin-token', token, '--admin-token-file', write('token', token)]],
      ['a file that is not there', () => ['--admin-token-file', join(folder, 'none')]],
      ['a file with a short one', () => ['--admin-token-file', write('token', 'short-secret')]],
      ['a file with two lines', () => ['--admin-token-file', write('token', `${token}\n${token}\n`)]],
      ['what no header can carry', () => ['--admin-token', `${token} ä`]],
    ])('is refused: %s', (_, args) => {
      const result = readConfig(args(), {});
      expect(result).toMatchObject({
        kind: 'error',
        message: expect.stringContaining('--admin-token') as string,
      });
      expect(JSON.stringify(result)).not.toContain('short-secret');
    });
  });

  it('does not print a wrong token', () => {
    const result = readConfig(['--admin-token', 'short-secret'], {});
    expect(JSON.stringify(result)).not.toContain('short-secret');
  });

  it('explains every flag', () => {
    expect(readConfig(['--help'], {})).toEqual({ kind: 'help' });
    for (const flag of ['--hostname', '--ipv4', '--dns', 'SIGNPOST_ADMIN_TOKEN'])
      expect(helpText()).toContain(flag);
  });
});
