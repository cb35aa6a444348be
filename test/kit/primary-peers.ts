import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ask } from './ask.ts';
import { freePort } from './free-port.ts';
import { until } from './until.ts';

/** Other nameservers as primaries of zones that the box follows: they take dynamic updates, and tell it by NOTIFY. */
export interface RunningPrimary {
  address: string;
  port: number;
  output: () => string;
  /** Adds and removes records, as nsupdate writes them: the server makes a new version, and tells. */
  update(zone: string, lines: readonly string[]): void;
  serial(zone: string): Promise<number | undefined>;
  stop(): Promise<void>;
  /** Goes on with what it had. */
  start(): Promise<void>;
}

export interface PrimaryOptions {
  folder: string;
  /** Text by zone. */
  zones: Record<string, string>;
  /** Where NOTIFY goes. */
  follower: { address: string; port: number };
  /** Signs transfers and NOTIFY. */
  key?: { name: string; secret: string };
  /** Knot signs them so. */
  signed?: 'nsec' | 'nsec3';
  /** Knot puts digests into them. */
  zonemd?: boolean;
  port?: number;
  /** Transfers over TLS alone: files with certificate and key, and the port. */
  tls?: { certificate: string; key: string; port: number };
  /** In place of the installed program. */
  program?: string[];
}

export const startKnotPrimary = (options: PrimaryOptions): Promise<RunningPrimary> =>
  startPrimary(options, (at, port) => ({
    config: knotConfiguration(options, at, port),
    command: [...(options.program ?? ['knotd']), '-c', join(at, 'config')],
  }));

export const startBindPrimary = (options: PrimaryOptions): Promise<RunningPrimary> =>
  startPrimary(options, (at, port) => ({
    config: bindConfiguration(options, at, port),
    command: ['named', '-g', '-n', '1', '-c', join(at, 'config')],
  }));

const address = '127.0.0.1';

async function startPrimary(
  options: PrimaryOptions,
  setUp: (at: string, port: number) => { config: string; command: string[] },
): Promise<RunningPrimary> {
  const port = options.port ?? (await freePort());
  const at = options.folder;
  mkdirSync(at, { recursive: true });
  for (const [zone, text] of Object.entries(options.zones)) writeFileSync(join(at, `${zone}.zone`), text);
  const { config, command } = setUp(at, port);
  writeFileSync(join(at, 'config'), config);
  let child: ChildProcess | undefined;
  let output = '';
  const serial = async (zone: string): Promise<number | undefined> => {
    const answer = (await ask({ address, port }, zone, 'SOA', 500))?.answers[0];
    return answer && Buffer.from(answer.rdata).readUInt32BE(answer.rdata.length - 20);
  };
  const primary: RunningPrimary = {
    ...{ address, port, serial },
    output: () => output,
    update(zone, lines) {
      const script = [`server ${address} ${port}`, `zone ${zone}`, ...lines, 'send', ''].join('\n');
      execFileSync('nsupdate', [], { input: script, stdio: 'pipe' });
    },
    async stop() {
      const ending = child;
      child = undefined;
      if (ending?.exitCode !== null) return;
      const ended = once(ending, 'exit');
      ending.kill('SIGTERM');
      await ended;
    },
    async start() {
      const [program, ...args] = command;
      child = spawn(program!, args, { cwd: at, stdio: ['ignore', 'pipe', 'pipe'] });
      for (const stream of [child.stdout!, child.stderr!])
        stream.on('data', (data) => (output += String(data)));
      const zone = Object.keys(options.zones)[0]!;
      await until(
        60,
        () => serial(zone),
        () => Promise.resolve(output),
      );
    },
  };
  await primary.start();
  return primary;
}

function knotConfiguration(options: PrimaryOptions, at: string, port: number): string {
  const { zones, follower, key, signed, zonemd, tls } = options;
  const withKey = key ? '    key: xfr\n' : '';
  const policy =
    signed === 'nsec3'
      ? 'policy:\n  - id: signing\n    algorithm: ecdsap256sha256\n    nsec3: on\n    nsec3-iterations: 0\n'
      : 'policy:\n  - id: signing\n    algorithm: ecdsap256sha256\n';
  return `server:
    rundir: "${at}"
    listen: ${address}@${port}
    background-workers: 1
${tls ? `    listen-tls: ${address}@${tls.port}\n    cert-file: "${tls.certificate}"\n    key-file: "${tls.key}"\n` : ''}database:
    storage: "${at}"
log:
  - target: stdout
    any: info
${key ? `key:\n  - id: xfr\n    algorithm: hmac-sha256\n    secret: ${key.secret}\n`.replaceAll('id: xfr', `id: ${key.name}`) : ''}remote:
  - id: follower
    address: ${follower.address}@${follower.port}
${withKey.replace('xfr', key?.name ?? '')}acl:
  - id: transfer
    address: 127.0.0.0/8
${withKey.replace('xfr', key?.name ?? '')}    action: transfer
  - id: update
    address: 127.0.0.0/8
    action: update
${signed ? policy : ''}zone:
${Object.keys(zones)
  .map(
    (zone) => `  - domain: "${zone}"
    storage: "${at}"
    file: "${zone}.zone"
    zonefile-load: whole
    zonefile-sync: 0
    journal-content: changes
    notify: follower
    acl: [ transfer, update ]
${signed ? '    dnssec-signing: on\n    dnssec-policy: signing\n' : ''}${zonemd ? '    zonemd-generate: zonemd-sha384\n' : ''}`,
  )
  .join('')}`;
}

function bindConfiguration({ zones, follower, key, tls }: PrimaryOptions, at: string, port: number): string {
  const toTls = tls ? 'transport tls ' : '';
  return `${tls ? `tls here { cert-file "${tls.certificate}"; key-file "${tls.key}"; };\n` : ''}options {
  directory "${at}"; pid-file none; session-keyfile none; recursion no; dnssec-validation no; notify explicit; minimal-responses yes;
  notify-delay 0; listen-on port ${port} { ${address}; }; listen-on-v6 { none; };
${tls ? `  listen-on port ${tls.port} tls here { ${address}; };\n` : ''}};
controls { };
${key ? `key "${key.name}" { algorithm hmac-sha256; secret "${key.secret}"; };\n` : ''}${Object.keys(zones)
    .map(
      (zone) => `zone "${zone}" {
  type primary; file "${zone}.zone"; allow-update { 127.0.0.1; };
  allow-transfer ${toTls}{ ${key ? `key "${key.name}"` : '127.0.0.0/8'}; };
  also-notify { ${follower.address} port ${follower.port}${key ? ` key "${key.name}"` : ''}; };
};
`,
    )
    .join('')}`;
}
