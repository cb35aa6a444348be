import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { adminToken, startBox, type RunningBox } from '../kit/box.ts';
import { runSignpost, signpost, type CliResult } from '../kit/cli.ts';

/** What people and hooks write, and what is understood by it. */
let box: RunningBox;

beforeAll(async () => {
  box = await startBox({ workers: 1 });
  await ok('domain', 'add', 'example.com');
}, 180_000);
afterAll(() => box.stop());

const run = (...args: string[]): Promise<CliResult> => signpost(box.data, ...args);

async function ok(...args: string[]): Promise<string> {
  const result = await run(...args);
  expect(result, args.join(' ')).toMatchObject({ code: 0, stderr: '' });
  return result.stdout;
}

interface Answer {
  records: { owner: string; type: string; value: string; ttl: number | null }[];
}

async function added(...args: string[]): Promise<Answer['records'][0]> {
  return (JSON.parse(await ok('--json', 'record', 'add', 'example.com', ...args)) as Answer).records[0]!;
}

describe('a record', () => {
  it.each([
    // An ACME challenge is base64url (RFC 8555 §8.4): any of its characters may come first.
    ['-x3NbAkq7Zw0Bt8mCDlZzFvJ8H2sQ1f9yUe5o4Ri6Tg'],
    ['--x3NbAkq7Zw0Bt8mCDlZzFvJ8H2sQ1f9yUe5o4Ri6T'],
    ['-h3NbAkq7Zw0Bt8mCDlZzFvJ8H2sQ1f9yUe5o4Ri6Tg'],
    ['-V'],
  ])('takes the value %s, which begins with a hyphen', async (value) => {
    const owner = '_acme-challenge.example.com';
    expect(await added(owner, 'TXT', value, '--ttl', '60')).toMatchObject({ value: `"${value}"`, ttl: 60 });
    expect(await ok('record', 'remove', 'example.com', owner, 'TXT', value)).toMatch(/^1 removed/);
  });

  it('takes what looks like an option after --', async () => {
    expect(await added('x', 'TXT', '--', '--ttl')).toMatchObject({
      owner: 'x.example.com',
      value: '"--ttl"',
    });
    expect(await ok('record', 'rm', 'example.com', 'x', 'TXT', '--', '--ttl')).toMatch(/^1 removed/);
  });

  it('has an owner as zone files write it, and a time to live in minutes', async () => {
    expect(await added('@', 'txt', 'one', '--ttl', '1h30m')).toMatchObject({
      owner: 'example.com',
      ttl: 5400,
    });
    expect(await added('www', 'A', '192.0.2.7')).toMatchObject({ owner: 'www.example.com', ttl: null });
    const listed = JSON.parse(
      await ok('--json', 'record', 'ls', 'example.com', '--owner', 'www'),
    ) as unknown[];
    expect(listed).toHaveLength(1);
    expect(await ok('record', 'rm', 'example.com', '@', 'TXT')).toMatch(/^1 removed/);
    expect(await ok('record', 'delete', 'example.com', 'www')).toMatch(/^1 removed/);
  });
});

describe('a remote box', () => {
  const remote = (...args: string[]): Promise<CliResult> =>
    runSignpost(['--url', box.https!, '--token', adminToken, ...args]);

  async function fingerprint(): Promise<string> {
    const { certificateFingerprint } = JSON.parse(await ok('--json', 'status')) as {
      certificateFingerprint: string;
    };
    return certificateFingerprint;
  }

  it('is trusted by the fingerprint that status shows on the box', async () => {
    const shown = await fingerprint();
    expect(await ok('status')).toContain(`fingerprint: ${shown} (SHA-256`);
    expect((await remote('domain', 'list')).stderr).toContain(shown);
    for (const form of [shown, shown.toLowerCase(), shown.replaceAll(':', '')])
      expect(await remote('--fingerprint', form, 'domain', 'list')).toMatchObject({ code: 0, stderr: '' });
    const byEnvironment = await runSignpost(['--url', box.https!, 'domain', 'list'], {
      env: { SIGNPOST_FINGERPRINT: shown, SIGNPOST_TOKEN: adminToken },
    });
    expect(byEnvironment).toMatchObject({ code: 0, stderr: '' });
  });

  it('is trusted by the certificate itself, for its name', async () => {
    const { hostname, port } = new URL(box.https!);
    const pem = await new Promise<string>((resolve) => {
      const socket = connect({ host: hostname, port: Number(port), rejectUnauthorized: false }, () => {
        resolve(socket.getPeerX509Certificate()!.toString());
        socket.destroy();
      });
    });
    const file = join(box.data, 'box.pem');
    writeFileSync(file, pem);
    // The certificate is for the name of the box, which is none of this machine's.
    const wrongName = await remote('--ca', file, 'domain', 'list');
    expect(wrongName.code).toBe(3);
    expect(wrongName.stderr).toContain('is for another name (its names: box.example.net)');
  });
});
