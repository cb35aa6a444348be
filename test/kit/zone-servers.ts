import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { freePort } from './free-port.ts';

/** A nameserver on loopback with one thread that answers, as a process of its own. */
export interface Nameserver {
  name: string;
  port: number;
  process: ChildProcess;
  /** When it was started, by `performance.now()`. */
  began: number;
}

/** The zones that all of them serve: `origin.zone` in the folder. */
export interface Zones {
  folder: string;
  origins: string[];
  /** A server that they can be transferred from: its port on loopback. */
  primary: number;
}

export interface Peer {
  name: string;
  command: string;
  /** Its version, in the words of its own. */
  version: string[];
  /** Takes the zones by transfer. */
  transfers?: boolean;
  start(at: string, port: number, zones: Zones): string[];
}

/** Other nameservers, set up to say no more than they must, as we do. PowerDNS takes the zones by transfer: it reads no signed zone files. */
export const peers: Peer[] = [
  {
    name: 'Knot DNS',
    command: 'knotd',
    version: ['knotd', '--version'],
    start(at, port, { folder, origins }) {
      write(
        at,
        `server:
  rundir: ${at}
  listen: 127.0.0.1@${port}
  udp-workers: 1
  udp-max-payload: 4096
  tcp-workers: 1
  background-workers: 1
database:
  storage: ${at}
acl:
  - id: transfer
    address: 127.0.0.1
    action: transfer
template:
  - id: default
    storage: ${folder}
    file: "%s.zone"
    zonefile-sync: -1
    zonefile-load: whole
    journal-content: none
    semantic-checks: off
    acl: transfer
zone:
${origins.map((origin) => `  - domain: ${origin}\n`).join('')}`,
      );
      return ['knotd', '-c', `${at}/conf`];
    },
  },
  {
    name: 'NSD',
    command: 'nsd',
    version: ['nsd', '-v'],
    start(at, port, { folder, origins }) {
      const zones = origins.map(
        (origin) =>
          `zone:\n  name: ${origin}\n  zonefile: ${folder}/${origin}.zone\n  provide-xfr: 127.0.0.1 NOKEY\n`,
      );
      write(
        at,
        `server:
  ip-address: 127.0.0.1@${port}
  username: ""
  chroot: ""
  database: ""
  zonesdir: "${at}"
  zonelistfile: "${at}/zone.list"
  xfrdfile: "${at}/xfrd.state"
  pidfile: "${at}/nsd.pid"
  xfrdir: "${at}"
  server-count: 1
  ipv4-edns-size: 4096
  minimal-responses: yes
  refuse-any: yes
  rrl-ratelimit: 0
remote-control:
  control-enable: no
${zones.join('')}`,
      );
      return ['nsd', '-d', '-c', `${at}/conf`];
    },
  },
  {
    name: 'BIND',
    command: 'named',
    version: ['named', '-v'],
    start(at, port, { folder, origins }) {
      const zones = origins.map(
        (origin) => `zone "${origin}" { type primary; file "${folder}/${origin}.zone"; };\n`,
      );
      write(
        at,
        `options {
  directory "${at}"; pid-file none; session-keyfile none;
  listen-on port ${port} { 127.0.0.1; }; listen-on-v6 { none; };
  recursion no; dnssec-validation no; notify no; minimal-responses yes; zero-no-soa-ttl no; max-udp-size 4096; check-names primary ignore;
};
controls { };
${zones.join('')}`,
      );
      return ['named', '-f', '-n', '1', '-c', `${at}/conf`];
    },
  },
  {
    name: 'PowerDNS',
    command: 'pdns_server',
    version: ['pdns_server', '--version'],
    transfers: true,
    start(at, port, { origins, primary }) {
      writeFileSync(
        join(at, 'pdns.conf'),
        `launch=lmdb
lmdb-filename=${at}/zones.lmdb
lmdb-shards=1
secondary=yes
local-address=127.0.0.1
local-port=${port}
socket-dir=${at}
setuid=
setgid=
xfr-cycle-interval=1
retrieval-threads=4
receiver-threads=1
distributor-threads=1
udp-truncation-threshold=4096
dname-processing=yes
8bit-dns=yes
loglevel=0
`,
      );
      const commands = origins.map(
        (origin) => `pdnsutil --config-dir='${at}' create-secondary-zone ${origin} 127.0.0.1:${primary}`,
      );
      execFileSync('sh', ['-e'], { input: commands.join('\n'), stdio: ['pipe', 'ignore', 'pipe'] });
      return ['pdns_server', `--config-dir=${at}`];
    },
  },
];

function write(at: string, configuration: string): void {
  writeFileSync(join(at, 'conf'), configuration);
}

export function isInstalled({ command }: Peer): boolean {
  return spawnSync('which', [command]).status === 0;
}

export function versionOf({ version: [command, ...args] }: Peer): string {
  const { stdout, stderr } = spawnSync(command!, args, { encoding: 'utf8' });
  return /\d+\.\d+\.\d+/.exec(stdout + stderr)?.[0] ?? 'of an unknown version';
}

/** Starts a peer, on one core where one is named. */
export async function startPeer(
  peer: Peer,
  folder: string,
  zones: Zones,
  core?: number,
): Promise<Nameserver> {
  const at = join(folder, peer.command);
  mkdirSync(at, { recursive: true });
  const port = await freePort();
  const command = peer.start(at, port, zones);
  const began = performance.now();
  return { name: peer.name, port, process: pinned(command, core), began };
}

export function pinned(command: string[], core?: number): ChildProcess {
  const [program, ...args] = core === undefined ? command : ['taskset', '-c', `${core}`, ...command];
  return spawn(program!, args, { stdio: 'ignore' });
}

export async function stopNameserver({ process: child }: Nameserver): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}

/** A process and all that it started. */
function family(pid: number): number[] {
  const children = readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim();
  return [pid, ...(children === '' ? [] : children.split(' ').flatMap((child) => family(Number(child))))];
}

/** Seconds of CPU time that a nameserver took until now, by schedstat (nanoseconds, where stat has hundredths of a second). */
export function cpuOf({ process: { pid } }: Pick<Nameserver, 'process'>): number {
  let nanoseconds = 0;
  for (const each of family(pid!))
    for (const thread of readdirSync(`/proc/${each}/task`))
      nanoseconds += Number(readFileSync(`/proc/${each}/task/${thread}/schedstat`, 'utf8').split(' ')[0]);
  return nanoseconds / 1e9;
}

/** MiB that it would give back: what processes share counts in parts (PSS). */
export function memoryOf({ process: { pid } }: Pick<Nameserver, 'process'>): number {
  const sizes = family(pid!).map((each) =>
    Number(/^Pss:\s+(\d+)/m.exec(readFileSync(`/proc/${each}/smaps_rollup`, 'utf8'))![1]),
  );
  return sizes.reduce((sum, size) => sum + size, 0) / 1024;
}
