import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { drivers } from '../../src/mail/drivers/registry.ts';

/** Releases of Debian, by the name of what is kept of each, outside the checkout, so that a machine makes it once. */
const bases = {
  bookworm: { suite: 'bookworm', packages: [] },
  /** Debian 13 with the mail servers, and with what tests look at them. */
  'trixie-mail': {
    suite: 'trixie',
    packages: [
      ...drivers.flatMap((driver) => driver.packages),
      ...['bind9-dnsutils', 'curl', 'iproute2', 'libnet-ssleay-perl', 'openssl', 'swaks', 'unbound'],
      ...['fail2ban', 'nftables', 'python3-systemd'],
      // The pinned Node wants it.
      'libatomic1',
    ],
  },
} as const satisfies Record<string, { suite: string; packages: readonly string[] }>;

export type DebianBase = keyof typeof bases;

/** @throws Error with what the command printed */
export function run(command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${error?.message ?? stdout + stderr}`);
  return stdout;
}

/** The folder with a Debian, made if need be. It is for everybody: what changes must change in an overlay. */
export function debianBase(name: DebianBase): string {
  const { suite, packages } = bases[name];
  const hash = createHash('sha256').update(packages.join()).digest('hex').slice(0, 8);
  // Other packages, another folder.
  const base = `/var/cache/signpost-tests/${name}${packages.length > 0 ? `-${hash}` : ''}`;
  if (existsSync(base)) return base;
  mkdirSync(dirname(base), { recursive: true });
  const part = mkdtempSync(`${base}-`);
  try {
    const include = '--include=systemd,systemd-sysv,dbus,procps,ca-certificates';
    run('debootstrap', '--variant=minbase', include, suite, part, 'http://deb.debian.org/debian');
    if (packages.length > 0) install(part, packages);
    renameSync(part, base);
  } finally {
    rmSync(part, { recursive: true, force: true });
  }
  return base;
}

function install(root: string, packages: readonly string[]): void {
  for (const file of ['etc/resolv.conf', 'etc/hosts']) copyFileSync(join('/', file), join(root, file));
  // Nothing is started while it is made (Debian policy-rc.d).
  const policy = join(root, 'usr/sbin/policy-rc.d');
  writeFileSync(policy, '#!/bin/sh\nexit 101\n', { mode: 0o755 });
  const apt = ['chroot', root, 'env', 'DEBIAN_FRONTEND=noninteractive', 'LC_ALL=C', 'apt-get', '-qq'];
  run('mount', '-t', 'proc', 'proc', join(root, 'proc'));
  try {
    run(apt[0]!, ...apt.slice(1), 'update');
    run(apt[0]!, ...apt.slice(1), 'install', '-y', '--no-install-recommends', ...packages);
    run(apt[0]!, ...apt.slice(1), 'clean');
  } finally {
    run('umount', join(root, 'proc'));
  }
  rmSync(policy);
}

/** The files of a Debian with systemd, to be changed at will; `folder` holds the changes. Needs root. */
export function mountDebian(
  folder: string,
  base: DebianBase = 'bookworm',
): { root: string; unmount(): void } {
  const lower = debianBase(base);
  const [root, upper, work] = ['root', 'upper', 'work'].map((name) => join(folder, name));
  for (const path of [root!, upper!, work!]) mkdirSync(path, { recursive: true });
  const options = `lowerdir=${lower},upperdir=${upper!},workdir=${work!}`;
  run('mount', '-t', 'overlay', 'overlay', '-o', options, root!);
  return { root: root!, unmount: () => void run('umount', '--recursive', root!) };
}
