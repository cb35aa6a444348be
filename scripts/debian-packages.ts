import { spawnSync } from 'node:child_process';
import { existsSync, rmSync, writeFileSync } from 'node:fs';

/** The peers and checkers that the tests run, none of them written here. */
const packages = [
  'bind9',
  'bind9-dnsutils',
  'bind9-utils',
  'certbot',
  'chromium',
  'curl',
  'debootstrap',
  'dns-root-data',
  'dnsperf',
  'dnsviz',
  'dovecot-fts-xapian',
  'dovecot-imapd',
  'dovecot-lmtpd',
  'dovecot-managesieved',
  'dovecot-pop3d',
  'dovecot-sieve',
  'dovecot-sqlite',
  'fail2ban',
  'faketime',
  'graphviz',
  'iproute2',
  'knot',
  'knot-dnssecutils',
  'ldnsutils',
  'lego',
  'libsasl2-modules',
  'libxml2-utils',
  'nginx-light',
  'nsd',
  'openssl',
  'pdns-backend-lmdb',
  'pdns-server',
  'pebble',
  'php8.2-fpm',
  'php8.2-sqlite3',
  'postfix',
  'postfix-mta-sts-resolver',
  'postfix-pcre',
  'postfix-sqlite',
  'procps',
  'prometheus',
  'python3-certbot-dns-rfc2136',
  'python3-dkim',
  'python3-jsonschema',
  'python3-nacl',
  'python3-pygraphviz',
  'redis-server',
  'roundcube-core',
  'roundcube-plugins',
  'roundcube-sqlite3',
  'rspamd',
  'sslscan',
  'swaks',
  'systemd',
  'systemd-container',
  'unbound',
  'validns',
  'zonemaster-cli',
];

/** Says, for every daemon a package would start, that it must not (Debian policy-rc.d). */
const policy = '/usr/sbin/policy-rc.d';

function installed(name: string): boolean {
  const query = spawnSync('dpkg-query', ['-W', '-f=${db:Status-Status}', name], { encoding: 'utf8' });
  return query.stdout === 'installed';
}

function apt(...args: string[]): boolean {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  return spawnSync('apt-get', ['-qq', ...args], { stdio: ['ignore', 2, 2], env }).status === 0;
}

/** Installs what is missing, when this is Debian and we are root; otherwise names it. */
export function installPeers(): void {
  if (spawnSync('dpkg-query', ['--version']).status !== 0) return;
  const missing = packages.filter((name) => !installed(name));
  if (missing.length === 0) return;
  if (process.getuid?.() !== 0) {
    console.error(`signpost: tests against real peers need root, or: apt-get install ${missing.join(' ')}`);
    return;
  }
  console.error(`signpost: installing ${missing.join(' ')} …`);
  const ours = !existsSync(policy);
  if (ours) writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  try {
    if (!apt('update') || !apt('install', '-y', '--no-install-recommends', ...missing)) {
      console.error('signpost: apt-get failed; the tests that need these packages will say so.');
    }
  } finally {
    if (ours) rmSync(policy);
  }
}
