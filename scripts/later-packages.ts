import { spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/**
 * Peers of which Debian 12 has a version that lacks what the tests need. They are unpacked, not installed, so that nothing
 * of the system changes.
 */
const packages = [
  // ARI (RFC 9773).
  { suite: 'trixie', name: 'pebble', libraries: [] },
  // Profiles, and ARI as the RFC has it in the end.
  { suite: 'forky', name: 'pebble', libraries: [] },
  // Elliptic curves with OpenSSL 3, CAA and CDS.
  { suite: 'trixie', name: 'validns', libraries: ['libc6', 'libjudydebian1', 'libssl3t64'] },
  // Transfers over TLS (RFC 9103).
  {
    suite: 'trixie',
    name: 'knot',
    libraries: [
      ...['libc6', 'libgcc-s1', 'libknot15', 'libdnssec9t64', 'libzscanner4t64', 'libcap-ng0', 'libcap2'],
      ...['libedit2', 'libbsd0', 'libmd0', 'libtinfo6', 'liblmdb0', 'libsystemd0', 'liburcu8t64'],
      ...['libgnutls30t64', 'libnettle8t64', 'libhogweed6t64', 'libgmp10', 'libidn2-0', 'libunistring5'],
      ...['libtasn1-6', 'libp11-kit0', 'libffi8', 'libngtcp2-16', 'libngtcp2-crypto-gnutls8'],
      ...['libxdp1', 'libbpf1', 'libelf1t64', 'libmnl0', 'zlib1g', 'libzstd1'],
    ],
  },
] as const;

type LaterPackage = (typeof packages)[number];

/** Outside the checkout, so that each machine fetches once. */
const cache = '/var/cache/signpost-tests';
const keyring = '/usr/share/keyrings/debian-archive-keyring.gpg';

/** Folder with the files of a package of a later Debian, once `unpackLaterPeers` has been there. */
export function laterPackage(suite: LaterPackage['suite'], name: LaterPackage['name']): string {
  return join(cache, suite, name);
}

/**
 * Command of a program in such a folder, with the libraries that were unpacked beside it: those of the system may be older than it
 * needs.
 */
export function withLibraries(folder: string, program: string): string[] {
  const [loader] = globSync('usr/lib/*-linux-gnu/ld-linux-*', { cwd: folder });
  if (loader === undefined) return [join(folder, program)];
  return [join(folder, loader), '--library-path', join(folder, dirname(loader)), join(folder, program)];
}

/** Fetches what is missing, when this is Debian and we are root; the tests that need what cannot be had say so. */
export function unpackLaterPeers(): void {
  if (spawnSync('apt-get', ['--version']).status !== 0 || process.getuid?.() !== 0) return;
  for (const { suite, name, libraries } of packages) {
    const folder = laterPackage(suite, name);
    if (existsSync(folder)) continue;
    console.error(`signpost: fetching ${name} of Debian ${suite} …`);
    try {
      unpack(suite, [name, ...libraries], folder);
    } catch (error) {
      // Another run may have been quicker.
      if (existsSync(folder)) continue;
      console.error(`signpost: ${name} of Debian ${suite} cannot be had: ${(error as Error).message}`);
    }
  }
}

/** The package lists are ours alone, and empty before: of a suite that Debian did not sign, apt takes nothing. */
function unpack(suite: string, names: readonly string[], folder: string): void {
  mkdirSync(dirname(folder), { recursive: true });
  const work = mkdtempSync(`${folder}-`);
  try {
    const options = aptOptions(suite, work);
    run(work, 'apt-get', '-qq', ...options, 'update');
    run(work, 'apt-get', '-qq', ...options, 'download', ...names);
    const files = join(work, 'files');
    for (const archive of globSync('*.deb', { cwd: work })) run(work, 'dpkg-deb', '-x', archive, files);
    renameSync(files, folder);
  } finally {
    rmSync(work, { recursive: true, force: true });
  }
}

/** Makes apt look at one suite of Debian's, and keep what it knows in `work`. */
function aptOptions(suite: string, work: string): string[] {
  const list = join(work, 'sources.list');
  writeFileSync(list, `deb [signed-by=${keyring}] http://deb.debian.org/debian ${suite} main\n`);
  mkdirSync(join(work, 'lists/partial'), { recursive: true });
  const settings = {
    'Dir::Etc::sourcelist': list,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::lists': join(work, 'lists'),
    'Dir::Cache': join(work, 'cache'),
    'Acquire::Languages': 'none',
    // What it fetches is for us to read, not for the user _apt.
    'APT::Sandbox::User': 'root',
  };
  return Object.entries(settings).flatMap(([key, value]) => ['-o', `${key}=${value}`]);
}

/** @throws Error */
function run(cwd: string, command: string, ...args: string[]): void {
  const { status } = spawnSync(command, args, { cwd, stdio: ['ignore', 2, 2] });
  if (status !== 0) throw new Error(`${command} failed`);
}
