import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { RunningBox } from './box.ts';

/** Other nameservers as secondaries, with the configuration that the box prints. */
export type SecondaryPeer = 'knot' | 'nsd' | 'bind' | 'powerdns';

/** What they need to be installed. */
export const secondaryCommands: Record<SecondaryPeer, string[]> = {
  knot: ['knotd', 'knotc'],
  nsd: ['nsd', 'nsd-checkconf', 'nsd-control'],
  bind: ['named', 'named-checkconf'],
  powerdns: ['pdns_server', 'pdnsutil'],
};

export interface RunningSecondary {
  server: SecondaryPeer;
  address: string;
  port: number;
  /** Its folder. */
  at: string;
  /** What it wrote until now. */
  output: () => string;
  pid: number;
  stop(): Promise<void>;
}

export interface SecondaryOptions {
  box: Pick<RunningBox, 'api' | 'dns'>;
  folder: string;
  server: SecondaryPeer;
  /** The secret of the TSIG key, in base64. */
  secret: string;
  /** Of the secondary in the box. */
  name: string;
  /** Where it answers, and asks from. */
  address: string;
  port: number;
  /** Knot takes only zones with a digest that is right (ZONEMD, RFC 8976). */
  verifyDigests?: boolean;
}

const frames: Record<
  Exclude<SecondaryPeer, 'powerdns'>,
  (at: string, address: string, port: number) => string
> = {
  knot: (at, address, port) => `server:
    rundir: "${at}"
    listen: ${address}@${port}
    background-workers: 1
database:
    storage: "${at}"
template:
  - id: default
    storage: "${at}"
log:
  - target: stdout
    any: info
`,
  nsd: (at, address, port) => `server:
  ip-address: ${address}@${port}
  server-count: 1
  zonesdir: "${at}"
  database: ""
  username: ""
  pidfile: ""
  zonelistfile: "${at}/zone.list"
  xfrdfile: "${at}/xfrd.state"
  xfrdir: "${at}"
  xfrd-reload-timeout: 0
  verbosity: 2
remote-control:
  control-enable: no
`,
  bind: (at, address, port) => `options {
  directory "${at}"; pid-file none; session-keyfile none; recursion no; dnssec-validation no; notify no;
  listen-on port ${port} { ${address}; }; listen-on-v6 { none; }; allow-transfer { any; };
};
controls { };
`,
};

const checks: Record<Exclude<SecondaryPeer, 'powerdns'>, (file: string) => string[]> = {
  knot: (file) => ['knotc', '-c', file, 'conf-check'],
  nsd: (file) => ['nsd-checkconf', file],
  bind: (file) => ['named-checkconf', file],
};

const programs: Record<SecondaryPeer, (file: string) => string[]> = {
  knot: (file) => ['knotd', '-c', file],
  nsd: (file) => ['nsd', '-d', '-c', file],
  bind: (file) => ['named', '-g', '-n', '1', '-c', file],
  powerdns: (file) => ['pdns_server', `--config-dir=${file}`],
};

/** What the box prints, with the secret, and the port of the test in the place of 53. */
export async function printedConfiguration({ box, server, name, secret }: SecondaryOptions): Promise<string> {
  const path = `/secondaries/${name}/configuration?server=${server}`;
  const { configuration } = (await box.api('GET', path)).body as { configuration: string };
  const port = String(box.dns.port);
  return configuration
    .replaceAll('PUT-THE-SECRET-HERE', secret)
    .replaceAll('@53', `@${port}`)
    .replaceAll('127.0.0.1:53', `127.0.0.1:${port}`)
    .replaceAll('port 53', `port ${port}`);
}

/** Sets the server up as it is printed, has its own checker look at it, and starts it. */
export async function startSecondary(options: SecondaryOptions): Promise<RunningSecondary> {
  const { server, folder, address, port } = options;
  const at = join(folder, server);
  mkdirSync(at, { recursive: true });
  const file = server === 'powerdns' ? at : join(at, 'config');
  const printed = await printedConfiguration(options);
  if (server === 'powerdns') setUpPowerDns(at, address, port, printed);
  else {
    writeFileSync(file, merged(server, frames[server](at, address, port), readable(options, at, printed)));
    const [checker, ...flags] = checks[server](file);
    execFileSync(checker!, flags, { stdio: 'pipe' });
  }
  const [program, ...args] = programs[server](file);
  const child = spawn(program!, args, { cwd: at, stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data) => (output += String(data)));
  return { server, address, port, at, output: () => output, pid: child.pid!, stop: () => stop(child) };
}

/** The one options block of BIND gets what is printed for it. */
function merged(server: SecondaryPeer, frame: string, printed: string): string {
  const options = /^options \{\n([^]*?)^\};\n/m.exec(printed);
  if (server !== 'bind' || !options) return `${frame}\n${printed}`;
  return `${frame.replace('options {', `options {\n${options[1]}`)}\n${printed.replace(options[0], '')}`;
}

/** Lets the test transfer zones from the server, which has its zones in the folder of the test. */
function readable({ server, verifyDigests }: SecondaryOptions, at: string, printed: string): string {
  switch (server) {
    case 'knot': {
      // A template of its own takes nothing from the default one, and the folder of the package would be one for all that are tested at once.
      const more = `    storage: "${at}"\n${verifyDigests ? '    zonemd-verify: on\n' : ''}`;
      return printed
        .replace('template:\n  - id: signpost\n', (template) => template + more)
        .replace('acl:\n', 'acl:\n  - id: test\n    address: 127.0.0.1\n    action: transfer\n\n')
        .replaceAll('acl: signpost-notify', 'acl: [ signpost-notify, test ]');
    }
    case 'nsd':
      return printed.replace('  zonefile:', '  provide-xfr: 127.0.0.1 NOKEY\n  zonefile:');
    default:
      return printed;
  }
}

function setUpPowerDns(at: string, address: string, port: number, commands: string): void {
  writeFileSync(
    join(at, 'pdns.conf'),
    `launch=lmdb
lmdb-filename=${at}/zones.lmdb
lmdb-shards=1
secondary=yes
local-address=${address}
query-local-address=${address}
local-port=${port}
socket-dir=${at}
setuid=
setgid=
xfr-cycle-interval=1
zone-cache-refresh-interval=1
query-cache-ttl=0
cache-ttl=0
negquery-cache-ttl=0
consistent-backends=no
loglevel=6
allow-axfr-ips=127.0.0.0/8
`,
  );
  const script = commands.replaceAll(/^pdnsutil/gm, `pdnsutil --config-dir='${at}'`);
  execFileSync('sh', ['-e', '-c', script], { stdio: 'pipe' });
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null) return;
  const ended = once(child, 'exit');
  child.kill('SIGTERM');
  await ended;
}
