import { describe, expect, it } from 'vitest';
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

  it('reads where HTTPS is to be', () => {
    expect(config(['--https', '[::]:8443']).https).toEqual({ address: '::', port: 8443 });
    expect(config([], { SIGNPOST_HTTPS: 'none' }).https).toBe('none');
  });

  it('reads lists of addresses', () => {
    const read = config(['--ipv4', '192.0.2.1, 192.0.2.2', '--dns', '192.0.2.1:53,[2001:db8::1]:5353']);
    expect(read.ipv4).toEqual(['192.0.2.1', '192.0.2.2']);
    expect(read.dns).toEqual([
      { address: '192.0.2.1', port: 53 },
      { address: '2001:db8::1', port: 5353 },
    ]);
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
    [['--nonsense'], '--nonsense'],
  ])('names the flag that is wrong: %j', (args, flag) => {
    const result = readConfig(args, {});
    expect(result).toMatchObject({ kind: 'error' });
    expect((result as { message: string }).message).toContain(flag);
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
