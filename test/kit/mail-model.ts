import { execFileSync } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type DomainKeys,
  type MailModel,
  MESSAGE_SIZE_LIMIT,
  SPAM_SCORES,
} from '../../src/mail/drivers/model.ts';
import { drivers } from '../../src/mail/drivers/registry.ts';

export const directoryPath = '/srv/signpost/mail/directory.sqlite';

/** Both keys of a domain, and their records' values by selector. */
export function dkimKeys(domain: string): { signers: DomainKeys; records: Record<string, string> } {
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const ed25519 = generateKeyPairSync('ed25519');
  const pem = (key: typeof rsa.privateKey): string => key.export({ type: 'pkcs8', format: 'pem' });
  const spki = rsa.publicKey.export({ type: 'spki', format: 'der' }).toString('base64');
  const raw = Buffer.from(ed25519.publicKey.export({ format: 'jwk' }).x!, 'base64url').toString('base64');
  return {
    signers: {
      domain,
      keys: [
        { selector: 'ed2611a', algorithm: 'ed25519', privateKey: pem(ed25519.privateKey) },
        { selector: 'rsa2611a', algorithm: 'rsa', privateKey: pem(rsa.privateKey) },
      ],
    },
    records: {
      [`ed2611a._domainkey.${domain}`]: `v=DKIM1; k=ed25519; p=${raw}`,
      [`rsa2611a._domainkey.${domain}`]: `v=DKIM1; k=rsa; p=${spki}`,
    },
  };
}

export function selfSigned(hostname: string): MailModel['certificate'] {
  const folder = mkdtempSync(join(tmpdir(), 'signpost-tls-'));
  try {
    const [key, chain] = [join(folder, 'key'), join(folder, 'chain')];
    const flags = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '30'];
    const name = ['-subj', `/CN=${hostname}`, '-addext', `subjectAltName=DNS:${hostname}`];
    execFileSync('openssl', ['req', '-x509', ...flags, ...name, '-keyout', key, '-out', chain], {
      stdio: 'pipe',
    });
    return { chain: readFileSync(chain, 'utf8'), key: readFileSync(key, 'utf8') };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What a box has that wants nothing beside mail. */
export const neededDrivers = drivers.filter(({ wanted }) => wanted === undefined);

export const web = {
  api: 'http://127.0.0.1:8080',
  sessionKey: 'a-key-of-sessions-32-characters-',
  sites: [],
};

export function mailModel(hostname: string, changes: Partial<MailModel> = {}): MailModel {
  return {
    hostname,
    directory: directoryPath,
    nameserver: { zone: hostname, address: '127.0.0.1', port: 53 },
    certificate: selfSigned(hostname),
    filters: [],
    ...changes,
    settings: {
      messageSizeLimit: MESSAGE_SIZE_LIMIT,
      greylisting: false,
      scores: SPAM_SCORES,
      redisPassword: 'a-password-of-redis',
      ...changes.settings,
    },
  };
}
