import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { missing } from '../../../test/kit/requires.ts';
import { readSshFingerprints } from './ssh-host-keys.ts';

const reason = missing({ commands: ['ssh-keygen'] });

describe.skipIf(reason)(`the fingerprints of SSH host keys ${reason ?? ''}`, () => {
  const folder = mkdtempSync(join(tmpdir(), 'ssh-host-keys-'));
  const kinds = ['ecdsa', 'ed25519', 'rsa'];
  const fileOf = (kind: string): string => join(folder, `ssh_host_${kind}_key`);
  beforeAll(() => {
    for (const kind of kinds)
      execFileSync('ssh-keygen', ['-q', '-t', kind, '-N', '', '-C', 'a b', '-f', fileOf(kind)]);
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true }));

  test('RFC 4255 §3.1.1, §3.1.3: algorithm and SHA-256 of the key are those that OpenSSH finds', () => {
    const printed = kinds.flatMap((kind) =>
      execFileSync('ssh-keygen', ['-r', 'host', '-f', `${fileOf(kind)}.pub`], { encoding: 'utf8' })
        .split('\n')
        .flatMap((line) => /SSHFP (\d+) 2 (\w+)/.exec(line)?.slice(1).join(' ') ?? []),
    );
    expect(printed).toHaveLength(3);
    expect(readSshFingerprints(folder).map(({ algorithm, sha256 }) => `${algorithm} ${sha256}`)).toEqual(
      printed,
    );
  });
});

test('RFC 4255 §3.1: no SSH server, no record', () => {
  expect(readSshFingerprints('/nonexistent')).toEqual([]);
});
