import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtempSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { SocketAddress } from '../../src/dns/server/transport.ts';
import { freePort } from './free-port.ts';

/** A directory of its own for one test. */
export function scratch(): string {
  return mkdtempSync(join(tmpdir(), 'signpost-test-'));
}

/** Runs a tool to its end; throws with its words when it fails. */
export function run(directory: string, command: string, ...args: string[]): string {
  const { status, stdout, stderr, error } = spawnSync(command, args, {
    cwd: directory,
    encoding: 'utf8',
    timeout: 15_000,
  });
  if (error) throw error;
  if (status !== 0) throw new Error(`${command} ${args.join(' ')}: ${stderr}${stdout}`);
  return stdout + stderr;
}

/** Signs a zone file with BIND's dnssec-signzone; also the trust anchor: the KSK's DNSKEY record. */
export function bindSign(
  zone: string,
  origin: string,
  denial: 'nsec' | 'nsec3',
): { directory: string; file: string; text: string; anchor: string } {
  const directory = scratch();
  const ksk = run(directory, 'dnssec-keygen', '-q', '-a', '13', '-f', 'KSK', origin).trim();
  run(directory, 'dnssec-keygen', '-q', '-a', '13', origin);
  const keys = readdirSync(directory).filter((name) => name.endsWith('.key'));
  const text = [zone, ...keys.map((name) => readFileSync(join(directory, name), 'utf8'))].join('\n');
  writeFileSync(join(directory, 'unsigned'), text);
  const chain = denial === 'nsec3' ? ['-3', '-', '-H', '0'] : [];
  run(directory, 'dnssec-signzone', '-q', '-O', 'full', ...chain, '-o', origin, '-f', 'signed', 'unsigned');
  const anchor = readFileSync(join(directory, `${ksk}.key`), 'utf8')
    .split('\n')
    .find((line) => line.includes('DNSKEY') && !line.startsWith(';'))!;
  const file = join(directory, 'signed');
  return { directory, file, text: readFileSync(file, 'utf8'), anchor };
}

export interface Peer {
  name: string;
  address: SocketAddress;
  stop(): Promise<void>;
}

/** Starts NSD with one zone on loopback. */
export async function startNsd(origin: string, file: string): Promise<Peer> {
  const directory = scratch();
  const port = await freePort();
  const conf = `server:
  ip-address: 127.0.0.1@${port}
  username: ""
  chroot: ""
  database: ""
  zonesdir: "${directory}"
  zonelistfile: "${directory}/zone.list"
  xfrdfile: "${directory}/xfrd.state"
  pidfile: "${directory}/nsd.pid"
  xfrdir: "${directory}"
  server-count: 1
  minimal-responses: yes
  refuse-any: yes
  ipv4-edns-size: 4096
  rrl-ratelimit: 0
remote-control:
  control-enable: no
zone:
  name: ${origin}
  zonefile: ${file}
`;
  writeFileSync(join(directory, 'nsd.conf'), conf);
  return peer('NSD', port, spawn('nsd', ['-d', '-c', join(directory, 'nsd.conf')], { stdio: 'ignore' }));
}

export interface KnotPeer extends Peer {
  /** Reads the file again. */
  reload(): void;
  /** Hangs from now on, with its sockets open, and goes on. */
  pause(): void;
  resume(): void;
}

/** Starts Knot DNS with one zone on loopback. */
export async function startKnot(origin: string, file: string): Promise<KnotPeer> {
  const directory = scratch();
  const port = await freePort();
  const conf = `server:
  rundir: ${directory}
  listen: 127.0.0.1@${port}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
  udp-max-payload: 4096
database:
  storage: ${directory}
zone:
  - domain: ${origin}
    file: ${file}
    zonefile-sync: -1
    semantic-checks: off
`;
  writeFileSync(join(directory, 'knot.conf'), conf);
  const child = spawn('knotd', ['-c', join(directory, 'knot.conf')], { stdio: 'ignore' });
  return {
    ...peer('Knot', port, child),
    reload: () => void child.kill('SIGHUP'),
    pause: () => void child.kill('SIGSTOP'),
    resume: () => void child.kill('SIGCONT'),
  };
}

/** Starts BIND with one zone on loopback; like the others it says no more than it must. */
export async function startBind(origin: string, file: string): Promise<Peer> {
  const directory = scratch();
  const port = await freePort();
  const conf = `options {
  directory "${directory}"; pid-file none; session-keyfile none;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; dnssec-validation no; notify no; minimal-responses yes; check-names primary ignore;
};
controls { };
zone "${origin}" { type primary; file "${file}"; };
`;
  writeFileSync(join(directory, 'named.conf'), conf);
  const args = ['-g', '-n', '1', '-c', join(directory, 'named.conf')];
  return peer('BIND', port, spawn('named', args, { stdio: 'ignore' }));
}

/** A child process that serves at a port, and how to end it. */
export function peer(name: string, port: number, child: ChildProcess): Peer {
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return {
    name,
    address: { address: '127.0.0.1', port },
    async stop() {
      child.kill('SIGTERM');
      await ended;
    },
  };
}

export interface UnboundOptions {
  directory?: string;
  /** Of the section `remote-control`. */
  control?: string;
  env?: Record<string, string>;
}

/** Starts a validating Unbound that asks `server` for each of the zones and trusts the anchor (a DNSKEY record). */
export async function startUnbound(
  anchor: string,
  zones: string[],
  server: SocketAddress,
  { directory = scratch(), control = 'control-enable: no', env = {} }: UnboundOptions = {},
): Promise<Peer> {
  const port = await freePort();
  const stubs = zones.map(
    (zone) => `stub-zone:\n  name: "${zone}"\n  stub-addr: ${server.address}@${server.port}\n`,
  );
  const conf = `server:
  interface: 127.0.0.1@${port}
  do-daemonize: no
  username: ""
  chroot: ""
  directory: "${directory}"
  pidfile: ""
  use-syslog: no
  logfile: "${directory}/log"
  num-threads: 1
  do-not-query-localhost: no
  module-config: "validator iterator"
  trust-anchor: "${anchor.replace(/\s+/g, ' ')}"
  trust-anchor-signaling: no
remote-control:
  ${control}
${stubs.join('')}`;
  writeFileSync(join(directory, 'unbound.conf'), conf);
  const child = spawn('unbound', ['-d', '-c', join(directory, 'unbound.conf')], {
    stdio: 'ignore',
    env: { ...process.env, ...env },
  });
  return peer('Unbound', port, child);
}
