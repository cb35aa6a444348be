import { createPrivateKey, createPublicKey } from 'node:crypto';
import type { Driver } from '../driver.ts';
import { folder, groupFile } from '../file.ts';
import type { DkimSigner } from '../model.ts';
import { MILTER } from '../postfix/main-cf.ts';
import { supported } from '../version.ts';
import { keyFolder, localFiles } from './config.ts';

const etc = '/etc/rspamd';
const user = '_rspamd';

/** The first packet of a mail server to a milter (SMFIC_OPTNEG): length, command, version 6, all actions, no steps left out. */
const negotiation = '\0\0\0\x0dO\0\0\0\x06\0\0\x01\xff\0\0\0\0';

/** Rspamd 3.4 (Debian 12) and later: filters, and signs with DKIM. */
export const rspamd: Driver = {
  name: 'rspamd',
  packages: ['rspamd'],
  service: {
    unit: 'rspamd.service',
    foreground: { command: 'rspamd', args: ['-c', `${etc}/rspamd.conf`, '-f'], user, stop: 'SIGTERM' },
    folders: [{ path: '/run/rspamd', owner: user, group: user, mode: 0o755 }],
    // As Debian's rspamd.conf says.
    logFile: () => '/var/log/rspamd/rspamd.log',
    reload: 'SIGHUP',
    // At its first start it compiles thousands of patterns, which it then keeps on disk.
    patience: 180_000,
  },
  additions: [],
  keys: {
    folder: keyFolder,
    group: user,
    file: (key) => ({ name: `${key.selector}.key`, content: keyText(key) }),
  },

  async detect(machine) {
    const { status, output } = await machine.run('rspamd', ['--version']);
    const version = /version ([\d.]+)/.exec(output)?.[1];
    if (status !== 0 || version === undefined) return { kind: 'missing' };
    return supported('Rspamd', version, { atLeast: [3, 4], below: [4, 0] });
  },

  render: (model) => [
    folder(keyFolder, 0o750, 'root', user),
    ...Object.entries(localFiles(model)).map(([name, text]) => {
      const path = `${etc}/local.d/${name}`;
      return { ...groupFile(path, user, text), ...(name === 'redis.conf' ? { secret: true } : {}) };
    }),
  ],

  async check(root, machine) {
    // Debian's files as they are, with ours below another `local.d`.
    const { status, output } = await machine.run('rspamadm', [
      `--var=LOCAL_CONFDIR=${root}${etc}`,
      'configtest',
      '-c',
      `${etc}/rspamd.conf`,
    ]);
    return status === 0 && output.includes('syntax OK') ? undefined : output.trim();
  },

  async health(machine) {
    const said = await machine.greeting({ port: MILTER.port }, negotiation);
    if (said === undefined) return `Rspamd does not answer on port ${MILTER.port}.`;
    return said[4] === 'O' ? undefined : `What answers on port ${MILTER.port} is no milter.`;
  },

  // Its main process reads all files and compiles the patterns anew, for seconds, before it starts workers in place of the old ones.
  async serving(machine) {
    const { status, output } = await machine.run('pgrep', ['-f', '^rspamd: rspamd_proxy process']);
    // 1: there is none; else there is no pgrep.
    if (status > 1) return undefined;
    return status === 0 ? output.trim().split('\n') : [];
  },
};

/** Rspamd reads RSA in PEM, and of Ed25519 the seed with the public key, in base64. */
function keyText({ algorithm, privateKey }: DkimSigner): string {
  if (algorithm === 'rsa') return privateKey;
  const key = createPrivateKey(privateKey);
  const seed = Buffer.from(key.export({ format: 'jwk' }).d!, 'base64url');
  const publicKey = Buffer.from(createPublicKey(key).export({ format: 'jwk' }).x!, 'base64url');
  return `${Buffer.concat([seed, publicKey]).toString('base64')}\n`;
}
