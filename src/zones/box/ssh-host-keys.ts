import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import type { SshFingerprint } from '../model.ts';

/** RFC 4255 §3.1.1, RFC 6594, RFC 7479. */
const algorithms: Record<string, number> = {
  'ssh-rsa': 1,
  'ecdsa-sha2-nistp256': 3,
  'ecdsa-sha2-nistp384': 3,
  'ecdsa-sha2-nistp521': 3,
  'ssh-ed25519': 4,
};

/** The fingerprints of the SSH host keys in a folder such as /etc/ssh; none where there is no SSH server. */
export function readSshFingerprints(folder: string): SshFingerprint[] {
  return globSync(`${folder}/ssh_host_*_key.pub`)
    .sort()
    .flatMap((path) => {
      const [kind = '', key = ''] = readFileSync(path, 'utf8').split(' ');
      const algorithm = algorithms[kind];
      if (algorithm === undefined) return [];
      return [{ algorithm, sha256: createHash('sha256').update(Buffer.from(key, 'base64')).digest('hex') }];
    });
}
