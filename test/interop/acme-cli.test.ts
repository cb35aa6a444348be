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
  }, 60_000);
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
  }, 60_000);

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
  }, 60_000);

  it('refuses names that the box does not serve', async () => {
    const refused = await run('issue', 'www.example.net');
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain('www.example.net is in no zone of the box');
  });
});

interface Certificate {
  id: string;
  state: string;
  serialNumber: string;
}
