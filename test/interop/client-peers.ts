import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sleep, systemClock } from '../../src/core/clock.ts';
import { systemRandom } from '../../src/core/random.ts';
import { query } from '../../src/dns/client/query.ts';
import { Type } from '../../src/dns/type-codes.ts';
import { Name } from '../../src/dns/wire/name.ts';
import { freePort } from '../kit/free-port.ts';

/** Zone texts by zone name. */
export type Zones = Record<string, string>;

/** Real name servers on loopback addresses, all on one port, in a scratch folder of their own. */
export interface Peers {
  port: number;
  /** BIND (it takes only addresses that the interface has); every zone may be transferred but those in `private`. */
  named(address: '127.0.0.1', zones: Zones, options?: { private?: string[] }): Promise<void>;
  nsd(address: string, zones: Zones): Promise<void>;
  /** Knot; zones in `signed` are signed by it. */
  knot(address: string, zones: Zones, options?: { signed?: string[] }): Promise<void>;
  stop(): Promise<void>;
}

export async function createPeers(): Promise<Peers> {
  const port = await freePort();
  const scratch = mkdtempSync(join(tmpdir(), 'peers-'));
  const processes: ChildProcess[] = [];

  /** Writes zones and configuration, starts the program and waits until it answers. */
  async function start(
    address: string,
    zones: Zones,
    command: (folder: string) => { program: string; args: string[]; config: string },
  ): Promise<void> {
    const folder = join(scratch, address);
    mkdirSync(join(folder, 'db'), { recursive: true });
    for (const [zone, text] of Object.entries(zones)) writeFileSync(join(folder, fileOf(zone)), text);
    const { program, args, config } = command(folder);
    writeFileSync(join(folder, 'config'), config);
    const child = spawn(program, args, { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] });
    processes.push(child);
    let output = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
    const name = Name.parse(Object.keys(zones)[0]!);
    const ask = { server: { address, port }, name, type: Type.SOA, clock: systemClock, random: systemRandom };
    for (let attempt = 0; attempt < 100 && child.exitCode === null; attempt++) {
      const result = await query({ ...ask, timeout: 200, retries: 0 });
      if (result.kind === 'answer' && result.message.answers.length > 0) return;
      await sleep(systemClock, 100);
    }
    throw new Error(`${program} does not answer:\n${output}`);
  }

  return {
    port,
    named: (address, zones, options) =>
      start(address, zones, (folder) => ({
        program: 'named',
        args: ['-g', '-n', '1', '-c', join(folder, 'config')],
        config: namedConfig(folder, address, port, Object.keys(zones), options?.private ?? []),
      })),
    nsd: (address, zones) =>
      start(address, zones, (folder) => ({
        program: 'nsd',
        args: ['-d', '-c', join(folder, 'config')],
        config: nsdConfig(folder, address, port, Object.keys(zones)),
      })),
    knot: (address, zones, options) =>
      start(address, zones, (folder) => ({
        program: 'knotd',
        args: ['-c', join(folder, 'config')],
        config: knotConfig(folder, address, port, Object.keys(zones), options?.signed ?? []),
      })),
    async stop() {
      for (const child of processes) {
        if (child.exitCode !== null || child.signalCode !== null) continue;
        const ended = once(child, 'exit');
        child.kill('SIGTERM');
        await ended;
      }
      rmSync(scratch, { recursive: true, force: true });
    },
  };
}

/** A port that was free on 127.0.0.1 a moment ago. */
function fileOf(zone: string): string {
  return `${zone === '.' ? 'root' : zone}.zone`;
}

function namedConfig(
  folder: string,
  address: string,
  port: number,
  zones: string[],
  closed: string[],
): string {
  return `
options {
  directory "${folder}"; pid-file none; session-keyfile none; recursion no; dnssec-validation no; notify no;
  listen-on port ${port} { ${address}; }; listen-on-v6 { none; }; allow-transfer { any; };
};
controls { };
${zones
  .map((zone) => {
    const transfer = closed.includes(zone) ? 'allow-transfer { none; };' : '';
    return `zone "${zone}" { type primary; file "${fileOf(zone)}"; ${transfer} };`;
  })
  .join('\n')}
`;
}

function nsdConfig(folder: string, address: string, port: number, zones: string[]): string {
  return `
server:
  ip-address: ${address}@${port}
  server-count: 1
  zonesdir: "${folder}"
  database: ""
  pidfile: "${folder}/nsd.pid"
  xfrdfile: "${folder}/xfrd.state"
  xfrdir: "${folder}"
  zonelistfile: "${folder}/zone.list"
  cookie-secret-file: "${folder}/cookie"
  username: ""
  rrl-ratelimit: 0
remote-control:
  control-enable: no
${zones
  .map((zone) => `zone:\n  name: "${zone}"\n  zonefile: "${fileOf(zone)}"\n  provide-xfr: 0.0.0.0/0 NOKEY`)
  .join('\n')}
`;
}

function knotConfig(
  folder: string,
  address: string,
  port: number,
  zones: string[],
  signed: string[],
): string {
  return `
server:
  listen: ${address}@${port}
  rundir: ${folder}
  udp-workers: 1
  tcp-workers: 1
  background-workers: 1
database:
  storage: ${folder}/db
acl:
  - id: all
    action: transfer
zone:
${zones
  .map(
    (zone) =>
      `  - domain: "${zone}"\n    storage: ${folder}\n    file: "${fileOf(zone)}"\n    zonefile-sync: -1\n    acl: all\n` +
      `    dnssec-signing: ${signed.includes(zone) ? 'on' : 'off'}`,
  )
  .join('\n')}
`;
}
